"""An account that is read with what its provider gives (XOAUTH2): from a real server of tokens to a real mailbox."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from buzones import conexion as imap
from buzones import oauth, services
from buzones.models import EstadoCasilla
from sdfi_portal.entorno import ConexionImap, Oauth
from tests.buzones.apoyos import casilla, conectada
from tests.soporte.dovecot import Dovecot
from tests.soporte.elenco import Elenco
from tests.soporte.imap_guionado import FICHA, ImapGuionado
from tests.soporte.permisos import REFRESCO, SECRETO, Permisos

USUARIO = "mipg@prueba.example"


@pytest.fixture(autouse=True)
def _sin_memoria(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oauth, "_fichas", {})


@pytest.fixture
def permisos(tmp_path: Path) -> Iterator[Permisos]:
    with Permisos(tmp_path, USUARIO) as proveedor:
        yield proveedor


def cuenta(de: Oauth) -> ConexionImap:
    """One that is only asked for its token."""
    return ConexionImap("prueba", "imaps", "imap.example", 993, USUARIO, "", oauth=de)


@pytest.mark.django_db
@pytest.mark.parametrize("concesion", ["client_credentials", "refresh_token"])
def test_a_mailbox_is_read_with_the_token_of_its_provider(elenco: Elenco, permisos: Permisos, concesion: str) -> None:
    with Dovecot(USUARIO, consulta=permisos.consulta) as dovecot:
        conexion = replace(dovecot.conexion(), secreto="", oauth=permisos.oauth(concesion))
        with conectada(conexion):
            suya = casilla(elenco, conexion="prueba", desde_en=timezone.now() - timedelta(days=1))
            for n in (1, 2):
                dovecot.poner(f"Message-ID: <{n}@prueba.example>\r\n\r\nTexto\r\n".encode())
                assert services.leer_casilla(suya.pk, quien="prueba") == services.Lectura(nuevas=1, movidas=1)
            assert [uno["grant_type"] for uno in permisos.pedidos] == [concesion]  # once: it lasts an hour
            # Taken back before its time: another one is asked for, and the reading goes on.
            permisos.vigentes.clear()
            assert services.leer_casilla(suya.pk, quien="prueba") == services.Lectura()
            assert len(permisos.pedidos) == 2
            # The provider says no from now on.
            permisos.vigentes.clear()
            permisos.responde = 400, {}, b'{"error": "invalid_grant"}'
            falla = services.leer_casilla(suya.pk, quien="prueba").falla
            assert "no dio el permiso" in falla and "invalid_grant" in falla
            assert EstadoCasilla.objects.get(casilla=suya).falla == falla


def test_it_is_asked_again_a_minute_before_its_end(permisos: Permisos, monkeypatch: pytest.MonkeyPatch) -> None:
    reloj = [1000.0]
    monkeypatch.setattr(oauth, "monotonic", lambda: reloj[0])
    de = cuenta(permisos.oauth())
    assert oauth.ficha(de) == ("ficha-1", True)
    reloj[0] += permisos.dura - 61
    assert oauth.ficha(de) == ("ficha-1", False)
    reloj[0] += 1
    assert oauth.ficha(de) == ("ficha-2", True)
    assert oauth.ficha(de, otra=True) == ("ficha-3", True)


def test_what_is_asked_and_no_more(permisos: Permisos) -> None:
    oauth.ficha(cuenta(permisos.oauth()))
    oauth.ficha(cuenta(permisos.oauth("refresh_token", secreto="", alcance="")))
    assert permisos.pedidos == [
        {"grant_type": "client_credentials", "client_id": "portal", "client_secret": SECRETO, "scope": "imap"},
        {"grant_type": "refresh_token", "client_id": "portal", "refresh_token": REFRESCO},
    ]


@pytest.mark.parametrize(
    ("responde", "dice"),
    [
        ((401, {}, f'{{"error": "invalid_client", "error_description": "{SECRETO}"}}'.encode()), "invalid_client"),
        ((401, {}, f'{{"error": "{SECRETO}!"}}'.encode()), "HTTP 401"),
        ((200, {}, b"<html>"), "HTTP 200"),
        ((200, {}, b"[]"), "HTTP 200"),
        ((200, {}, b'{"access_token": ""}'), "HTTP 200"),
        ((200, {}, b'{"access_token": "a\\u0001b"}'), "HTTP 200"),
        ((302, {"Location": "https://127.0.0.1:1/otra"}, b""), "HTTP 302"),
        ((500, {}, b""), "HTTP 500"),
    ],
)
def test_a_no_is_told_without_secrets(
    permisos: Permisos, responde: tuple[int, dict[str, str], bytes], dice: str, caplog: pytest.LogCaptureFixture
) -> None:
    permisos.responde = responde
    with caplog.at_level(logging.DEBUG), pytest.raises(oauth.SinPermiso) as falla:
        oauth.ficha(cuenta(permisos.oauth()))
    assert dice in str(falla.value) and SECRETO not in str(falla.value) + caplog.text
    assert len(permisos.pedidos) == 1


def test_nothing_is_said_to_who_is_not_trusted(permisos: Permisos) -> None:
    with pytest.raises(oauth.SinPermiso, match="no es de confianza"):
        oauth.ficha(cuenta(permisos.oauth(ca="")))
    assert permisos.pedidos == []
    with pytest.raises(oauth.SinPermiso, match="No se pudo hablar con 127"):
        oauth.ficha(cuenta(permisos.oauth(token_url="https://127.0.0.1:1/token")))


def test_one_that_does_not_say_how_long_it_lasts_is_short(permisos: Permisos, monkeypatch: Any) -> None:
    reloj = [1000.0]
    monkeypatch.setattr(oauth, "monotonic", lambda: reloj[0])
    permisos.responde = 200, {}, b'{"access_token": "una", "expires_in": "pronto"}'
    assert oauth.ficha(cuenta(permisos.oauth())) == ("una", True)
    reloj[0] += oauth.VIDA - oauth.MARGEN
    assert oauth.ficha(cuenta(permisos.oauth()))[1]


def test_a_mailbox_that_takes_no_token_is_asked_twice_and_no_more(permisos: Permisos) -> None:
    """RFC 7628: a refusal begins with its reasons, and ends once they are acknowledged."""
    with ImapGuionado() as servidor:
        servidor.poner(b"x\r\n\r\nx")
        de = servidor.conexion(oauth=permisos.oauth())
        with pytest.raises(imap.BuzonCaido, match="el permiso que dio su proveedor"), imap.abrir(de, "INBOX"):
            pass
        assert servidor.ordenes.count("AUTHENTICATE XOAUTH2") == 1  # it was new: another one would not be better
        with pytest.raises(imap.BuzonCaido), imap.abrir(de, "INBOX"):
            pass
        assert servidor.ordenes.count("AUTHENTICATE XOAUTH2") == 3
        servidor.guion.fichas = {"ficha-3", FICHA}
        with imap.abrir(de, "INBOX") as buzonero:
            assert buzonero.uidvalidity == servidor.guion.validez
