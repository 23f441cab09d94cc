"""Sessions: their key, their cookies, and when they end (S01–S05, T19, WCAG 2.2.1)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alcance import Alcance, con_alcance
from cuentas import sesiones
from cuentas.models import Sesion
from cuentas.services.personas import desactivar_persona
from direcciones.models import Membresia, Persona
from direcciones.services.membresias import terminar_membresia
from tests.cuentas.conftest import cliente, codigo, con_totp, escribir_clave
from tests.fabricas import CLAVE, FabricaMembresia, actuar
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
GALLETA = settings.SESSION_COOKIE_NAME


def llave(navegador: Client) -> str:
    return navegador.cookies[GALLETA].value


def vive(navegador: Client) -> bool:
    return navegador.get(reverse("cuentas:cuenta")).status_code == 200


def con_llave(valor: str) -> Client:
    otro = cliente()
    otro.cookies[GALLETA] = valor
    return otro


def dentro(persona: Persona) -> Client:
    navegador = cliente()
    escribir_clave(navegador, persona.correo)
    assert SESSION_KEY in navegador.session
    return navegador


# --- Key (S01) ---
def test_the_key_changes_at_sign_in_and_the_old_one_is_dead(elenco: Elenco, anonimo: Client) -> None:
    anonimo.post(reverse("account_logout"))
    sesion = anonimo.session
    sesion["algo"] = 1
    sesion.save()
    anonimo.cookies[GALLETA] = fijada = sesion.session_key
    escribir_clave(anonimo, elenco.enlace.correo)
    assert llave(anonimo) != fijada
    assert not vive(con_llave(fijada))


def test_the_key_changes_with_the_role_and_the_old_one_is_dead(elenco: Elenco) -> None:
    otra = FabricaMembresia(persona=elenco.enlace, rol="enlace", entidad=elenco.instituto)
    navegador = dentro(elenco.enlace)
    antes = llave(navegador)
    navegador.post(reverse("cuentas:cambiar_rol"), {"membresia": otra.pk})
    assert llave(navegador) != antes
    assert not vive(con_llave(antes))
    assert navegador.get(reverse("cuentas:entidad")).context["entidad"] == elenco.instituto


def test_the_key_changes_when_the_second_factor_is_confirmed(elenco: Elenco) -> None:
    con_totp(elenco.asesora)
    navegador = cliente()
    escribir_clave(navegador, elenco.asesora.correo)
    navegador.post(reverse("mfa_authenticate"), {"code": codigo(-1)})
    antes = llave(navegador)
    respuesta = navegador.post(reverse("mfa_reauthenticate"), {"code": codigo()})
    assert respuesta.status_code == 302
    assert llave(navegador) != antes
    assert vive(navegador)
    assert not vive(con_llave(antes))


def test_nobody_takes_a_role_of_another(elenco: Elenco) -> None:
    """Role switch: only among one's own memberships in force."""
    navegador = dentro(elenco.enlace)
    ajena = FabricaMembresia(persona=elenco.otra_enlace, rol="enlace", entidad=elenco.secretaria)
    navegador.post(reverse("cuentas:cambiar_rol"), {"membresia": ajena.pk})
    assert navegador.get(reverse("cuentas:entidad")).context["entidad"] == elenco.secretaria
    for basura in ("", "0", "abc", "99999999999999999999"):
        assert navegador.post(reverse("cuentas:cambiar_rol"), {"membresia": basura}).status_code == 302


# --- Cookies (S04) ---
def test_cookies_are_for_this_host_only(elenco: Elenco) -> None:
    navegador = cliente()
    navegador.get(reverse("account_login"))
    escribir_clave(navegador, elenco.enlace.correo)
    assert set(navegador.cookies) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    for nombre, galleta in navegador.cookies.items():
        assert nombre.startswith("__Host-")
        assert (galleta["secure"], galleta["httponly"], galleta["samesite"]) == (True, True, "Lax")
        assert (galleta["path"], galleta["domain"]) == ("/", "")


def test_the_session_cookie_goes_with_the_browser(elenco: Elenco) -> None:
    assert dentro(elenco.enlace).cookies[GALLETA]["max-age"] == ""


