"""The second factor: who must have it, and codes that work once (N08, N09)."""

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django.utils import timezone

from alcance import como_sistema, con_alcance
from alcance.checks import rutas
from alcance.contexto import NADIE
from alcance.politicas import politica_de
from bitacora.models import Suceso
from cuentas import segundo_factor as sf
from cuentas.middleware import SIN_SEGUNDO_FACTOR
from direcciones.roles import CON_SEGUNDO_FACTOR
from tests.cuentas.conftest import SECRETO, cliente, codigo, con_totp, escribir_clave
from tests.fabricas import CLAVE, FabricaMembresia
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _de_visita():
    """Every call has an open alcance, also before signing in."""
    with con_alcance(NADIE):
        yield


@pytest.fixture
def reloj():
    """In the first second of a 30-second step."""
    inicio = timezone.now().replace(second=0, microsecond=0)
    with time_machine.travel(inicio, tick=False) as viaje:
        yield viaje


def entrar_con_codigo(persona, cual: str) -> Client:
    navegador = cliente()
    respuesta = escribir_clave(navegador, persona.correo)
    assert respuesta["Location"] == reverse("mfa_authenticate")
    navegador.post(reverse("mfa_authenticate"), {"code": cual})
    return navegador


def entro(navegador: Client) -> bool:
    return SESSION_KEY in navegador.session


# --- Codes work once ---
def test_a_wrong_code_leaves_an_event(elenco: Elenco) -> None:
    """A01: who tries codes after guessing the password stays in the record, and not the code."""
    con_totp(elenco.directora)
    entrar_con_codigo(elenco.directora, "271828")
    with como_sistema("prueba"):
        suceso = Suceso.objects.get(accion="cuenta.codigo_errado")
    assert (suceso.actor_id, suceso.objeto_tipo, suceso.objeto_id) == (
        None,
        "direcciones.persona",
        str(elenco.directora.pk),
    )
    assert suceso.ip and "271828" not in str(vars(suceso))


def test_a_right_code_is_taken_once(elenco: Elenco, reloj) -> None:
    persona = con_totp(elenco.directora)
    assert sf.verificar_codigo(persona, codigo())
    assert not sf.verificar_codigo(persona, codigo())


def test_after_a_code_the_older_ones_are_spent_too(elenco: Elenco, reloj) -> None:
    persona = con_totp(elenco.directora)
    assert sf.verificar_codigo(persona, codigo(1))
    assert not sf.verificar_codigo(persona, codigo())
    assert not sf.verificar_codigo(persona, codigo(-1))


