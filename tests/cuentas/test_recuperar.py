"""Forgotten and chosen passwords (N02–N06, N12)."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import int_to_base36
from hypothesis import HealthCheck, given
from hypothesis import settings as ajustes
from hypothesis import strategies as st

from alcance import como_sistema
from bandeja.models import Entrega
from bandeja.services import entregar
from cuentas.models import Sesion
from tests.cuentas.conftest import cliente, escribir_clave
from tests.fabricas import CLAVE
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
NUEVA = "otra clave larga de prueba"


def pedir(correo: str, navegador: Client | None = None, **extra: str):
    return (navegador or cliente()).post(reverse("account_reset_password"), {"email": correo}, **extra)


def pendientes() -> list[Entrega]:
    with como_sistema("prueba"):
        return list(Entrega.objects.filter(tipo="cuentas.recuperacion").order_by("id"))


def enlace_para(persona) -> str:
    persona.refresh_from_db()
    token = PasswordResetTokenGenerator().make_token(persona)
    return reverse("account_reset_password_from_key", args=[int_to_base36(persona.pk), token])


def elegir(enlace: str, clave: str = NUEVA, navegador: Client | None = None):
    """Open the link and choose a password. Returns the last answer."""
    navegador = navegador or cliente()
    respuesta = navegador.get(enlace)
    if respuesta.status_code != 302:
        return respuesta
    return navegador.post(respuesta["Location"], {"password1": clave, "password2": clave})


def test_asking_answers_the_same_for_a_mail_that_nobody_has(elenco: Elenco) -> None:
    """N02: and no mail goes to strangers (A8)."""
    conocido, extrano = pedir(elenco.enlace.correo), pedir("nadie@prueba.example")
    assert (conocido.status_code, conocido["Location"]) == (extrano.status_code, extrano["Location"])
    assert [e.destinatario for e in pendientes()] == [elenco.enlace.correo]


def test_the_outbox_never_holds_the_link(elenco: Elenco) -> None:
    """N07: the secret is made when the mail leaves."""
    pedir(elenco.enlace.correo)
    assert pendientes()[0].carga == {"persona": elenco.enlace.pk}


def test_the_mail_carries_a_link_that_works_with_the_configured_domain(elenco: Elenco, settings) -> None:
    """N03: whatever Host or forwarded host the request brought."""
    settings.DOMINIO = "https://portal.bogota.example"
    pedir(elenco.enlace.correo, HTTP_HOST="localhost", HTTP_X_FORWARDED_HOST="malo.example")
    entregar()
    (mensaje,) = mail.outbox
    assert mensaje.recipients()[0].endswith(f"<{elenco.enlace.correo}>")
    texto = str(mensaje.body)
    assert "malo.example" not in texto
    (enlace,) = set(re.findall(r"https://portal\.bogota\.example(/recuperar/\S+)", texto))
    assert elegir(enlace)["Location"] == reverse("account_reset_password_from_key_done")
    elenco.enlace.refresh_from_db()
    assert elenco.enlace.check_password(NUEVA)


def test_an_unknown_host_is_refused(db: None) -> None:
    assert pedir("x@y.example", HTTP_HOST="malo.example").status_code == 400


def test_disabled_people_and_those_who_never_activated_get_no_link(elenco: Elenco) -> None:
    elenco.enlace.is_active = False
    elenco.enlace.save()
    elenco.colega.set_unusable_password()
    elenco.colega.save()
    pedir(elenco.enlace.correo)
    pedir(elenco.colega.correo)
    assert pendientes() == []


def test_the_link_works_once(elenco: Elenco) -> None:
    """N04."""
    enlace = enlace_para(elenco.enlace)
    elegir(enlace)
    assert "El enlace ya no sirve" in elegir(enlace, "una tercera clave larga").content.decode()


def test_the_link_lasts_one_hour(elenco: Elenco) -> None:
    with time_machine.travel(timezone.now(), tick=False) as reloj:
        enlace = enlace_para(elenco.enlace)
        reloj.shift(timedelta(minutes=59))
        assert cliente().get(enlace).status_code == 302
        reloj.shift(timedelta(minutes=2))
        assert "El enlace ya no sirve" in cliente().get(enlace).content.decode()


def test_the_link_dies_when_the_mail_or_the_password_change(elenco: Elenco) -> None:
    enlace = enlace_para(elenco.enlace)
    elenco.enlace.correo = "nuevo@prueba.example"
    elenco.enlace.save(update_fields=["correo"])
    assert "El enlace ya no sirve" in cliente().get(enlace).content.decode()
    enlace = enlace_para(elenco.colega)
    elenco.colega.set_password(NUEVA)
    elenco.colega.save()
    assert "El enlace ya no sirve" in cliente().get(enlace).content.decode()


def test_changing_the_password_ends_sessions_and_tells_the_person(elenco: Elenco) -> None:
    navegador = cliente()
    escribir_clave(navegador, elenco.enlace.correo)
    elegir(enlace_para(elenco.enlace))
    assert navegador.get(reverse("cuentas:cuenta")).status_code == 302
    assert not Sesion.objects.filter(persona=elenco.enlace).exists()
    with como_sistema("prueba"):
        (aviso,) = Entrega.objects.filter(tipo="avisos.correo")
    assert aviso.carga["carta"]["asunto"] == "Cambió su contraseña en el Portal SDFI"


@ajustes(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.one_of(st.just(""), st.text(alphabet="0123456789abcdef-", max_size=60), st.text(max_size=20)))
def test_an_invented_token_never_matches(elenco: Elenco, token: str) -> None:
    """N05: empty, short, long or strange."""
    respuesta = cliente().get(f"/recuperar/{int_to_base36(elenco.enlace.pk)}-{quote(token, safe='')}/")
    assert respuesta.status_code in {200, 404}
    if respuesta.status_code == 200:
        assert "El enlace ya no sirve" in respuesta.content.decode()


def test_three_requests_an_hour_for_an_account(elenco: Elenco) -> None:
    """N06."""
    estados = [pedir(elenco.enlace.correo, REMOTE_ADDR=f"10.1.0.{n}").status_code for n in range(4)]
    assert estados == [302, 302, 302, 429]
    assert len(pendientes()) == 3


def test_twenty_requests_an_hour_from_an_address(db: None) -> None:
    """N06: the same for accounts that do not exist."""
    estados = [pedir(f"n{n}@prueba.example").status_code for n in range(21)]
    assert estados == [302] * 20 + [429]


@pytest.mark.parametrize(
    ("clave", "motivo"),
    [
        ("corta", "12 caracteres"),
        ("once caract", "12 caracteres"),
        ("password1234", "común"),
        ("enlace@prueba.example", "parecida"),
        ("Laura Pérez", "12 caracteres"),
    ],
)
def test_weak_passwords_are_refused_with_a_reason(elenco: Elenco, clave: str, motivo: str) -> None:
    """N12."""
    respuesta = elegir(enlace_para(elenco.enlace), clave)
    assert respuesta.status_code == 200
    errores = " ".join(respuesta.context["form"].errors["password1"])
    assert motivo in errores


def test_a_long_password_counts_whole(elenco: Elenco) -> None:
    """N12: no silent cut under 64 characters, nor above."""
    larga = "á" * 70 + "fin de la clave"
    elegir(enlace_para(elenco.enlace), larga)
    elenco.enlace.refresh_from_db()
    assert elenco.enlace.check_password(larga)
    assert not elenco.enlace.check_password(larga[:-1])


def test_spaces_are_part_of_the_password(elenco: Elenco, anonimo: Client) -> None:
    clave = "  con espacios alrededor  "
    elegir(enlace_para(elenco.enlace), clave)
    escribir_clave(anonimo, elenco.enlace.correo, clave)
    assert anonimo.get(reverse("cuentas:cuenta")).status_code == 200


def test_both_passwords_must_be_equal(elenco: Elenco, entrar) -> None:
    respuesta = entrar(elenco.enlace).post(
        reverse("account_change_password"), {"oldpassword": CLAVE, "password1": NUEVA, "password2": NUEVA + "x"}
    )
    assert "Las dos contraseñas no son iguales" in respuesta.content.decode()


def test_production_hashes_with_argon2() -> None:
    """N12: the fast hasher of the tests is of the tests only."""
    fuente = (Path(settings.RAIZ) / "sdfi_portal" / "settings.py").read_text()
    bloque = fuente[fuente.index("PASSWORD_HASHERS") : fuente.index("AUTH_PASSWORD_VALIDATORS")]
    assert 'if MODO == "pruebas"' in bloque
    assert "Argon2PasswordHasher" in bloque
