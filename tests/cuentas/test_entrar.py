"""Sign-in: one lock per account, a brake per address, and the same answer whoever exists (N01, N02, S08)."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.test import Client
from django.urls import reverse

from alcance import como_sistema
from bitacora.models import Suceso
from cuentas.views.cuenta import nombre_del_navegador
from tests.cuentas.conftest import cliente, escribir_clave
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
MALA = "no es la contraseña"


def entro(navegador: Client) -> bool:
    return SESSION_KEY in navegador.session


def test_the_right_password_opens_the_portal(elenco: Elenco, anonimo: Client) -> None:
    respuesta = escribir_clave(anonimo, elenco.enlace.correo)
    assert (respuesta.status_code, respuesta["Location"]) == (302, reverse("inicio"))
    assert entro(anonimo)


def test_the_mail_may_be_typed_in_capitals(elenco: Elenco, anonimo: Client) -> None:
    escribir_clave(anonimo, f" {elenco.enlace.correo.upper()} ")
    assert entro(anonimo)


def test_a_wrong_password_does_not_say_which_of_both_was_wrong(elenco: Elenco, anonimo: Client) -> None:
    """N02: existing and missing accounts give the same page."""
    existe = escribir_clave(anonimo, elenco.enlace.correo, MALA).content.decode()
    no_existe = escribir_clave(cliente(), "nadie@prueba.example", MALA).content.decode()
    assert "El correo o la contraseña no son correctos" in existe
    limpio = [t.replace(elenco.enlace.correo, "X").replace("nadie@prueba.example", "X") for t in (existe, no_existe)]
    assert sin_sello(limpio[0]) == sin_sello(limpio[1])


def sin_sello(html: str) -> str:
    return "\n".join(linea for linea in html.splitlines() if "csrfmiddlewaretoken" not in linea)


def fallar(correo: str, veces: int, **extra: str) -> int:
    """Status of the last of some wrong tries."""
    return [escribir_clave(cliente(), correo, MALA, **extra).status_code for _ in range(veces)][-1]


def test_six_wrong_passwords_lock_the_account(elenco: Elenco, anonimo: Client) -> None:
    """N01: locked at the sixth, right password included, with a page that says what to do."""
    assert fallar(elenco.enlace.correo, 5) == 200
    assert fallar(elenco.enlace.correo, 1) == 429
    respuesta = escribir_clave(anonimo, elenco.enlace.correo)
    assert respuesta.status_code == 429
    assert "Espere 15 minutos" in respuesta.content.decode()
    assert not entro(anonimo)


def test_the_lock_of_one_does_not_touch_others(elenco: Elenco, anonimo: Client) -> None:
    """N01: neither another account from the same address."""
    fallar(elenco.enlace.correo, 6)
    escribir_clave(anonimo, elenco.colega.correo)
    assert entro(anonimo)


def test_many_addresses_do_not_get_more_tries(elenco: Elenco) -> None:
    """N01: the account is counted, wherever the tries come from."""
    estados = [fallar(elenco.enlace.correo, 1, REMOTE_ADDR=f"10.0.0.{n}") for n in range(1, 8)]
    assert estados[:5] == [200] * 5
    assert estados[5:] == [429, 429]


def test_capitals_and_spaces_do_not_give_more_tries(elenco: Elenco) -> None:
    fallar(elenco.enlace.correo, 3)
    fallar(elenco.enlace.correo.upper(), 2)
    assert fallar(f" {elenco.enlace.correo}", 1) == 429


def test_a_forged_forwarded_header_does_not_reset_the_count(elenco: Elenco) -> None:
    estados = [fallar(elenco.enlace.correo, 1, HTTP_X_FORWARDED_FOR=f"203.0.113.{n}") for n in range(1, 8)]
    assert estados[-1] == 429


def test_one_address_over_many_accounts_is_slowed(elenco: Elenco, settings) -> None:
    """N01: the brake on one address, whatever the accounts."""
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "8/m/ip"}
    estados = [fallar(f"cuenta{n}@prueba.example", 1) for n in range(9)]
    assert estados == [200] * 8 + [429]


def test_a_right_password_forgets_the_wrong_ones(elenco: Elenco, anonimo: Client) -> None:
    fallar(elenco.enlace.correo, 4)
    escribir_clave(anonimo, elenco.enlace.correo)
    assert fallar(elenco.enlace.correo, 5) == 200


def test_a_disabled_account_does_not_enter(elenco: Elenco, anonimo: Client) -> None:
    elenco.enlace.is_active = False
    elenco.enlace.save()
    respuesta = escribir_clave(anonimo, elenco.enlace.correo)
    assert respuesta["Location"] == reverse("account_inactive")
    assert not entro(anonimo)


@pytest.mark.parametrize(
    "destino",
    [
        "//malo.example/",
        "https://malo.example/",
        "\\\\malo.example",
        "javascript:alert(1)",
        "https:malo.example",
        "/\\malo.example",
    ],
)
def test_the_way_back_stays_in_the_portal(elenco: Elenco, anonimo: Client, destino: str) -> None:
    """S08."""
    respuesta = anonimo.post(
        reverse("account_login"), {"login": elenco.enlace.correo, "password": "x", "next": destino}
    )
    assert "malo.example" not in respuesta.headers.get("Location", "")
    anonimo.post(
        reverse("account_login"),
        {"login": elenco.enlace.correo, "password": "una clave larga de prueba", "next": destino},
    )
    assert entro(anonimo)


def test_the_way_back_is_kept(elenco: Elenco, anonimo: Client) -> None:
    protegida = reverse("cuentas:cuenta")
    ida = anonimo.get(protegida)
    respuesta = anonimo.post(
        ida["Location"], {"login": elenco.enlace.correo, "password": "una clave larga de prueba", "next": protegida}
    )
    assert respuesta["Location"] == protegida


@pytest.mark.parametrize(
    "nombre",
    ["account_signup", "account_email", "account_set_password", "socialaccount_signup", "socialaccount_connections"],
)
def test_there_is_no_open_sign_up(anonimo: Client, db: None, nombre: str) -> None:
    assert anonimo.get(reverse(nombre)).status_code == 404
    assert anonimo.post(reverse(nombre), {"email": "x@y.example"}).status_code == 404


def test_the_institutional_button_appears_only_when_configured(anonimo: Client, db: None, settings) -> None:
    assert "Entrar con" not in anonimo.get(reverse("account_login")).content.decode()
    app = {
        "provider_id": "oidc",
        "name": "Cuenta Bogotá",
        "client_id": "x",
        "secret": "y",
        "settings": {"server_url": "https://idp.example"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    assert "Entrar con Cuenta Bogotá" in anonimo.get(reverse("account_login")).content.decode()


def test_signing_in_and_out_is_in_the_bitacora(elenco: Elenco, anonimo: Client) -> None:
    escribir_clave(anonimo, elenco.enlace.correo)
    anonimo.post(reverse("account_logout"))
    with como_sistema("prueba"):
        sucesos = Suceso.objects.filter(objeto_id=str(elenco.enlace.pk)).order_by("id")
        hechos = list(sucesos.values_list("accion", "actor_id"))
    # Both by the person: «El portal» entered, said the auditoría, and a search by name did not find it.
    assert hechos == [("cuenta.entrar", elenco.enlace.pk), ("cuenta.salir", elenco.enlace.pk)]
    assert not entro(anonimo)
    assert not mail.outbox


@pytest.mark.parametrize(
    ("agente", "nombre"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36",
            "Chrome en Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge en Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox en Linux"),
        ("", "Navegador"),
    ],
)
def test_a_person_recognises_their_browser(agente: str, nombre: str) -> None:
    assert nombre_del_navegador(agente) == nombre
