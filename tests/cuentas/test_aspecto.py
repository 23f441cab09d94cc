"""Pages of accounts at the end of a journey (axe, 320 px, console, CSP), and modules. The rest: tests/paginas."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.cuentas.conftest import cliente, con_totp, escribir_clave
from tests.soporte.aspecto import Vitrina
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


def test_pages_with_errors(pestana: Page, elenco: Elenco) -> None:
    vitrina = Vitrina(pestana, cliente())
    for ruta, boton in (("/entrar/", "Entrar"), ("/pedir-acceso/", "Pedir el usuario")):
        vitrina.abrir(ruta)
        pestana.get_by_role("button", name=boton, exact=True).click()
        expect(pestana.locator(".resumen")).to_be_focused()
        assert pestana.title().startswith("Error:")
        vitrina.revisar()


def test_the_second_step_and_the_enrolment(pestana: Page, elenco: Elenco) -> None:
    primero = cliente()
    con_totp(elenco.directora)
    escribir_clave(primero, elenco.directora.correo)
    vitrina = Vitrina(pestana, primero)
    vitrina.abrir(reverse("mfa_authenticate"))
    vitrina.revisar()
    nueva = cliente()
    escribir_clave(nueva, elenco.administradora.correo)
    vitrina.cliente = nueva
    vitrina.abrir(reverse("mfa_activate_totp"))
    vitrina.revisar()


# --- Modules -----------------------------------------------------------------------------------------------------
def test_a_password_may_be_shown_and_is_hidden_when_sent(pestana: Page, elenco: Elenco) -> None:
    vitrina = Vitrina(pestana, cliente())
    vitrina.abrir("/entrar/")
    clave = pestana.locator("[name=password]")
    pestana.get_by_role("button", name="Mostrar contraseña").click()
    expect(clave).to_have_attribute("type", "text")
    pestana.get_by_role("button", name="Ocultar contraseña").click()
    expect(clave).to_have_attribute("type", "password")


def test_only_the_place_of_the_role_is_asked(pestana: Page, elenco: Elenco, entrar) -> None:
    vitrina = Vitrina(pestana, entrar(elenco.administradora))
    vitrina.abrir(reverse("cuentas:invitar"))
    entidad, dependencia = pestana.locator("[name=entidad]"), pestana.locator("[name=dependencia]")
    expect(entidad).to_be_hidden()
    expect(dependencia).to_be_hidden()
    pestana.locator("[name=rol]").select_option("enlace")
    expect(entidad).to_be_visible()
    pestana.locator("[name=rol]").select_option("asesor")
    expect(dependencia).to_be_visible()
    expect(entidad).to_be_hidden()


def con_reloj(pestana: Page, navegador: Client, respuestas: list[tuple[int, dict]]) -> list[str]:
    """The account page with the clock stopped; `/cuenta/sesion/` answers in turn. Gives the methods it got."""
    vitrina, metodos = Vitrina(pestana, navegador), []

    def responder(ruta) -> None:
        metodos.append(ruta.request.method)
        codigo, cuerpo = respuestas.pop(0) if len(respuestas) > 1 else respuestas[0]
        ruta.fulfill(status=codigo, json=cuerpo)

    vitrina.servir_aparte("/cuenta/sesion/", responder)
    pestana.clock.install(time="2026-11-23T10:00:00")
    vitrina.abrir(reverse("cuentas:cuenta"))
    pestana.clock.pause_at("2026-11-23T10:00:20")
    return metodos


def test_five_minutes_before_the_end_the_person_may_go_on(pestana: Page, elenco: Elenco, entrar) -> None:
    """WCAG 2.2.1."""
    metodos = con_reloj(pestana, entrar(elenco.enlace), [(200, {"segundos": 290}), (200, {"segundos": 1800})])
    expect(pestana.get_by_role("alert")).to_have_count(0)
    assert metodos == []
    pestana.clock.run_for(25 * 60_000)
    expect(pestana.get_by_role("alert")).to_contain_text("Su sesión termina en 5 minutos")
    pestana.get_by_role("button", name="Seguir en el portal").click()
    expect(pestana.get_by_role("alert")).to_have_count(0)
    assert metodos == ["GET", "POST"]


def test_another_window_kept_it_alive(pestana: Page, elenco: Elenco, entrar) -> None:
    metodos = con_reloj(pestana, entrar(elenco.enlace), [(200, {"segundos": 1500})])
    with pestana.expect_response("**/cuenta/sesion/"):
        pestana.clock.run_for(25 * 60_000)
    expect(pestana.get_by_role("alert")).to_have_count(0)
    assert metodos == ["GET"]


def test_when_it_ended_the_page_says_so(pestana: Page, elenco: Elenco, entrar) -> None:
    con_reloj(pestana, entrar(elenco.enlace), [(401, {"error": "…"})])
    pestana.clock.run_for(25 * 60_000)
    aviso = pestana.get_by_role("alert")
    expect(aviso).to_contain_text("Su sesión terminó por seguridad")
    expect(aviso.get_by_role("link", name="Entrar de nuevo")).to_have_attribute("href", "/entrar/?next=%2Fcuenta%2F")
