"""`ingerir_correo`: the contract for checks, and what a mail server does with what no mailbox brings."""

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils import timezone

from buzones.estados import EstadoLlegada, Origen
from buzones.services import ingerir, procesar
from buzones.services.ingerir import guardar_archivo
from solicitudes.models import Solicitud
from tests.buzones import mundo_criterio as m
from tests.buzones.apoyos import casilla, correos, escrito, llegadas
from tests.solicitudes.apoyos import sistema
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
CLAVES = [
    "id", "archivo", "numero", "clase", "propuesta", "estado", "radicado", "direcciones", "dependencias", "entidad",
    "adjuntos", "advertencias", "confianza", "razones", "repetido",
]  # fmt: skip


def correr(*argumentos: str) -> tuple[list[dict[str, Any]], int, str]:
    """What it prints, how it ends and what it complains of."""
    salida, error, codigo = io.StringIO(), io.StringIO(), 0
    try:
        call_command("ingerir_correo", *argumentos, "--json", stdout=salida, stderr=error)
    except SystemExit as fin:
        codigo = int(str(fin.code))
    return [json.loads(linea) for linea in salida.getvalue().splitlines()], codigo, error.getvalue()


def en_disco(carpeta: Path, *crudos: bytes) -> Sequence[str]:
    rutas = [carpeta / f"{n}.eml" for n in range(len(crudos))]
    for ruta, crudo in zip(rutas, crudos, strict=True):
        ruta.write_bytes(crudo)
    return [str(ruta) for ruta in rutas]


def test_the_line_of_the_contract() -> None:
    """Id, class, radicado or null, direcciones, entity, attachments and warnings; twice the same is the same one."""
    m.crear()
    archivos = [str(next(m.EJEMPLOS.glob(f"{numero}_*.eml"))) for numero in ("01", "06", "12")]
    lineas, codigo, error = correr(*archivos)
    assert (codigo, error) == (0, "") and all(list(linea) == CLAVES for linea in lineas)
    concepto, ciudadana, comision = lineas
    with sistema():
        radicados = set(Solicitud.objects.values_list("radicado", flat=True))
    assert concepto["clase"] == "nueva_solicitud" and concepto["radicado"] in radicados
    assert concepto["archivo"].startswith("01_") and concepto["entidad"]["codigo"] == "07-04"
    assert concepto["direcciones"] == ["DDAB"] and concepto["dependencias"][0]["codigo"] == "SSDA"
    assert [(uno["nombre"], uno["tipo"], uno["estado"]) for uno in concepto["adjuntos"]] == [
        ("Acta de eliminación – Subsección Nómina 2019.pdf", "application/pdf", "archivado"),
        (
            "Justificación técnica según TVD (versión ñ).docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "archivado",
        ),
    ]
    assert all(uno["bytes"] > 0 for uno in concepto["adjuntos"])
    assert any("La hora de recepción es la que dice el mensaje" in una for una in concepto["advertencias"])
    assert (ciudadana["clase"], ciudadana["propuesta"], ciudadana["radicado"]) == (
        "por_clasificar", "peticion_ciudadana", None,
    )  # fmt: skip
    assert [uno["nombre"] for uno in comision["adjuntos"]] == ["초청장 – Invitación oficial.pdf"]

    otra_vez, codigo, _ = correr(*archivos[::-1])
    assert codigo == 0
    assert [(uno["id"], uno["radicado"]) for uno in otra_vez[::-1]] == [(u["id"], u["radicado"]) for u in lineas]
    assert all(uno["repetido"] for uno in otra_vez) and not any(uno["repetido"] for uno in lineas)


def test_a_file_that_cannot_be_read_stops_no_other(elenco: Elenco, tmp_path: Path) -> None:
    bueno, otro = en_disco(tmp_path, escrito("uno"), escrito("dos"))
    lineas, codigo, error = correr(bueno, str(tmp_path / "no-esta.eml"), str(tmp_path), otro)
    assert [linea["archivo"] for linea in lineas] == ["0.eml", "1.eml"] and codigo == 2
    assert "no-esta.eml: no se puede leer: no existe." in error
    assert f"{tmp_path}: no se puede leer: es una carpeta." in error


def test_a_folder_saved_in_one_file_is_each_of_its_messages(elenco: Elenco, tmp_path: Path) -> None:
    """An mbox, with the «From » that its writer put a mark before."""
    texto = "Hola\n\nFrom ahora no es otro.\n\n>From tampoco 2026\n"
    uno, dos = escrito("uno", texto, identificador="<1@x>"), escrito("dos", identificador="<2@x>")
    marca = b"From ana@x.example Tue Nov 24 15:00:00 2026\n"
    [ruta] = en_disco(tmp_path, b"".join(marca + una.replace(b"\r\n", b"\n") + b"\n" for una in (uno, dos)))
    lineas, codigo, _ = correr(ruta)
    assert codigo == 0 and [linea["archivo"] for linea in lineas] == ["0.eml", "0.eml"]
    assert sorted(uno.mensaje_id for uno in correos()) == ["<1@x>", "<2@x>"]
    assert [una["repetido"] for una in correr(*en_disco(tmp_path, dos))[0]] == [True]


