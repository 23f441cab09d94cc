"""What the mailbox holds is in the ledger, and what was not is brought (R11)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from buzones import conexion as imap
from buzones import services
from buzones.models import Casilla, EstadoCasilla
from buzones.services.leer import PRESTAMO
from tests.buzones.apoyos import casilla, conectada, llegadas
from tests.buzones.test_leer import LEIDOS, mensaje
from tests.soporte.dovecot import Dovecot
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


@pytest.fixture
def suya(elenco: Elenco, dovecot: Dovecot) -> Iterator[Casilla]:
    with conectada(dovecot.conexion()):
        yield casilla(elenco, conexion="prueba", desde_en=timezone.now() - timedelta(days=2))


def test_what_was_read_and_moved_is_in_the_ledger(suya: Casilla, dovecot: Dovecot) -> None:
    """Also two that are the same, byte by byte and in the same second, and what comes while it is compared."""
    en = datetime.now(UTC).replace(microsecond=0)
    for n in (1, 1, 2):
        dovecot.poner(mensaje(n), en=en)
    services.leer_casilla(suya.pk, quien="prueba")
    dovecot.poner(mensaje(3))
    assert suya.pk in services.por_conciliar()
    hecha = services.conciliar(suya.pk)
    assert (hecha.bien, hecha.en_servidor, hecha.en_libro, hecha.recuperados) == (True, 4, 4, 0)
    assert services.por_conciliar() == []


def test_what_somebody_moved_by_hand_is_brought_once(suya: Casilla, dovecot: Dovecot) -> None:
    """It never was in the folder that is read: without this nobody would know of it."""
    dovecot.poner(mensaje(1))
    dovecot.poner(mensaje(2), carpeta=LEIDOS)
    primera = services.conciliar(suya.pk)
    assert (primera.bien, primera.recuperados, primera.en_libro) == (False, 1, 2)
    assert services.por_conciliar() == [suya.pk]
    segunda = services.conciliar(suya.pk)
    assert segunda.pk == primera.pk
    assert (segunda.bien, segunda.recuperados, segunda.en_libro) == (True, 1, 2)
    assert len(llegadas()) == 2 and all(una.movida_en for una in llegadas())


def test_a_server_whose_clock_is_ahead_is_recognised_by_its_bytes(suya: Casilla, dovecot: Dovecot) -> None:
    """K9: the instant was brought back to that of the reading."""
    dovecot.poner(mensaje(1), en=datetime.now(UTC) + timedelta(hours=2))
    services.leer_casilla(suya.pk, quien="prueba")
    assert services.conciliar(suya.pk).bien and len(llegadas()) == 1


def test_what_the_server_does_not_give_is_named(
    suya: Casilla, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nunca(*_: Any) -> dict[int, bytes]:
        raise imap.MensajeNoEntregado("SERVERBUG")

    dovecot.poner(mensaje(1))
    dovecot.poner(mensaje(2), carpeta=LEIDOS)
    monkeypatch.setattr(imap.Buzonero, "crudos", nunca)
    hecha = services.conciliar(suya.pk)
    assert not hecha.bien and hecha.faltan == [["INBOX", 1], [LEIDOS, 1]]


def test_a_row_that_disappears_is_noticed(suya: Casilla, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: a reading that keeps nothing and says that all went well."""
    dovecot.poner(mensaje(1))
    monkeypatch.setattr("buzones.services.leer.guardar_lote", lambda *_, **__: 0)
    hecha = services.conciliar(suya.pk)
    assert not hecha.bien and hecha.faltan == [["INBOX", 1]]


def test_it_is_not_compared_while_another_reads(suya: Casilla, dovecot: Dovecot) -> None:
    EstadoCasilla.objects.create(casilla=suya, tomada_por="otro", tomada_hasta=timezone.now() + PRESTAMO)
    with pytest.raises(imap.BuzonCaido, match="Otro proceso"):
        services.conciliar(suya.pk)


def test_the_command_says_each_one_and_fails_when_one_does_not_agree(suya: Casilla, dovecot: Dovecot) -> None:
    dovecot.poner(mensaje(1))
    salida = StringIO()
    call_command("reconciliar_buzones", "--buzon", "mipg", "--json", stdout=salida)
    dicho = json.loads(salida.getvalue())
    assert (dicho["casilla"], dicho["bien"], dicho["en_libro"], dicho["faltan"]) == ("mipg", True, 1, [])
    with pytest.raises(CommandError, match=r"Las que se leen: mipg\."):
        call_command("reconciliar_buzones", "--buzon", "otra")
    dovecot.poner(mensaje(2), carpeta=LEIDOS)
    with pytest.raises(CommandError, match="No cuadran: 1"):
        call_command("reconciliar_buzones", stdout=salida)
    assert "mipg: NO cuadra. En el buzón 2, en el libro 2, recuperados hoy 1" in salida.getvalue()