@pytest.mark.parametrize(("pasos", "sirve"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phone_may_be_thirty_seconds_off(elenco: Elenco, reloj, pasos: int, sirve: bool) -> None:
    assert sf.verificar_codigo(con_totp(elenco.directora), codigo(pasos)) is sirve


@pytest.mark.parametrize("basura", ["", " ", "12345", "abcdef", "0000000", "１２３４５６", "\x00", "9" * 500])
def test_rubbish_is_never_a_code(elenco: Elenco, reloj, basura: str) -> None:
    assert not sf.verificar_codigo(con_totp(elenco.directora), basura)


def test_a_code_may_be_written_in_two_halves(elenco: Elenco, reloj) -> None:
    actual = codigo()
    assert sf.verificar_codigo(con_totp(elenco.directora), f" {actual[:3]} {actual[3:]} ")


def test_each_recovery_code_works_once(elenco: Elenco) -> None:
    persona = con_totp(elenco.directora)
    codigos = Authenticator.objects.get(user=persona, type="recovery_codes").wrap().get_unused_codes()
    assert len(set(codigos)) == 10
    assert all(sf.verificar_codigo(persona, uno) for uno in codigos)
    assert not any(sf.verificar_codigo(persona, uno) for uno in codigos[:3])


def test_the_code_of_another_does_not_serve(elenco: Elenco, reloj) -> None:
    con_totp(elenco.directora)
    sf.inscribir_totp(elenco.subdirector, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    assert not sf.verificar_codigo(elenco.subdirector, codigo())


def test_ten_wrong_codes_close_the_door_for_ten_minutes(elenco: Elenco, reloj) -> None:
    persona = con_totp(elenco.directora)
    for _ in range(10):
        assert not sf.verificar_codigo(persona, "000000")
    assert sf.demasiados_fallos(persona)
    assert not sf.verificar_codigo(persona, codigo())
    reloj.shift(timedelta(minutes=10, seconds=1))
    assert sf.verificar_codigo(persona, codigo())


def test_the_secret_is_not_stored_in_clear(elenco: Elenco) -> None:
    con_totp(elenco.directora)
    guardado = str(list(Authenticator.objects.filter(user=elenco.directora).values_list("data", flat=True)))
    assert SECRETO.rstrip("=") not in guardado


def test_enrolling_takes_secrets_without_padding(elenco: Elenco, reloj) -> None:
    sin_relleno = SECRETO.rstrip("=")[:39]
    sf.inscribir_totp(elenco.directora, sin_relleno)
    assert sf.verificar_codigo(elenco.directora, codigo(0, sin_relleno))


def test_the_free_code_is_one_that_opens(elenco: Elenco, reloj) -> None:
    persona = con_totp(elenco.directora)
    libre, espera = sf.codigo_libre(persona)
    assert espera == 0
    assert sf.verificar_codigo(persona, libre)
    otro, espera = sf.codigo_libre(persona)
    assert otro != libre
    assert espera == 0
    assert sf.verificar_codigo(persona, otro)
    _, espera = sf.codigo_libre(persona)
    assert espera == 30


# --- At sign-in ---
def test_the_password_alone_does_not_enter(elenco: Elenco) -> None:
    con_totp(elenco.directora)
    navegador = cliente()
    escribir_clave(navegador, elenco.directora.correo)
    assert not entro(navegador)
    assert navegador.get(reverse("cuentas:cuenta")).status_code == 302


def test_the_code_enters_and_is_not_replayed_in_its_window(elenco: Elenco, reloj) -> None:
    con_totp(elenco.directora)
    usado = codigo()
    assert entro(entrar_con_codigo(elenco.directora, usado))
    repetido = entrar_con_codigo(elenco.directora, usado)
    assert not entro(repetido)


def test_a_wrong_code_says_how_to_mend_it(elenco: Elenco) -> None:
    con_totp(elenco.directora)
    navegador = cliente()
    escribir_clave(navegador, elenco.directora.correo)
    respuesta = navegador.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Espere el siguiente" in respuesta.content.decode()
    assert navegador.post(reverse("mfa_authenticate"), {}).status_code < 500


def test_one_can_go_back_to_enter_as_another(elenco: Elenco) -> None:
    con_totp(elenco.directora)
    navegador = cliente()
    escribir_clave(navegador, elenco.directora.correo)
    assert navegador.get(reverse("account_login"))["Location"] == reverse("mfa_authenticate")
    navegador.post(reverse("account_logout"))
    assert navegador.get(reverse("account_login")).status_code == 200


# --- Mandatory roles (N08) ---
def paginas_privadas() -> list[str]:
    """Every address without arguments that is not public nor part of enrolling. A session opens none of the API."""
    nombres = []
    for nombre, patron in rutas(get_resolver()):
        politica = politica_de(patron.callback, nombre)
        if (
            nombre
            and nombre not in SIN_SEGUNDO_FACTOR
            and politica
            and not politica.publica
            and not str(patron.pattern).startswith("api/")
            and not patron.pattern.regex.groups
        ):
            nombres.append(nombre)
    return nombres


@pytest.mark.parametrize("parte", ["directora", "subdirector", "subsecretaria", "administradora"])
def test_without_a_second_factor_every_page_leads_to_enrolling(elenco: Elenco, parte: str) -> None:
    persona = getattr(elenco, parte)
    navegador = cliente()
    escribir_clave(navegador, persona.correo)
    assert entro(navegador)
    for nombre in paginas_privadas():
        try:
            destino = reverse(nombre)
        except Exception:
            continue
        for metodo in (navegador.get, navegador.post):
            respuesta = metodo(destino)
            assert respuesta.status_code == 302, nombre
            assert respuesta["Location"].startswith(reverse("mfa_activate_totp")), nombre


def test_other_roles_may_go_without(elenco: Elenco) -> None:
    for persona in (elenco.enlace, elenco.asesora, elenco.ventanilla, elenco.auditora, elenco.revisora):
        navegador = cliente()
        escribir_clave(navegador, persona.correo)
        assert navegador.get(reverse("cuentas:cuenta")).status_code == 200


def test_the_roles_are_those_of_the_rule() -> None:
    assert {"director", "administrador"} <= CON_SEGUNDO_FACTOR


def test_a_role_that_needs_it_arrives_in_an_open_session(elenco: Elenco) -> None:
    """The next request already asks: nothing is remembered from before."""
    navegador = cliente()
    escribir_clave(navegador, elenco.asesora.correo)
    assert navegador.get(reverse("cuentas:cuenta")).status_code == 200
    FabricaMembresia(persona=elenco.asesora, rol="director", entidad=None, dependencia=elenco.archivo)
    assert navegador.get(reverse("cuentas:cuenta"))["Location"].startswith(reverse("mfa_activate_totp"))


def test_enrolled_elsewhere_this_session_still_has_to_pass_it(elenco: Elenco, reloj) -> None:
    navegador = cliente()
    escribir_clave(navegador, elenco.directora.correo)
    con_totp(elenco.directora)
    ida = navegador.get(reverse("cuentas:cuenta"))
    assert ida["Location"].startswith(reverse("mfa_reauthenticate"))
    navegador.post(ida["Location"], {"code": codigo()})
    assert navegador.get(reverse("cuentas:cuenta")).status_code == 200


def inscribirse(navegador: Client) -> str:
    """Walk the enrolment page. Returns the secret."""
    pagina = navegador.get(reverse("mfa_activate_totp"))
    assert pagina.status_code == 200, pagina.headers.get("Location")
    secreto: str = pagina.context["form"].secret
    respuesta = navegador.post(reverse("mfa_activate_totp"), {"code": codigo(0, secreto)})
    assert respuesta["Location"] == reverse("mfa_view_recovery_codes")
    return secreto


def test_enrolling_opens_the_portal_and_shows_recovery_codes(elenco: Elenco, reloj) -> None:
    navegador = cliente()
    escribir_clave(navegador, elenco.directora.correo)
    secreto = inscribirse(navegador)
    pagina = navegador.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert pagina.count("<code>") == 10
    assert navegador.get(reverse("cuentas:cuenta")).status_code == 200
    assert not sf.verificar_codigo(elenco.directora, codigo(0, secreto)), "el código de la inscripción ya se usó"


def test_the_enrolment_page_obeys_the_csp(elenco: Elenco) -> None:
    navegador = cliente()
    escribir_clave(navegador, elenco.directora.correo)
    html = navegador.get(reverse("mfa_activate_totp")).content.decode()
    assert 'src="data:image/svg+xml;base64,' in html
    assert "style=" not in html
    assert "<script>" not in html


def test_a_mandatory_second_factor_is_not_removed(elenco: Elenco, reloj) -> None:
    navegador = cliente()
    escribir_clave(navegador, elenco.directora.correo)
    inscribirse(navegador)
    respuesta = navegador.post(reverse("mfa_deactivate_totp"))
    assert "Su rol necesita el segundo factor" in respuesta.content.decode()
    assert sf.inscrito(elenco.directora)


def test_an_optional_one_is(elenco: Elenco, reloj) -> None:
    navegador = cliente()
    escribir_clave(navegador, elenco.asesora.correo)
    inscribirse(navegador)
    assert navegador.get(reverse("mfa_index")).status_code == 200
    assert navegador.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not sf.inscrito(elenco.asesora)


def test_recovery_codes_are_downloaded_and_renewed(elenco: Elenco, reloj) -> None:
    navegador = cliente()
    escribir_clave(navegador, elenco.asesora.correo)
    inscribirse(navegador)
    bajada = navegador.get(reverse("mfa_download_recovery_codes"))
    assert "codigos-de-recuperacion.txt" in bajada["Content-Disposition"]
    assert navegador.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    navegador.post(reverse("mfa_generate_recovery_codes"))
    viejo = bajada.content.decode().splitlines()[-1]
    assert not sf.verificar_codigo(elenco.asesora, viejo)


def test_an_old_sign_in_must_be_confirmed_before_touching_the_second_factor(elenco: Elenco, reloj) -> None:
    navegador = cliente()
    escribir_clave(navegador, elenco.asesora.correo)
    reloj.shift(timedelta(minutes=6))
    ida = navegador.get(reverse("mfa_activate_totp"))
    assert ida["Location"].startswith(reverse("account_reauthenticate"))
    assert navegador.get(ida["Location"]).status_code == 200
    vuelta = navegador.post(ida["Location"], {"password": CLAVE})
    assert vuelta["Location"] == reverse("mfa_activate_totp")


# --- Step-up (N09) ---
def peticion(sesion: dict, persona):
    request = RequestFactory().get("/conceptos/1/firmar/")
    request.session, request.user = sesion, persona
    return request


def test_a_recent_second_factor_goes_on(elenco: Elenco) -> None:
    sf.exigir_reciente(peticion({sf.PASADO_EN: time.time() - 299}, elenco.directora))


@pytest.mark.parametrize("sesion", [{}, {sf.PASADO_EN: 0}, {sf.PASADO_EN: time.time() - 301}])
def test_an_old_one_is_asked_again(elenco: Elenco, sesion: dict) -> None:
    con_totp(elenco.directora)
    with pytest.raises(ImmediateHttpResponse) as freno:
        sf.exigir_reciente(peticion(sesion, elenco.directora))
    assert freno.value.response["Location"] == reverse("mfa_reauthenticate") + "?next=%2Fconceptos%2F1%2Ffirmar%2F"


def test_who_has_none_is_sent_to_enrol(elenco: Elenco) -> None:
    with pytest.raises(ImmediateHttpResponse) as freno:
        sf.exigir_reciente(peticion({}, elenco.asesora))
    assert freno.value.response["Location"].startswith(reverse("mfa_activate_totp"))
