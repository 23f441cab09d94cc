"""M01: the same message, by whatever doors and however many times it comes, is one request and one acknowledgement.

Each copy has its own trace headers, as each server on its way writes them.
"""

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO, TextIOWrapper
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from bandeja.models import Entrega
from buzones import services
from buzones.estados import EstadoLlegada, Origen
from buzones.models import Casilla
from buzones.services.procesar import procesar_pendientes
from solicitudes.models import Solicitud
from tests.buzones.apoyos import casilla, conectada, correos, escrito, llegadas
from tests.buzones.test_entrante import CLAVE, FIRMA, mailgun
from tests.buzones.test_procesar import nueva
from tests.fabricas import escribiendo
from tests.soporte.elenco import Elenco
from tests.soporte.imap_guionado import Guion, ImapGuionado

pytestmark = pytest.mark.django_db


@pytest.fixture
def suya(elenco: Elenco, settings: Any) -> Iterator[tuple[Casilla, ImapGuionado]]:
    settings.ANYMAIL = {"WEBHOOK_SECRET": CLAVE, "MAILGUN_WEBHOOK_SIGNING_KEY": FIRMA}
    settings.PROVEEDOR_DE_ENTRADA = "mailgun"
    with ImapGuionado() as servidor, conectada(servidor.conexion()):
        yield casilla(elenco, conexion="prueba", desde_en=timezone.now() - timedelta(days=1)), servidor


def sin(crudo: bytes, encabezado: bytes) -> bytes:
    return b"\r\n".join(linea for linea in crudo.split(b"\r\n") if not linea.startswith(encabezado))


def copia(crudo: bytes, n: int) -> bytes:
    """As another server delivered it."""
    huella = (
        f"Return-Path: <x{n}@entidad.example>\r\nReceived: from a{n} by b{n}; Tue, 24 Nov 2026 10:0{n}:00 -0500\r\n"
    )
    return huella.encode() + crudo


def por_el_tubo(crudo: bytes, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    salida = StringIO()
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(crudo)))
    call_command("ingerir_correo", "-", "--para", "mipg@prueba.example", "--json", stdout=salida)
    return [json.loads(linea) for linea in salida.getvalue().splitlines()]


@pytest.mark.parametrize("con_id", [True, False], ids=["con Message-ID", "sin Message-ID"])
def test_by_every_door_it_is_one(
    suya: tuple[Casilla, ImapGuionado], elenco: Elenco, monkeypatch: pytest.MonkeyPatch, con_id: bool
) -> None:
    casilla_, servidor = suya
    crudo = escrito(adjuntos=[("datos.csv", b"a,b\n1,2\n")])
    crudo = crudo if con_id else sin(crudo, b"Message-ID")
    servidor.guion = Guion(capacidades="IMAP4rev1")  # it can't move: after its folder is renumbered it is there again
    servidor.poner(copia(crudo, 1))
    servidor.poner(copia(crudo, 2))
    assert services.leer_casilla(casilla_.pk, quien="prueba").nuevas == 2
    assert procesar_pendientes(dictar=nueva(elenco)) == 2
    servidor.guion.validez = 8
    assert services.leer_casilla(casilla_.pk, quien="prueba").nuevas == 2
    assert mailgun(copia(crudo, 3)).status_code == 200
    assert mailgun(copia(crudo, 3)).status_code == 200  # the provider did not hear the first answer
    procesar_pendientes(dictar=nueva(elenco))
    [dicho] = por_el_tubo(copia(crudo, 4), monkeypatch)
    [correo] = correos()
    assert dicho["repetido"] and dicho["id"] == correo.pk and dicho["radicado"] == correo.solicitud.radicado
    estados = [una.estado for una in llegadas()]
    assert estados.count(EstadoLlegada.PROCESADA) == 1 and estados.count(EstadoLlegada.REPETIDA) == 6
    assert {una.origen for una in llegadas()} == {Origen.IMAP, Origen.WEBHOOK, Origen.TUBO}
    assert {una.correo_id for una in llegadas()} == {correo.pk}
    with escribiendo():
        assert Solicitud.objects.count() == 1
        assert Entrega.objects.filter(tipo="solicitudes.acuse").count() == 1