@pytest.mark.parametrize(
    "nombre",
    [
        "account_login",
        "account_logout",
        "account_reset_password",
        "cuentas:cambiar_rol",
        "cuentas:terminar_sesiones",
        "cuentas:pedir_usuario",
    ],
)
def test_forms_need_their_seal(elenco: Elenco, nombre: str) -> None:
    """S05."""
    navegador = cliente(enforce_csrf_checks=True)
    navegador.force_login(elenco.enlace, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert navegador.post(reverse(nombre)).status_code == 403


# --- Ends (S02, S03) ---
def test_thirty_minutes_without_activity_end_it(elenco: Elenco) -> None:
    with time_machine.travel(timezone.now(), tick=False) as reloj:
        navegador = dentro(elenco.enlace)
        reloj.shift(timedelta(minutes=29, seconds=59))
        assert vive(navegador)
        reloj.shift(timedelta(minutes=29, seconds=59))
        assert vive(navegador), "la actividad la prolonga"
        reloj.shift(timedelta(minutes=30))
        assert not vive(navegador)
    assert not Sesion.objects.filter(persona=elenco.enlace).exists()


def test_ten_hours_end_it_however_active(elenco: Elenco) -> None:
    with time_machine.travel(timezone.now(), tick=False) as reloj:
        navegador = dentro(elenco.enlace)
        for _ in range(29):
            reloj.shift(timedelta(minutes=20))
            assert vive(navegador)
        reloj.shift(timedelta(minutes=19, seconds=59))
        assert vive(navegador)
        reloj.shift(timedelta(seconds=1))
        assert not vive(navegador)


def test_changing_the_role_does_not_give_ten_hours_more(elenco: Elenco) -> None:
    otra = FabricaMembresia(persona=elenco.enlace, rol="enlace", entidad=elenco.instituto)
    with time_machine.travel(timezone.now(), tick=False) as reloj:
        navegador = dentro(elenco.enlace)
        for vuelta in range(30):
            reloj.shift(timedelta(minutes=20) - timedelta(seconds=vuelta == 29))
            navegador.post(reverse("cuentas:cambiar_rol"), {"membresia": otra.pk})
        assert vive(navegador)
        reloj.shift(timedelta(seconds=1))
        assert not vive(navegador)


def test_a_page_that_asks_for_news_by_itself_does_not_keep_it_alive(elenco: Elenco) -> None:
    with time_machine.travel(timezone.now(), tick=False) as reloj:
        navegador = dentro(elenco.enlace)
        for _ in range(3):
            reloj.shift(timedelta(minutes=10))
            estado = navegador.get(reverse("cuentas:sesion"), headers={"accept": "application/json"})
        assert estado.status_code == 401


def test_the_person_is_told_why_they_must_sign_in_again(elenco: Elenco) -> None:
    with time_machine.travel(timezone.now(), tick=False) as reloj:
        navegador = dentro(elenco.enlace)
        reloj.shift(timedelta(minutes=31))
        ida = navegador.get(reverse("cuentas:cuenta"))
        assert ida["Location"].startswith(reverse("account_login"))
        pagina = navegador.get(ida["Location"]).content.decode()
    assert "Su sesión terminó por seguridad" in pagina
    assert "Su sesión terminó" not in cliente().get(reverse("account_login")).content.decode()


def test_a_script_gets_401_and_can_keep_the_text(elenco: Elenco, anonimo: Client) -> None:
    """E3: the autosave of a draft learns that the session ended instead of following a redirect."""
    for encabezados in ({"accept": "application/json"}, {"hx-request": "true"}):
        respuesta = anonimo.get(reverse("cuentas:cuenta"), headers=encabezados)
        assert respuesta.status_code == 401
        assert "Su sesión terminó" in respuesta.json()["error"]


def test_seconds_left_and_continuing(elenco: Elenco) -> None:
    """WCAG 2.2.1: the page knows how long is left and the person may go on."""
    with time_machine.travel(timezone.now(), tick=False) as reloj:
        navegador = dentro(elenco.enlace)
        reloj.shift(timedelta(minutes=25))
        pregunta: dict[str, Any] = {"headers": {"accept": "application/json"}}
        assert navegador.get(reverse("cuentas:sesion"), **pregunta).json() == {"segundos": 300}
        assert navegador.post(reverse("cuentas:sesion"), **pregunta).json() == {"segundos": 1800}
        assert navegador.get(reverse("cuentas:sesion"), **pregunta).json() == {"segundos": 1800}


def test_leaving_ends_it_on_the_server(elenco: Elenco) -> None:
    navegador = dentro(elenco.enlace)
    robada = con_llave(llave(navegador))
    navegador.post(reverse("account_logout"))
    assert not vive(robada)


def test_disabling_a_person_ends_all_their_sessions(elenco: Elenco) -> None:
    casa, oficina = dentro(elenco.enlace), dentro(elenco.enlace)
    with actuar(elenco.administradora):
        desactivar_persona(persona=elenco.enlace, motivo="Se retiró de la entidad")
    assert not vive(casa)
    assert not vive(oficina)
    assert not Sesion.objects.filter(persona=elenco.enlace).exists()


def test_changing_the_password_ends_all_sessions(elenco: Elenco) -> None:
    casa, oficina = dentro(elenco.enlace), dentro(elenco.enlace)
    nueva = "otra clave larga de prueba"
    respuesta = casa.post(
        reverse("account_change_password"), {"oldpassword": CLAVE, "password1": nueva, "password2": nueva}
    )
    assert respuesta["Location"] == reverse("account_login")
    assert not vive(casa)
    assert not vive(oficina)
    elenco.enlace.refresh_from_db()
    assert elenco.enlace.check_password(nueva)


def test_a_person_ends_the_sessions_of_other_computers(elenco: Elenco) -> None:
    casa, oficina, ajeno = dentro(elenco.enlace), dentro(elenco.enlace), dentro(elenco.colega)
    casa.post(reverse("cuentas:terminar_sesiones"))
    assert vive(casa)
    assert not vive(oficina)
    assert vive(ajeno)


def test_a_person_ends_one_session_by_its_name(elenco: Elenco) -> None:
    casa, oficina, celular = dentro(elenco.enlace), dentro(elenco.enlace), dentro(elenco.enlace)
    casa.post(reverse("cuentas:terminar_sesiones"), {"sesion": sesiones.huella(llave(oficina))})
    assert (vive(casa), vive(oficina), vive(celular)) == (True, False, True)


def test_the_page_does_not_show_session_keys(elenco: Elenco) -> None:
    casa, oficina = dentro(elenco.enlace), dentro(elenco.enlace)
    pagina = casa.get(reverse("cuentas:cuenta")).content.decode()
    assert llave(oficina) not in pagina
    assert llave(casa) not in pagina


def test_the_sweep_removes_only_what_is_over(elenco: Elenco) -> None:
    with time_machine.travel(timezone.now(), tick=False) as reloj:
        vieja = dentro(elenco.enlace)
        reloj.shift(timedelta(minutes=31))
        nueva = dentro(elenco.colega)
        assert sesiones.limpiar() >= 1
        assert not Sesion.objects.filter(session_key=llave(vieja)).exists()
        assert Sesion.objects.filter(session_key=llave(nueva)).exists()


# --- Memberships (T11) ---
def test_an_ended_membership_opens_nothing_at_the_next_request(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.enlace)
    assert navegador.get(reverse("cuentas:entidad")).status_code == 200
    with actuar(elenco.administradora):
        terminar_membresia(membresia=Membresia.objects.get(persona=elenco.enlace))
    assert navegador.get(reverse("cuentas:entidad")).status_code == 403
    assert navegador.get(reverse("cuentas:enlaces")).status_code == 403


# --- The person comes with the session ---
def test_a_page_reads_session_and_person_at_once(elenco: Elenco, entrar: Any) -> None:
    navegador = entrar(elenco.enlace)
    vive(navegador)
    with CaptureQueriesContext(connection) as consultas:
        assert vive(navegador)
    assert sum('FROM "direcciones_persona"' in una["sql"] for una in consultas) == 0
    # The page lists sessions and memberships too.
    assert '"cuentas_sesion"."session_key" = ' in consultas[0]["sql"]
    for tabla in ("cuentas_sesion", "direcciones_membresia"):
        assert sum(f'FROM "{tabla}"' in una["sql"] for una in consultas[1:]) == 1


def test_the_memberships_that_come_with_a_session_are_those_of_its_person(elenco: Elenco) -> None:
    FabricaMembresia(persona=elenco.enlace, rol="enlace", entidad=elenco.instituto)
    navegador = dentro(elenco.enlace)
    leida = sesiones.SessionStore(llave(navegador))
    leida.load()
    with actuar(elenco.enlace):
        suyas = list(Membresia.objects.filter(persona=elenco.enlace).order_by("pk"))
    assert leida.membresias == suyas
    assert len(suyas) == 2
    assert leida.persona == elenco.enlace


def test_reading_a_session_leaves_the_alcance_that_was_open(elenco: Elenco) -> None:
    navegador = dentro(elenco.asesora)
    with con_alcance(Alcance(persona_id=elenco.enlace.pk)):
        sesiones.SessionStore(llave(navegador)).load()
        assert set(Membresia.objects.values_list("persona_id", flat=True)) == {elenco.enlace.pk}


def test_what_an_action_leaves_said_is_written_with_what_it_did(elenco: Elenco, entrar: Any) -> None:
    navegador = entrar(elenco.enlace)
    ruta, datos = reverse("cuentas:cuenta"), {"nombre": "Laura Pérez", "cargo": "Profesional", "telefono": "3000000"}
    vive(navegador)
    with CaptureQueriesContext(connection) as consultas:
        respuesta = navegador.post(reverse("cuentas:datos"), datos)
    assert respuesta.status_code == 302
    assert not any("update cuentas_sesion" in una["sql"] for una in consultas)  # it has no trip of its own
    assert [str(uno) for uno in navegador.get(ruta).context["messages"]]
    assert not [str(uno) for uno in navegador.get(ruta).context["messages"]]  # and is said once


def test_what_no_page_showed_does_not_grow_without_end(elenco: Elenco, entrar: Any) -> None:
    navegador = entrar(elenco.enlace)
    for k in range(8):
        datos = {"nombre": f"Laura Pérez {k}", "cargo": "Profesional", "telefono": "3000000"}
        assert navegador.post(reverse("cuentas:datos"), datos).status_code == 302
    assert len(list(navegador.get(reverse("cuentas:cuenta")).context["messages"])) == 5


def test_a_session_that_ended_meanwhile_is_not_written_again(elenco: Elenco) -> None:
    navegador = dentro(elenco.enlace)
    leida = sesiones.SessionStore(llave(navegador))
    leida["algo"] = 1
    Sesion.objects.filter(session_key=llave(navegador)).delete()
    with transaction.atomic():
        sesiones.guardar_al_confirmar(leida)
    assert not Sesion.objects.filter(session_key=llave(navegador)).exists()


def test_who_has_no_membership_in_force_is_still_who_they_are(elenco: Elenco) -> None:
    navegador = dentro(elenco.enlace)
    with actuar(elenco.administradora):
        terminar_membresia(membresia=Membresia.objects.get(persona=elenco.enlace))
    pagina = navegador.get(reverse("cuentas:cuenta"))
    assert pagina.context["user"] == elenco.enlace


@pytest.mark.parametrize("cambio", [{"is_active": False}, {"password": "otra"}])
def test_what_changes_of_the_person_counts_on_the_next_page(elenco: Elenco, cambio: dict[str, Any]) -> None:
    navegador = dentro(elenco.enlace)
    assert vive(navegador)
    Persona.objects.filter(pk=elenco.enlace.pk).update(**cambio)
    assert not vive(navegador)


def test_a_session_with_the_row_of_another_person_opens_as_the_one_it_names(elenco: Elenco) -> None:
    navegador = dentro(elenco.enlace)
    Sesion.objects.filter(session_key=llave(navegador)).update(persona=elenco.otra_enlace)
    pagina = navegador.get(reverse("cuentas:cuenta"))
    assert pagina.context["user"].pk == elenco.enlace.pk
