"""Mailboxes read over a real IMAP server: nothing is lost, nothing is twice, nothing is deleted (M02, M08)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from imaplib import IMAP4
from typing import Any

import pytest
from django.utils import timezone

from archivos import almacen
from buzones import conexion as imap
from buzones import services
from buzones.estados import EstadoLlegada
from buzones.models import Casilla, EstadoCasilla
from buzones.services import leer
from tests.buzones.apoyos import casilla, conectada, llegadas
from tests.soporte.dovecot import Dovecot
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
LEIDOS = "Portal leidos"
# What no reader of mail would keep as it is: bare line ends become CRLF at the server, and the rest is not touched.
ROTO = b"From: \xff\xfe<\r\nDate: ayer\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n\xf1--\r\n"


def mensaje(n: int) -> bytes:
    return f"Message-ID: <{n}@prueba.example>\r\nSubject: {n}\r\n\r\nTexto {n}\r\n".encode()


@pytest.fixture
def suya(elenco: Elenco, dovecot: Dovecot) -> Iterator[Casilla]:
    with conectada(dovecot.conexion()):
        yield casilla(elenco, conexion="prueba", desde_en=timezone.now() - timedelta(days=2))


def leer_una(suya: Casilla) -> services.Lectura:
    return services.leer_casilla(suya.pk, quien="prueba")


def test_what_arrives_is_kept_as_it_is_and_then_moved(suya: Casilla, dovecot: Dovecot) -> None:
    """R11, K9: with the instant of the server, whatever the message says of itself."""
    en = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5)
    dovecot.poner(mensaje(1), en=en + timedelta(minutes=1))
    dovecot.poner(ROTO, en=en)
    assert leer_una(suya) == services.Lectura(nuevas=2, movidas=2)
    roto, otro = llegadas()
    with almacen.abrir(roto.ruta) as archivo:
        assert archivo.read() == ROTO
    assert (roto.recibida_en, otro.recibida_en) == (en, en + timedelta(minutes=1))
    assert roto.movida_en and roto.dependencias == suya.dependencias()
    assert dovecot.hay() == [] and sorted(dovecot.hay(LEIDOS)) == sorted([mensaje(1), ROTO])
    assert leer_una(suya) == services.Lectura()


def test_who_dies_before_moving_is_finished_by_the_next(
    suya: Casilla, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M02: kept and not moved, it is moved afterwards; it is never kept again."""

    def morir(*_: Any) -> None:
        raise IMAP4.abort("se cortó")

    dovecot.poner(mensaje(1))
    with monkeypatch.context() as cambio:
        cambio.setattr(imap.Buzonero, "mover", morir)
        assert "respondió otra cosa" in leer_una(suya).falla
    assert len(llegadas()) == 1 and dovecot.hay() == [mensaje(1)]
    EstadoCasilla.objects.update(intentar_en=None)
    assert leer_una(suya) == services.Lectura(movidas=1)
    assert len(llegadas()) == 1 and dovecot.hay() == [] and dovecot.hay(LEIDOS) == [mensaje(1)]


