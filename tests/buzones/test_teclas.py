"""The tray with the keyboard in Chromium: one key per decision, the next message takes the focus, and a frame where
nothing runs."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from buzones.models import Correo
from direcciones.models import Persona
from tests.buzones.apoyos import casilla
from tests.buzones.correos import correo, correo_de, mensaje
from tests.fabricas import escribiendo
from tests.soporte.aspecto import ANCHA, Vitrina
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
ESPERA = 30_000  # ms: what follows a decision is two pages, each made while others work


def hace(elenco: Elenco, minutos: int, asunto: str) -> Correo:
    return correo(elenco, asunto=asunto, recibido_en=timezone.now() - timedelta(minutes=minutos))


def con_atajos(persona: Persona) -> Persona:
    with escribiendo():
        persona.atajos = True
        persona.save()
    return persona


def estado(fila: Correo) -> str:
    with escribiendo():
        fila.refresh_from_db()
    return fila.estado


def test_one_key_decides_and_the_next_one_takes_the_focus(pestana: Page, elenco: Elenco, entrar: Any) -> None:
    primero, segundo, tercero = (hace(elenco, 30 - n, f"Mensaje {n}") for n in range(3))
    vitrina = Vitrina(pestana, entrar(con_atajos(elenco.ventanilla)))
    pestana.set_viewport_size(ANCHA)  # type: ignore[arg-type]
    vitrina.abrir("/correo/por-clasificar/")
    pestana.keyboard.press("x")
    expect(pestana.locator("#actual")).to_contain_text("Mensaje 1", timeout=ESPERA)
    expect(pestana.locator("#actual")).to_be_focused(timeout=ESPERA)
    assert estado(primero) == "descartado" and estado(segundo) == "por_clasificar"
    pestana.keyboard.press("d")
    expect(pestana.locator("#actual")).to_contain_text("Mensaje 0", timeout=ESPERA)
    pestana.wait_for_load_state()  # the keys are heard from then on
    assert estado(primero) == "por_clasificar"
    # Left for later; then one that asks something, with nothing done until it is sent.
    pestana.keyboard.press("s")
    expect(pestana.locator("#actual")).to_contain_text("Mensaje 1", timeout=ESPERA)
    pestana.wait_for_load_state()
    pestana.keyboard.press("r")
    expect(pestana.locator("h1")).to_contain_text("Radicar como solicitud", timeout=ESPERA)
    # Inside a field a letter is a letter.
    pestana.locator("#id_modalidad").focus()
    pestana.keyboard.press("x")
    expect(pestana.locator("h1")).to_contain_text("Radicar como solicitud", timeout=ESPERA)
    assert estado(segundo) == estado(tercero) == "por_clasificar" and vitrina.quejas == []


def test_the_keys_are_off_for_who_did_not_ask_for_them(pestana: Page, elenco: Elenco, entrar: Any) -> None:
    fila = hace(elenco, 30, "Mensaje")
    vitrina = Vitrina(pestana, entrar(elenco.ventanilla))
    vitrina.abrir("/correo/por-clasificar/")
    pestana.keyboard.press("x")
    pestana.wait_for_timeout(200)
    assert estado(fila) == "por_clasificar"
    pestana.get_by_role("button", name="No es deseado").click()
    expect(pestana.locator("main")).to_contain_text("es correo no deseado", timeout=ESPERA)
    assert estado(fila) == "descartado"


def test_the_html_of_a_stranger_runs_nothing_and_asks_for_nothing(pestana: Page, elenco: Elenco, entrar: Any) -> None:
    """M10: whatever was left in it. The colours that it has are seen; nothing else is let in."""
    fila = correo_de(elenco, mensaje(html='<p style="color: red">Rojo</p>'), casilla=casilla(elenco))
    peligro = '<img src="https://rastreo.example/p.gif"><script>parent.document.title = "mal"</script>'
    with escribiendo():
        Correo.objects.filter(pk=fila.pk).update(html=f"{fila.html}{peligro}")  # as if the cleaning had failed
    vitrina = Vitrina(pestana, entrar(elenco.ventanilla))
    vitrina.abrir(f"/correo/{fila.pk}/")
    pestana.get_by_text("Ver con su formato").click()
    marco = pestana.frame_locator("iframe")
    expect(marco.locator("p")).to_have_text("Rojo", timeout=ESPERA)
    assert marco.locator("p").evaluate("uno => getComputedStyle(uno).color") == "rgb(255, 0, 0)"
    assert "mal" not in pestana.title()
    assert not any("rastreo" in pedido for pedido in vitrina.pedidos)