def test_bytes_of_any_kind_end_well(elenco: Elenco, tmp_path: Path) -> None:
    """M08: exit 0 whatever the message."""
    lineas, codigo, _ = correr(*en_disco(tmp_path, b"", b"\0\xff" * 5000, b"From: <\r\n\r\n", m.ejemplo("07")))
    assert codigo == 0 and [linea["clase"] for linea in lineas] == ["por_clasificar"] * 4
    assert lineas[3]["adjuntos"][0]["estado"] == "ilegible" and len(lineas[3]["advertencias"]) >= 4


def test_the_mailbox_is_said_or_is_that_of_the_address(elenco: Elenco, tmp_path: Path) -> None:
    casilla(elenco, "mipg")
    casilla(elenco, "compartida", es_compartida=True, carpeta="SDFI")
    otra = casilla(elenco, "archivo", dependencia=elenco.archivo)
    rutas = en_disco(
        tmp_path,
        escrito("uno", para="Compartida <compartida@prueba.example>, MIPG@prueba.example"),
        escrito("dos", para="nadie@prueba.example"),
        escrito("tres", para="lista@x.example", Delivered_To="archivo@prueba.example"),
    )
    correr(*rutas)
    assert [una.casilla and una.casilla.nombre for una in llegadas()] == ["mipg", None, "archivo"]
    correr(rutas[1], "--buzon", "archivo")
    correr(*en_disco(tmp_path, escrito("cuatro", para="lista@x.example")), "--para", "archivo@prueba.example")
    segunda, cuarta = llegadas()[-2:]
    assert segunda.casilla == cuarta.casilla == otra and cuarta.sobre_para == "archivo@prueba.example"
    correr(*en_disco(tmp_path, escrito("cinco", para="lista@x.example")), "--buzon", "Archivo@prueba.example")
    assert llegadas()[-1].casilla == otra
    with pytest.raises(CommandError, match="Las que hay: archivo, compartida, mipg"):
        call_command("ingerir_correo", rutas[0], "--buzon", "otro")


def test_when_it_came_is_what_a_server_says(elenco: Elenco) -> None:
    """K9: the last server that had it; what the message says of itself only when no server says anything."""
    sellos = {
        "Received": "from b by mx; Tue, 24 Nov 2026 15:00:00 -0500",
        "X-Otro": "nada",
    }
    con_sello = b"Received: from a by b; Tue, 24 Nov 2026 14:59:00 -0500\r\n" + escrito()
    con_dos = f"Received: {sellos['Received']}\r\n".encode() + con_sello
    assert guardar_archivo(con_dos).recibida_en == datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    assert guardar_archivo(escrito()).recibida_en == datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    en = timezone.now()
    futuro = escrito().replace(b"24 Nov 2026", b"24 Nov 2036")
    for crudo, origen in ((futuro, Origen.COMANDO), (escrito(), Origen.TUBO), (b"hola", Origen.COMANDO)):
        assert abs(guardar_archivo(crudo, origen=origen).recibida_en - en) < timedelta(minutes=1)


def test_by_a_pipe_as_the_mail_server_does(elenco: Elenco, monkeypatch: pytest.MonkeyPatch) -> None:
    class Entrada:
        buffer = io.BytesIO(escrito())

    monkeypatch.setattr("sys.stdin", Entrada)
    [linea], codigo, _ = correr("-", "--para", "mipg@prueba.example")
    assert (linea["archivo"], codigo) == ("-", 0)
    [llegada] = llegadas()
    assert (llegada.origen, llegada.sobre_para) == (Origen.TUBO, "mipg@prueba.example")


def test_the_server_hands_it_over_again_when_the_base_is_down(
    elenco: Elenco, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def caida(*_: Any, **__: Any) -> None:
        raise DatabaseError("no responde")

    [ruta] = en_disco(tmp_path, escrito())
    with monkeypatch.context() as cambio:
        cambio.setattr("buzones.management.commands.ingerir_correo.guardar_archivo", caida)
        assert correr(ruta)[1] == 75
    # Kept, and somebody else is working on what came before.
    monkeypatch.setattr(ingerir, "ESPERA", 0.0)
    monkeypatch.setattr(ingerir, "procesar_pendientes", lambda: 0)
    assert correr(ruta)[1] == 75
    [llegada] = llegadas()
    assert llegada.estado == EstadoLlegada.GUARDADA
    assert procesar.procesar_pendientes() == 1 and len(correos()) == 1


def test_in_words(elenco: Elenco, tmp_path: Path) -> None:
    salida = io.StringIO()
    call_command("ingerir_correo", *en_disco(tmp_path, escrito()), stdout=salida)
    [correo] = correos()
    assert salida.getvalue().startswith(f"0.eml · {correo.numero} · Por clasificar")
