"""«plazo.csv»: every clock of every parte, day by day, late by the same rule as the register and up to the copy."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from alcance.ordenes import en_json
from bandeja.services import entregar
from expedientes.services.dia_por_dia import COLUMNAS, dia_por_dia
from solicitudes.models import Parte, Solicitud
from solicitudes.services import radicacion
from solicitudes.services.entidad import retirar
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import hacer, instante, parte_de, releer, sistema
from tests.solicitudes.test_atencion import criterio, programar, realizar, tomada
from tests.solicitudes.test_relojes import acuerdo
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
LUNES = instante("2026-11-09")
LINEAMIENTO = "Lineamiento: 10 días hábiles"
Tablas = dict[tuple[str, str], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def viajar() -> Iterator[Any]:
    with time_machine.travel(LUNES, tick=False) as viajero:
        yield viajero


def tablas(solicitud: Solicitud) -> Tablas:
    """Of a copy made now: the rows of each parte and clock, in the order in which they come."""
    juntas: Tablas = {}
    with sistema():
        for fila in dia_por_dia(solicitud, timezone.localdate()):
            una = dict(zip(COLUMNAS, fila, strict=True))
            juntas.setdefault((una["dependencia"], una["reloj"]), []).append(una)
    return juntas


def mora(filas: list[dict[str, Any]]) -> list[str]:
    return [fila["fecha"] for fila in filas if fila["explicacion"].startswith("vencida")]


def como_acaba(filas: list[dict[str, Any]]) -> tuple[str, str]:
    return filas[-1]["fecha"], filas[-1]["explicacion"]


def test_a_parte_is_not_late_because_of_another(elenco: Elenco, viajar: Any) -> None:
    """The one that leads answers within its ANS of five days; the other, on the ninth day of its ten."""
    acuerdo(elenco.sistema_archivos)
    solicitud = radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])
    lider, otra = (parte_de(solicitud, d) for d in (elenco.sistema_archivos, elenco.tecnica))
    viajar.move_to(instante("2026-11-12"))
    hacer(elenco.asesora, hacer(elenco.asesora, lider, "tomar"), "responder", texto="La respuesta")
    viajar.move_to(instante("2026-11-23"))
    hacer(elenco.asesor_tecnica, hacer(elenco.asesor_tecnica, otra, "empezar"), "responder", texto="La otra")

    todas = tablas(solicitud)
    archivos, tecnica = elenco.sistema_archivos.nombre, elenco.tecnica.nombre
    assert [*todas] == [(archivos, "Responder"), (archivos, LINEAMIENTO), (tecnica, LINEAMIENTO)]
    assert [filas[0]["obliga"] for filas in todas.values()] == ["sí", "no", "sí"]
    assert [mora(filas) for filas in todas.values()] == [[], [], []]
    assert [[fila["numero"] for fila in filas if fila["cuenta"] == "sí"][-1] for filas in todas.values()] == [
        5,
        10,
        10,
    ]
    assert [como_acaba(filas) for filas in todas.values()] == [
        ("2026-11-12", "Entregada a tiempo"),
        ("2026-11-12", "Se cumplió a tiempo"),
        ("2026-11-23", "Entregada a tiempo"),
    ]


@pytest.mark.parametrize(
    ("cual", "dice", "tarde"),
    [
        ("realizada", ("2026-11-20", "Atendida a tiempo"), []),
        ("entregada", ("2026-11-26", "Entregada 2 días hábiles tarde"), ["2026-11-25", "2026-11-26"]),
    ],
)
def test_what_counts_as_attended_counts_here_too(
    elenco: Elenco, viajar: Any, cual: str, dice: Any, tarde: Any
) -> None:
    """Held on the 20th, delivered on the 26th; the last day was the 24th."""
    criterio(elenco.archivo, cual)
    solicitud, parte = tomada(elenco)
    sesion = programar(elenco, parte, instante("2026-11-20"))
    viajar.move_to(instante("2026-11-20", "12:00"))
    realizar(elenco, sesion, instante("2026-11-20"))
    viajar.move_to(instante("2026-11-26"))
    cerrada = hacer(elenco.asesora, parte_de(solicitud), "responder", texto="La respuesta")

    [filas] = tablas(solicitud).values()
    assert (como_acaba(filas), mora(filas)) == (dice, tarde)
    assert cerrada.a_tiempo is not bool(tarde)


def test_what_is_open_is_late_up_to_the_copy(elenco: Elenco, viajar: Any) -> None:
    solicitud, parte = tomada(elenco)
    viajar.move_to(instante("2026-11-29"))

    [filas] = tablas(solicitud).values()
    assert mora(filas) == [f"2026-11-{dia}" for dia in range(25, 30)]
    assert [fila["explicacion"] for fila in filas][-4:] == [
        "vencida: día hábil 3 después del plazo",
        "vencida: día no hábil",
        "vencida: día no hábil",
        "Vencida hace 3 días hábiles",
    ]
    with sistema():
        assert Parte.objects.filter(pk=parte.pk).por_cumplimiento("vencida").exists()
    with actuar(elenco.enlace):
        retirar(solicitud=solicitud, motivo="Ya no hace falta")
    viajar.move_to(instante("2026-12-30"))
    [filas] = tablas(solicitud).values()
    assert como_acaba(filas) == ("2026-11-29", "Retirada: sin plazo pendiente") and len(mora(filas)) == 5


def test_the_legal_term_is_told_with_its_extension(elenco: Elenco, viajar: Any) -> None:
    solicitud, parte = tomada(elenco)
    hacer(elenco.asesora, parte, "clasificar_peticion", peticion="documentos")
    hacer(elenco.subdirector, parte_de(solicitud), "prorrogar", dias=5)
    entregar()
    viajar.move_to(instante("2026-11-25"))

    [(_, obliga), (_, legal)] = todas = [*tablas(solicitud).items()]
    assert todas[1][0][1] == "Término legal: petición de documentos o de información"
    assert [fila["numero"] for fila in legal if fila["cuenta"] == "sí"] == [*range(1, 16)]
    assert (mora(obliga), mora(legal)) == (["2026-11-25"], [])
    assert legal[0]["obliga"] == "no" and como_acaba(legal)[1].startswith("Vence en")


def test_a_milestone_ends_where_it_was_promised(elenco: Elenco, viajar: Any) -> None:
    """Whoever it was transferred to fulfils nothing of what the one before promised, nor is late of it."""
    acuerdo(elenco.sistema_archivos, etapa="Asignar", dias=2, fin="asignada")
    acuerdo(elenco.sistema_archivos, etapa="Acta", dias=3, inicio="realizada", fin="acta")
    acuerdo(elenco.tecnica, etapa="Responder aquí", dias=1)
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    viajar.move_to(instante("2026-11-10"))
    hacer(
        elenco.subdirector, parte_de(solicitud), "trasladar", dependencia=elenco.tecnica, tema=elenco.tema_integridad
    )
    viajar.move_to(instante("2026-11-18"))

    suyas = {reloj: filas for (_, reloj), filas in tablas(solicitud).items()}
    assert como_acaba(suyas["Asignar"]) == ("2026-11-10", "Dejó de contarse con el traslado a otra dependencia")
    assert mora(suyas["Asignar"]) == []
    assert [fila["explicacion"] for fila in suyas["Acta"]] == ["Todavía no empieza"]
    aqui = suyas["Responder aquí"]
    assert mora(aqui)[0] == "2026-11-12" and como_acaba(aqui) == ("2026-11-18", "Vencida hace 4 días hábiles")


def test_the_wait_for_the_entity_is_of_its_parte(elenco: Elenco, viajar: Any) -> None:
    solicitud = radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])
    lider = hacer(elenco.asesora, parte_de(solicitud, elenco.sistema_archivos), "tomar")
    hacer(elenco.asesora, lider, "pedir_complemento", texto="¿Cuál es el acta?", hasta=date(2026, 11, 13))
    viajar.move_to(instante("2026-11-11"))

    suya, ajena = tablas(solicitud).values()
    assert {fila["esperaba_a_la_entidad"] for fila in suya} == {"sí"}
    assert {fila["esperaba_a_la_entidad"] for fila in ajena} == {"no"}


def test_what_came_from_before_the_clocks_has_its_ten_days(elenco: Elenco, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(radicacion, "en_json", lambda hoja: en_json(hoja | {"terminos": []}))
    solicitud, parte = tomada(elenco)
    with sistema():
        Solicitud.objects.filter(pk=solicitud.pk).update(regla_plazo={})
    [((_, reloj), filas)] = tablas(releer(solicitud)).items()
    assert (reloj, filas[0]["obliga"]) == (LINEAMIENTO, "sí")
    assert [fila["fecha"] for fila in filas if fila["numero"] == 10] == [parte.vence.isoformat()]
    assert como_acaba(filas) == ("2026-11-09", "Vence en 10 días hábiles")