def test_what_cannot_be_kept_is_not_moved(suya: Casilla, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk: the mailbox stays as it was and the next reading brings it."""

    def lleno(*_: Any, **__: Any) -> None:
        raise almacen.EscrituraIncompleta("se guardaron 0 de 50 bytes")

    dovecot.poner(mensaje(1))
    with monkeypatch.context() as cambio:
        cambio.setattr(almacen, "escribir", lleno)
        assert "No se pudo guardar" in leer_una(suya).falla
    assert llegadas() == [] and dovecot.hay() == [mensaje(1)]
    EstadoCasilla.objects.update(intentar_en=None)
    assert leer_una(suya).movidas == 1


def test_a_renumbered_folder_is_read_again(suya: Casilla, dovecot: Dovecot) -> None:
    """Another UIDVALIDITY: the same numbers are other messages."""
    dovecot.poner(mensaje(1))
    leer_una(suya)
    with dovecot.cliente() as cliente:
        for carpeta in ("Vieja", "Nueva"):
            assert cliente.create(carpeta)[0] == "OK"
        for de, a in (("Nueva", "Otra"), ("Otra", "Nueva")):
            assert cliente.rename(de, a)[0] == "OK"
    Casilla.objects.filter(pk=suya.pk).update(carpeta="Nueva")
    dovecot.poner(mensaje(2), carpeta="Nueva")
    assert leer_una(suya).nuevas == 1
    with dovecot.cliente() as cliente:
        assert cliente.delete("Nueva")[0] == "OK"
        assert cliente.create("Nueva")[0] == "OK"
    dovecot.poner(mensaje(3), carpeta="Nueva")
    assert leer_una(suya).nuevas == 1
    segunda, tercera = llegadas(carpeta="Nueva")
    assert segunda.uid == tercera.uid and segunda.uidvalidity != tercera.uidvalidity


def test_what_was_there_before_is_left_alone(suya: Casilla, dovecot: Dovecot) -> None:
    """K12: on the first day nobody answers what was already attended in another way."""
    Casilla.objects.filter(pk=suya.pk).update(desde_en=timezone.now() - timedelta(minutes=30))
    dovecot.poner(mensaje(1), en=datetime.now(UTC) - timedelta(minutes=31))
    dovecot.poner(mensaje(2), en=datetime.now(UTC) - timedelta(days=400))
    dovecot.poner(mensaje(3), en=datetime.now(UTC) - timedelta(minutes=29))
    assert leer_una(suya) == services.Lectura(nuevas=1, movidas=1)
    assert dovecot.hay() == [mensaje(1), mensaje(2)]


def test_what_was_there_before_takes_the_place_of_nothing(
    suya: Casilla, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K12: more of them than fit in one reading, of that very day, and what came afterwards is still read."""
    monkeypatch.setattr(leer, "POR_LECTURA", 2)
    Casilla.objects.filter(pk=suya.pk).update(desde_en=timezone.now() - timedelta(minutes=30))
    for n in range(3):
        dovecot.poner(mensaje(n), en=datetime.now(UTC) - timedelta(minutes=31))
    dovecot.poner(mensaje(9), en=datetime.now(UTC) - timedelta(minutes=1))
    assert leer_una(suya) == services.Lectura(nuevas=1, movidas=1)
    assert leer_una(suya) == services.Lectura()


def test_of_a_shared_mailbox_only_its_folder_is_read(suya: Casilla, dovecot: Dovecot) -> None:
    """R58: nothing else of ventanillaelectronica@ is opened, marked or moved."""
    Casilla.objects.filter(pk=suya.pk).update(es_compartida=True, carpeta="Fortalecimiento ñ")
    dovecot.poner(mensaje(1))
    dovecot.poner(mensaje(2), carpeta="Fortalecimiento &APE-")
    assert leer_una(suya).nuevas == 1
    assert dovecot.hay() == [mensaje(1)]
    with dovecot.cliente(carpeta="INBOX") as cliente:
        assert rb"\Seen" not in cliente.fetch("1", "(FLAGS)")[1][0]


def test_what_is_too_large_stays_in_its_folder_and_is_told(suya: Casilla, dovecot: Dovecot, settings: Any) -> None:
    settings.CORREO_MAXIMO = 2000
    dovecot.poner(mensaje(1) + b"x" * 5000)
    dovecot.poner(mensaje(2))
    assert leer_una(suya) == services.Lectura(nuevas=2, movidas=1)
    [grande] = llegadas(estado=EstadoLlegada.APARTADA)
    assert "no se trajo" in grande.falla
    with almacen.abrir(grande.ruta) as archivo:
        assert archivo.read() == mensaje(1).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert len(dovecot.hay()) == 1
    assert leer_una(suya) == services.Lectura()


def test_a_message_that_the_server_cannot_give_stops_no_other(
    suya: Casilla, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    crudos = imap.Buzonero.crudos

    def fallar(buzonero: Any, uids: Any) -> dict[int, bytes]:
        if 2 in uids:
            raise imap.MensajeNoEntregado("SERVERBUG")
        return crudos(buzonero, uids)

    for n in (1, 2, 3):
        dovecot.poner(mensaje(n))
    with monkeypatch.context() as cambio:
        cambio.setattr(imap.Buzonero, "crudos", fallar)
        lectura = leer_una(suya)
    assert (lectura.nuevas, lectura.movidas) == (2, 2) and "[2]" in lectura.falla
    assert dovecot.hay() == [mensaje(2)]
    # One message is no reason to wait for the next ones, and it is told.
    assert suya.pk in services.por_leer()
    estado = EstadoCasilla.objects.get(casilla=suya)
    assert estado.leida_en and "[2]" in estado.falla
    assert leer_una(suya) == services.Lectura(nuevas=1, movidas=1)


@pytest.mark.parametrize(
    ("capacidades", "quedan"),
    [("IMAP4rev1 UIDPLUS", 0), ("IMAP4rev1", 1)],
    ids=["con UIDPLUS", "sin UIDPLUS"],
)
def test_a_server_that_cannot_move_loses_nothing_of_others(elenco: Elenco, capacidades: str, quedan: int) -> None:
    """K10: what another person marked as deleted in that folder is still there."""
    with Dovecot(capacidades=capacidades) as dovecot, conectada(dovecot.conexion()):
        suya = casilla(elenco, conexion="prueba", desde_en=timezone.now() - timedelta(days=1))
        dovecot.poner(mensaje(1))
        dovecot.poner(mensaje(2), en=datetime.now(UTC) - timedelta(days=30))
        with dovecot.cliente(carpeta="INBOX") as cliente:
            cliente.store("2", "+FLAGS", r"(\Deleted)")
            assert leer_una(suya) == services.Lectura(nuevas=1, movidas=1)
        assert mensaje(2) in dovecot.hay()
        assert len(dovecot.hay()) == 1 + quedan and len(dovecot.hay(LEIDOS)) == 1 - quedan
        assert leer_una(suya) == services.Lectura() and len(llegadas()) == 1


@pytest.mark.parametrize("esquema", ["imaps", "imap+starttls"])
def test_it_goes_in_encrypted_and_only_where_the_certificate_is_trusted(
    elenco: Elenco, dovecot: Dovecot, esquema: str, tmp_path: Any
) -> None:
    dovecot.poner(mensaje(1))
    bueno = dovecot.conexion(esquema=esquema)
    with imap.abrir(bueno, "INBOX") as buzonero:
        assert len(buzonero.uids(datetime(2020, 1, 1, tzinfo=UTC))) == 1
    with pytest.raises(imap.BuzonCaido, match="no es de confianza"), imap.abrir(replace(bueno, ca=""), "INBOX"):
        pass


def test_a_failure_is_told_without_secrets_and_waits_longer_each_time(suya: Casilla, dovecot: Dovecot) -> None:
    clave = "otra clave muy secreta"
    with conectada(dovecot.conexion(secreto=clave)):
        for minutos in (1, 2, 4, 8, 15, 15):
            falla = leer_una(suya).falla
            assert "no aceptó al usuario" in falla and clave not in falla
            estado = EstadoCasilla.objects.get(casilla=suya)
            espera = (estado.intentar_en - timezone.now()).total_seconds() / 60
            assert minutos - 0.5 < espera <= minutos
            assert suya.pk not in services.por_leer()
            EstadoCasilla.objects.update(intentar_en=None)
    dovecot.poner(mensaje(1))
    assert leer_una(suya).nuevas == 1
    assert EstadoCasilla.objects.get(casilla=suya).fallas_seguidas == 0


def test_a_server_that_is_down_or_a_folder_that_is_not_there_say_so(suya: Casilla, dovecot: Dovecot) -> None:
    Casilla.objects.filter(pk=suya.pk).update(carpeta="No existe")
    assert "«No existe» no existe" in leer_una(suya).falla
    dovecot.proceso.terminate()
    dovecot.proceso.wait(10)
    falla = leer_una(suya).falla
    assert "No se pudo hablar con 127.0.0.1" in falla and "rechazó la conexión" in falla
    with conectada(dovecot.conexion()):
        Casilla.objects.filter(pk=suya.pk).update(conexion="otra")
        assert "no está configurada" in leer_una(suya).falla


def test_one_reads_a_casilla_at_a_time_and_who_dies_lets_it_go(suya: Casilla, dovecot: Dovecot) -> None:
    dovecot.poner(mensaje(1))
    assert services.por_leer() == [suya.pk]
    EstadoCasilla.objects.create(casilla=suya, tomada_por="otro", tomada_hasta=timezone.now() + leer.PRESTAMO)
    assert services.por_leer() == [] and leer_una(suya) == services.Lectura(leida=False)
    EstadoCasilla.objects.update(tomada_hasta=timezone.now() - timedelta(seconds=1))
    assert services.por_leer() == [suya.pk] and leer_una(suya).nuevas == 1
    Casilla.objects.filter(pk=suya.pk).update(activa=False)
    assert services.por_leer() == []


def test_a_full_mailbox_comes_in_lots_and_in_its_order(
    suya: Casilla, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leer, "POR_LOTE", 2)
    monkeypatch.setattr(leer, "POR_LECTURA", 5)
    ahora = datetime.now(UTC).replace(microsecond=0)
    for n in range(6):
        dovecot.poner(mensaje(n), en=ahora - timedelta(minutes=n))
    primera, segunda = leer_una(suya), leer_una(suya)
    assert (primera.nuevas, primera.quedan, segunda.nuevas, segunda.quedan) == (5, True, 1, False)
    assert [una.recibida_en for una in llegadas()] == [ahora - timedelta(minutes=n) for n in range(5, -1, -1)]
    assert len(dovecot.hay(LEIDOS)) == 6


def test_a_slow_mailbox_keeps_no_worker_for_ever(
    suya: Casilla, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker is killed at its limit: what a reading has no time for is of the next one."""
    monkeypatch.setattr(leer, "POR_LOTE", 1)
    monkeypatch.setattr(leer, "DURACION", -1)
    dovecot.poner(mensaje(1))
    assert leer_una(suya) == services.Lectura(quedan=True)
    monkeypatch.setattr(leer, "DURACION", 60)
    assert leer_una(suya).nuevas == 1
