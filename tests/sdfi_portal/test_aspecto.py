"""The frame and every part in Chromium: axe, 320 px, keyboard, console, weight. Pages: tests/paginas."""

import gzip
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests.soporte.aspecto import ANCHA, ANGOSTA, Vitrina
from tests.soporte.elenco import Elenco


@pytest.fixture
def publica(pestana: Page, elenco: Elenco) -> Vitrina:
    return Vitrina(pestana, Client())


@pytest.fixture
def guia(pestana: Page, elenco: Elenco, entrar: Callable[..., Client]) -> Vitrina:
    vitrina = Vitrina(pestana, entrar(elenco.asesora))
    vitrina.abrir("/guia-de-estilo/")
    return vitrina


def test_todas_las_piezas_accesibles(guia: Vitrina) -> None:
    """Every part in every state."""
    guia.revisar()


def test_todas_las_piezas_con_contraste_alto(guia: Vitrina) -> None:
    guia.cliente.cookies["aspecto"] = "1c"
    guia.abrir("/guia-de-estilo/")
    guia.revisar((ANCHA,))


def test_todas_las_piezas_con_la_letra_mas_grande(guia: Vitrina) -> None:
    guia.cliente.cookies["aspecto"] = "3"
    guia.abrir("/guia-de-estilo/")
    for ancho in (320, 390, 768, 1280):
        guia.pestana.set_viewport_size({"width": ancho, "height": 800})
        assert guia.desborde() == []


def test_el_menu_de_la_cuenta_abre_y_cierra_con_teclado(guia: Vitrina) -> None:
    menu = guia.pestana.locator(".cuenta")
    menu.locator("summary").focus()
    guia.pestana.keyboard.press("Enter")
    assert menu.get_attribute("open") is not None
    assert guia.fallas_axe() == []
    guia.pestana.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert guia.pestana.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_el_foco_va_al_resumen_de_errores(guia: Vitrina) -> None:
    assert guia.pestana.evaluate("document.activeElement.className") == "resumen"
    guia.pestana.get_by_role("link", name="Elija qué necesita").click()
    assert guia.pestana.evaluate("document.activeElement.id") == "id_e-modalidad_0"


def test_el_teclado_recorre_todo_y_el_foco_se_ve(publica: Vitrina) -> None:
    """From the skip link to the footer, in the order of the page, with a ring on each stop."""
    publica.abrir("/como-solicitar/")
    paradas, anillos = [], []
    for _ in range(60):
        publica.pestana.keyboard.press("Tab")
        texto, sombra, perfil = publica.pestana.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            return [e.textContent.trim(), s.boxShadow, s.outlineStyle]; }"""
        )
        if texto == paradas[0] if paradas else False:
            break
        if publica.pestana.evaluate("document.activeElement === document.body"):
            break
        paradas.append(texto)
        anillos.append(sombra != "none" and perfil != "none")
    assert paradas[0] == "Ir al contenido"
    assert "Mapa del sitio" in paradas
    assert all(anillos)


def test_los_controles_se_pueden_tocar(guia: Vitrina) -> None:
    """WCAG 2.5.8: 24 px at least; our buttons and fields 44 px on a phone."""
    guia.pestana.set_viewport_size(ANGOSTA)
    chicos = guia.pestana.evaluate(
        """() => [...document.querySelectorAll('.boton:not(.boton--chico), select, textarea, input')]
        .filter((e) => e.offsetParent && !e.closest('.casilla') && e.getBoundingClientRect().height < 43)
        .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert chicos == []
    menudos = guia.pestana.evaluate(
        """() => [...document.querySelectorAll('button, summary, .nav a, .pie a, .barra-gov a, .casilla input')]
        .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 24)
        .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert menudos == []


def test_en_el_telefono_la_tabla_es_de_tarjetas(guia: Vitrina) -> None:
    """E20: no column is lost; each cell says its name and the deadline goes first."""
    guia.pestana.set_viewport_size(ANGOSTA)
    fila = guia.pestana.locator("table.tabla tbody tr").first
    etiquetas = fila.locator("td").evaluate_all(
        "(celdas) => celdas.map((c) => getComputedStyle(c, '::before').content.replaceAll('\"', ''))"
    )
    assert etiquetas == ["Radicado", "Entidad y tema", "Recibida", "Plazo", "Estado", "Acción"]
    alto = fila.locator("td").evaluate_all("(celdas) => celdas.map((c) => c.getBoundingClientRect().top)")
    assert min(alto) == alto[3]


def test_en_pantalla_ancha_los_filtros_estan_a_la_vista(guia: Vitrina) -> None:
    filtros = guia.pestana.locator(".filtros")
    guia.pestana.set_viewport_size(ANCHA)
    assert filtros.get_by_label("Entidad").is_visible()
    guia.pestana.set_viewport_size(ANGOSTA)
    assert not filtros.get_by_label("Entidad").is_visible()


def test_la_portada_pesa_poco(publica: Vitrina) -> None:
    """Budget of interface.md §6: 50 kB and 6 requests, cold, compressed."""
    pesos: list[int] = []
    publica.pestana.on("response", lambda r: pesos.append(len(gzip.compress(r.body(), 6))))
    publica.abrir("/")
    publica.pestana.wait_for_load_state("networkidle")
    assert len(pesos) <= 6
    assert sum(pesos) <= 50_000


def test_sin_javascript_el_marco_sirve(chromium, elenco: Elenco, entrar: Callable[..., Client]) -> None:
    contexto = chromium.new_context(java_script_enabled=False)
    vitrina = Vitrina(contexto.new_page(), entrar(elenco.asesora))
    vitrina.abrir("/guia-de-estilo/")
    vitrina.pestana.locator(".cuenta summary").click()
    assert vitrina.pestana.locator(".cuenta__panel").is_visible()
    vitrina.pestana.get_by_role("link", name="Aumentar letra").click()
    vitrina.pestana.wait_for_selector("html.letra-mas")
    contexto.close()


def test_en_papel_no_salen_botones_ni_menus(guia: Vitrina) -> None:
    guia.pestana.emulate_media(media="print")
    assert not guia.pestana.locator(".nav").is_visible()
    assert not guia.pestana.get_by_role("button", name="Atender la siguiente").is_visible()
    assert guia.pestana.locator("table.tabla").first.is_visible()


def test_el_papel_es_blanco_aunque_la_pantalla_tenga_contraste(guia: Vitrina) -> None:
    """Black paper wasted ink and hid what the sheet prints in black."""
    guia.cliente.cookies["aspecto"] = "1c"
    guia.abrir("/guia-de-estilo/")
    fondo = "(e) => getComputedStyle(e).backgroundColor"
    campo = guia.pestana.locator("textarea").first
    assert campo.evaluate(fondo) == "rgb(0, 0, 0)"
    guia.pestana.emulate_media(media="print")
    assert campo.evaluate(fondo) == "rgb(255, 255, 255)"
