"""The accounts whose mail is read: their secret is in no table and nothing starts with one that is not safe (X04)."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from sdfi_portal.entorno import Entorno

SEGURO = {"BUZON_VENTANILLA": "imaps://ventanilla@imap.example", "BUZON_VENTANILLA_SECRETO": "una clave"}


def leer(solo_cifrados: bool = True, **variables: str):
    return Entorno(SEGURO | variables).buzones(solo_cifrados=solo_cifrados)


def test_an_account_by_its_key() -> None:
    buzon = leer(BUZON_VENTANILLA="imap+starttls://mipg%40bogota.example@imap.example")["ventanilla"]
    assert (buzon.servidor, buzon.puerto, buzon.usuario) == ("imap.example", 143, "mipg@bogota.example")
    assert buzon.secreto == "una clave" and buzon.va_cifrada
    assert leer()["ventanilla"].puerto == 993
    assert leer(BUZON_OTRO="", BUZON_OTRO_SECRETO="") == leer()


def test_the_secret_is_never_written() -> None:
    assert "una clave" not in repr(leer())


def test_the_secret_in_a_file_of_its_own(tmp_path: Path) -> None:
    archivo = tmp_path / "clave"
    archivo.write_text("otra clave\n")
    en_archivo = {"BUZON_VENTANILLA_SECRETO": "", "BUZON_VENTANILLA_SECRETO_ARCHIVO": str(archivo)}
    archivo.chmod(0o640)
    with pytest.raises(ImproperlyConfigured, match="modo 600"):
        leer(**en_archivo)
    archivo.chmod(0o600)
    assert leer(**en_archivo)["ventanilla"].secreto == "otra clave"
    archivo.write_text(" \n")
    with pytest.raises(ImproperlyConfigured, match="vacío"):
        leer(**en_archivo)


@pytest.mark.parametrize(
    ("cambio", "queja"),
    [
        ({"BUZON_VENTANILLA": "pop3://ventanilla@imap.example"}, "empezar por"),
        ({"BUZON_VENTANILLA": "imaps://ventanilla:clave@imap.example"}, "no lleva la clave"),
        ({"BUZON_VENTANILLA": "imaps://imap.example"}, "el usuario y el servidor"),
        ({"BUZON_VENTANILLA": "imaps://ventanilla@imap.example:x"}, "no es una dirección"),
        ({"BUZON_VENTANILLA": "imaps://ventanilla@imap.example/INBOX"}, "de la casilla"),
        ({"BUZON_VENTANILLA": "imaps://ventanilla@imap.example?sin_tls=1"}, "sin_tls"),
        ({"BUZON_VENTANILLA": "imaps://ventanilla@imap.example?ca=/no/existe.pem"}, "autoridad"),
        ({"BUZON_VENTANILLA": "imap://ventanilla@localhost"}, "cifrado"),
        ({"BUZON_VENTANILLA_SECRETO": ""}, "solo uno"),
        ({"BUZON_VENTANILLA_SECRETO_ARCHIVO": "/no/existe"}, "solo uno"),
        ({"BUZON_VENTANILLA_SECRETO": "", "BUZON_VENTANILLA_SECRETO_ARCHIVO": "/no/existe"}, "no se puede leer"),
        ({"BUZON_OTRO_SECRETO": "suelta"}, "no es de ningún buzón"),
        ({"BUZON_CON_GUION": "imaps://x@imap.example"}, "no es de ningún buzón"),
    ],
)
def test_what_is_not_safe_is_refused(cambio: dict[str, str], queja: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=queja):
        leer(**cambio)


def test_without_encryption_only_on_this_machine_and_never_in_production() -> None:
    assert not leer(False, BUZON_VENTANILLA="imap://v@127.0.0.1:1143")["ventanilla"].va_cifrada
    with pytest.raises(ImproperlyConfigured, match="cifrado"):
        leer(False, BUZON_VENTANILLA="imap://v@imap.example")


OAUTH = {
    "BUZON_VENTANILLA": "imaps://ventanilla@imap.example?auth=xoauth2",
    "BUZON_VENTANILLA_TOKEN_URL": "https://permiso.example/token",
    "BUZON_VENTANILLA_CLIENTE": "portal",
}
REFRESCO = {"BUZON_VENTANILLA_CONCESION": "refresh_token", "BUZON_VENTANILLA_REFRESCO": "lo concedido"}


def test_an_account_that_goes_in_by_its_provider() -> None:
    buzon = leer(**OAUTH, BUZON_VENTANILLA_ALCANCE="imap")["ventanilla"]
    assert buzon.oauth and buzon.secreto == "" and buzon.oauth.secreto == "una clave"
    assert (buzon.oauth.concesion, buzon.oauth.alcance) == ("client_credentials", "imap")
    assert "una clave" not in repr(buzon) and not buzon.es_de_esta_maquina
    concedido = leer(**OAUTH, **REFRESCO, BUZON_VENTANILLA_SECRETO="")["ventanilla"].oauth
    assert concedido and (concedido.secreto, concedido.refresco) == ("", "lo concedido")
    assert "lo concedido" not in repr(concedido)


@pytest.mark.parametrize(
    ("cambio", "queja"),
    [
        ({"BUZON_VENTANILLA": "imaps://ventanilla@imap.example?auth=plain"}, "auth=xoauth2"),
        ({"BUZON_VENTANILLA": "imaps://ventanilla@imap.example"}, "y no .auth=xoauth2"),
        ({"BUZON_VENTANILLA_TOKEN_URL": "http://permiso.example/token"}, "https"),
        ({"BUZON_VENTANILLA_TOKEN_URL": ""}, "https"),
        ({"BUZON_VENTANILLA_TOKEN_URL": "https://[::1/token"}, "https"),
        ({"BUZON_VENTANILLA_TOKEN_URL": "https://quien:clave@permiso.example/"}, "no lleva claves"),
        ({"BUZON_VENTANILLA_CLIENTE": ""}, "_CLIENTE"),
        ({"BUZON_VENTANILLA_CONCESION": "password"}, "client_credentials, refresh_token"),
        ({"BUZON_VENTANILLA_CONCESION": "refresh_token"}, "_REFRESCO"),
        ({"BUZON_VENTANILLA_SECRETO": ""}, "_SECRETO"),
        ({"BUZON_VENTANILLA_TOKEN_CA": "/no/existe.pem"}, "_TOKEN_CA"),
        ({"BUZON_OTRO_TOKEN_URL": "https://permiso.example/"}, "no es de ningún buzón"),
    ],
)
def test_leave_that_is_not_safe_is_refused(cambio: dict[str, str], queja: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=queja):
        leer(**(OAUTH | cambio))


def test_a_demo_reads_and_asks_leave_only_on_this_machine() -> None:
    local = OAUTH | {"BUZON_VENTANILLA": "imaps://v@127.0.0.1?auth=xoauth2"}
    assert not leer(**local)["ventanilla"].es_de_esta_maquina
    local["BUZON_VENTANILLA_TOKEN_URL"] = "https://127.0.0.1:8443/token"
    assert leer(**local)["ventanilla"].es_de_esta_maquina
