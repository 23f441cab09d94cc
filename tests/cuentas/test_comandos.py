"""The commands of accounts."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from alcance import como_sistema
from cuentas.models import Invitacion
from cuentas.segundo_factor import verificar_codigo
from direcciones.models import Membresia, Persona
from tests.cuentas.conftest import cliente, con_totp
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


def correr(*args: str) -> str:
    salida = StringIO()
    call_command(*args, stdout=salida, stderr=salida)
    return salida.getvalue()


def test_the_first_administrador_of_an_installation(db: None, settings) -> None:
    settings.DOMINIO = "https://portal.bogota.example"
    texto = correr("crear_administrador", "--correo", "Ana@sdfi.example", "--nombre", "Ana Mora", "--sin-preguntar")
    (ruta,) = re.findall(r"https://portal\.bogota\.example(/\S+)", texto)
    navegador = cliente()
    respuesta = navegador.post(ruta, {"password1": "la clave de la primera", "password2": "la clave de la primera"})
    assert respuesta.status_code == 302
    with como_sistema("prueba"):
        membresia = Membresia.objects.get()
    assert (membresia.rol, membresia.persona.correo) == ("administrador", "ana@sdfi.example")
    assert navegador.get(reverse("cuentas:usuarios"))["Location"].startswith(reverse("mfa_activate_totp"))


def test_it_refuses_a_duplicate(elenco: Elenco) -> None:
    with pytest.raises(CommandError, match="ya tiene ese rol"):
        correr(
            "crear_administrador", "--correo", elenco.administradora.correo.upper(), "--nombre", "X", "--sin-preguntar"
        )


def test_repeating_it_gives_a_new_link_and_kills_the_first(db: None) -> None:
    argumentos = ("crear_administrador", "--correo", "ana@sdfi.example", "--nombre", "Ana Mora", "--sin-preguntar")
    primero, segundo = correr(*argumentos), correr(*argumentos)
    assert primero != segundo
    with como_sistema("prueba"):
        assert sorted(i.estado for i in Invitacion.objects.all()) == ["anulada", "pendiente"]


def test_it_reads_the_environment(db: None, monkeypatch) -> None:
    monkeypatch.setenv("ADMINISTRADOR_CORREO", "ana@sdfi.example")
    monkeypatch.setenv("ADMINISTRADOR_NOMBRE", "Ana Mora")
    assert "Ana Mora" in correr("crear_administrador", "--sin-preguntar")


@pytest.mark.parametrize(
    "argumentos", [("--correo", "ana@sdfi.example"), ("--nombre", "Ana"), ("--correo", "ana", "--nombre", "Ana")]
)
def test_it_says_what_is_missing(db: None, argumentos: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        correr("crear_administrador", "--sin-preguntar", *argumentos)
    assert not Persona.objects.exists()


def test_the_code_of_a_demo_account(elenco: Elenco) -> None:
    con_totp(elenco.directora)
    codigo = correr("codigo_totp", elenco.directora.correo).split()[0]
    assert verificar_codigo(elenco.directora, codigo)


def test_no_code_for_who_has_none_nor_in_production(elenco: Elenco, settings) -> None:
    for correo in (elenco.enlace.correo, "nadie@prueba.example"):
        with pytest.raises(CommandError):
            correr("codigo_totp", correo)
    con_totp(elenco.directora)
    settings.ES_PRODUCCION = True
    with pytest.raises(CommandError, match="producción"):
        correr("codigo_totp", elenco.directora.correo)
