"""Every place that tells somebody something names an event that its room declares, with an example of its carta."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from avisos.carta import Carta
from avisos.eventos import Clase, Evento, eventos

RAIZ = Path(__file__).resolve().parents[2]
FUERA = {"tests", "demo", "rendimiento", "sdfi_portal", "documentos"}
# What puts a notice or a mail on its way; the last ones are of the rooms and pass the event on.
AVISAN = {
    "avisar",
    "enviar_correo",
    "despachar",
    "avisar_a_la_entidad",
    "avisar_al_personal",
    "_al_personal",
    "_a_la_entidad",
    "_al_terminar",
    "decir_que_no_llego",
    "avisar_a",
}
# Where the event comes from a table or from whoever calls: their values are looked at below.
PASAN = {
    "avisos/services/avisar.py": "evento",
    "avisos/services/ciclos.py": "fila.evento",
    "avisos/entregas.py": "entrega.carga.get('evento', '')",
    "solicitudes/destinatarios.py": "evento",
    "solicitudes/entregas_atencion.py": "evento",
    "conceptos/entregas.py": "evento",
    "buzones/services/alertas.py": "evento",
    "buzones/entregas/equipo.py": "evento",
    "buzones/entregas/respuestas.py": "evento",
}
EVENTOS = {uno.clave: uno for uno in eventos()}


def llamadas() -> Iterator[tuple[str, ast.Call]]:
    for ruta in sorted(RAIZ.rglob("*.py")):
        relativa = ruta.relative_to(RAIZ)
        if relativa.parts[0] in FUERA or relativa.parts[0].startswith(".") or "migrations" in relativa.parts:
            continue
        for nodo in ast.walk(ast.parse(ruta.read_text(encoding="utf-8"))):
            if isinstance(nodo, ast.Call) and isinstance(nodo.func, ast.Name) and nodo.func.id in AVISAN:
                yield str(relativa), nodo


def test_every_call_names_its_event() -> None:
    vistas, mal = 0, []
    for archivo, nodo in llamadas():
        dichos = [k.value for k in nodo.keywords if k.arg == "evento"] or nodo.args[3:]
        donde, vistas = f"{archivo}:{nodo.lineno}", vistas + 1
        if not dichos:
            mal.append(f"{donde} no dice de qué evento es")
        elif isinstance(dichos[0], ast.Constant):
            if dichos[0].value not in EVENTOS:
                mal.append(f"{donde} dice «{dichos[0].value}», que nadie declara")
        elif ast.unparse(dichos[0]) not in {PASAN.get(archivo)}:
            mal.append(f"{donde} lo calcula: {ast.unparse(dichos[0])}")
    assert mal == []
    assert vistas > 40


def test_the_tables_of_the_rooms_name_declared_events() -> None:
    from buzones.entregas.equipo import _QUE_SE_DICE  # noqa: PLC0415
    from buzones.respuestas import EVENTOS as DE_RESPUESTA  # noqa: PLC0415
    from conceptos.entregas import A_QUIEN  # noqa: PLC0415

    assert {fila[1] for fila in A_QUIEN.values()} <= set(EVENTOS)
    assert {*_QUE_SE_DICE, *DE_RESPUESTA.values()} <= set(EVENTOS)


def test_what_the_law_orders_is_legal_and_nothing_else() -> None:
    """CPACA and Ley 1755: what is received, asked, answered, sent elsewhere, extended, or no longer counts."""
    legales = {clave for clave, uno in EVENTOS.items() if uno.clase is Clase.LEGAL}
    assert legales == {
        "solicitudes.acuse",
        "solicitudes.pedida",
        "solicitudes.respondida",
        "solicitudes.no_competencia",
        "solicitudes.trasladada_fuera",
        "solicitudes.duplicada",
        "solicitudes.prorroga",
        "buzones.traslado",
        "buzones.trasladada",
        "conceptos.entrega",
        "conceptos.ya_no_vale",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("uno", EVENTOS.values(), ids=lambda uno: uno.clave)
def test_each_has_an_example_that_can_be_sent(uno: Evento) -> None:
    carta = uno.muestra()
    assert isinstance(carta, Carta)
    assert carta.asunto
    assert carta.que_paso
    assert "None" not in "".join(map(str, carta.como_json().values()))
    assert bool(carta.boton) == bool(carta.ruta)
    assert uno.clave.partition(".")[0] in {ruta.name for ruta in RAIZ.iterdir()}
    assert len(uno.grupo) <= 40
    assert len(uno.clave) <= 60
