"""E2–E4 in Chromium, on the living portal: nothing typed or uploaded is lost, and one press files once."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.e2e import pasos
from tests.e2e.personas import Sesiones, entrar
from tests.soporte.asistente import un_pdf
from tests.soporte.pila import Pila

TEXTO = "Un texto que costó escribir.\nCon dos renglones."
MIENTRAS_TANTO = 3_000  # the alert of a failed save (E3)


def en_el_detalle(pagina: Page) -> str:
    """A draft at its second step. Gives its address."""
    pasos.empezar(pagina)
    pasos.elegir_tema(pagina, pasos.TEMA)
    return pagina.url


def necesidad(pagina: Page) -> Locator:
    return pagina.get_by_label("Cuente su necesidad")


def guardado(pagina: Page) -> None:
    expect(pagina.locator("[data-guardado]")).to_contain_text("Borrador guardado")


def test_la_pestana_muere_a_los_dos_segundos(sesiones: Sesiones, tmp_path: Path) -> None:
    """E2: two seconds after the last key, no farewell: text and files are there in another browser."""
    archivo = tmp_path / "acta.pdf"
    archivo.write_bytes(un_pdf().read())
    pagina = sesiones.pagina("enlace")
    url = en_el_detalle(pagina)
    pagina.goto(url.replace("/detalle/", "/documentos/"))
    pasos.subir(pagina, archivo)
    pagina.goto(url)
    necesidad(pagina).press_sequentially("Se cae la pestaña.")
    pagina.wait_for_timeout(2_000)
    matar(pagina)

    otra = sesiones.pagina("enlace")
    otra.goto(url)
    expect(necesidad(otra)).to_have_value("Se cae la pestaña.")
    otra.goto(url.replace("/detalle/", "/documentos/"))
    expect(otra.get_by_role("link", name="acta.pdf")).to_be_visible()


def matar(pagina: Page) -> None:
    """Kill the process that draws the page: nothing runs on its way out."""
    with pagina.expect_event("crash"), suppress(Error):
        pagina.goto("chrome://crash", wait_until="commit")


def test_la_sesion_termina_mientras_escribe(sesiones: Sesiones) -> None:
    """E3: alert within 3 s of the failed save; signs in again in another tab and the text is saved."""
    contexto = sesiones.perfil("enlace")
    pagina = contexto.new_page()
    url = en_el_detalle(pagina)
    contexto.clear_cookies()
    necesidad(pagina).fill(TEXTO)
    with pagina.expect_request("**/guardar/"):
        necesidad(pagina).blur()
    aviso = pagina.get_by_role("alert")
    expect(aviso).to_contain_text("Su sesión terminó por seguridad. Su texto sigue aquí.", timeout=MIENTRAS_TANTO)
    with contexto.expect_page() as nueva:
        aviso.get_by_role("link", name="Vuelva a entrar").click()
    entrar(nueva.value, "enlace", sesiones)
    nueva.value.close()
    pagina.bring_to_front()
    guardado(pagina)
    expect(aviso).to_have_count(0)
    expect(necesidad(pagina)).to_have_value(TEXTO)
    pagina.goto(url)
    expect(necesidad(pagina)).to_have_value(TEXTO)


def test_se_cae_la_red(sesiones: Sesiones) -> None:
    """E3: told at once, the text stays, and it is saved by itself when the network comes back."""
    contexto = sesiones.perfil("enlace")
    pagina = contexto.new_page()
    url = en_el_detalle(pagina)
    contexto.set_offline(True)
    necesidad(pagina).fill(TEXTO)
    necesidad(pagina).blur()
    aviso = pagina.get_by_role("alert")
    expect(aviso).to_contain_text("No pudimos guardar. Su texto sigue aquí.", timeout=MIENTRAS_TANTO)
    expect(necesidad(pagina)).to_have_value(TEXTO)
    contexto.set_offline(False)
    guardado(pagina)
    expect(aviso).to_have_count(0)
    pagina.goto(url)
    expect(necesidad(pagina)).to_have_value(TEXTO)


def test_un_doble_clic_radica_una(sesiones: Sesiones, pila_viva: Pila) -> None:
    """E4: double click, refresh and «back» give the same radicado."""
    asunto = "Doble clic en radicar"
    pagina = sesiones.pagina("enlace")
    en_el_detalle(pagina)
    pasos.escribir_solicitud(pagina, asunto)
    pasos.seguir(pagina)
    pasos.seguir(pagina)
    revisar = pagina.url
    pagina.get_by_label("Autorizo").check()
    pagina.get_by_role("button", name="Radicar solicitud").dblclick()
    pagina.wait_for_url(re.compile(r"/radicada/$"))
    radicada = pagina.url
    pagina.reload()
    pagina.goto(revisar)
    assert pagina.url == radicada
    consulta = "select count(*) from solicitudes_solicitud where asunto = %s"
    assert pila_viva.consultar(consulta, [asunto]) == [(1,)]


@pytest.mark.parametrize("conserva", ["Conservar lo de aquí", "Usar la otra versión"])
def test_dos_ventanas_muestran_las_dos_versiones(sesiones: Sesiones, conserva: str) -> None:
    """C04: who saves second sees both and chooses."""
    contexto = sesiones.perfil("enlace")
    una, otra = contexto.new_page(), contexto.new_page()
    url = en_el_detalle(una)
    otra.goto(url)
    for pagina, texto in ((una, "De la primera"), (otra, "De la segunda")):
        pagina.bring_to_front()
        necesidad(pagina).fill(texto)
        necesidad(pagina).blur()
        if pagina is una:
            guardado(una)
    aviso = otra.get_by_role("alert")
    expect(aviso).to_contain_text("Aquí: De la segunda")
    expect(aviso).to_contain_text("En la otra ventana: De la primera")
    aviso.get_by_role("button", name=conserva).click()
    expect(aviso).to_have_count(0)
    queda = "De la segunda" if conserva == "Conservar lo de aquí" else "De la primera"
    expect(necesidad(otra)).to_have_value(queda)
    if queda == "De la segunda":
        guardado(otra)
    una.goto(url)
    expect(necesidad(una)).to_have_value(queda)
