"""M12, I02: in a real browser, and without the policy of our pages, cleaned HTML asks for nothing and runs nothing."""

import pytest
from playwright.sync_api import Page, Route

from buzones.mime import limpiar_html
from tests.buzones.corpus.escritos import MALOS

_TESTIGO = "<script>document.title = 'corrió'</script><img src='https://malo.example/p.gif'>"


@pytest.fixture
def pedidos(pestana: Page) -> list[str]:
    """Every address that the page asks for; nobody answers."""
    hechos: list[str] = []

    def anotar(ruta: Route) -> None:
        hechos.append(ruta.request.url)
        ruta.abort()

    pestana.route("**/*", anotar)
    return hechos


def _mostrar(pestana: Page, html: str) -> str:
    """Shown, everything in it touched and pressed; what the page says at the end."""
    pestana.set_content(f"<!doctype html><title>quieta</title><body>{html}</body>", wait_until="load")
    pestana.evaluate(
        """() => { for (const e of document.querySelectorAll('*'))
             for (const que of ['mouseover', 'focus', 'error', 'load', 'toggle', 'click'])
               if (e.localName !== 'a' || que !== 'click') e.dispatchEvent(new Event(que)) }"""
    )
    return pestana.title()


def test_lo_hostil_limpio_no_pide_ni_corre_nada(pestana: Page, pedidos: list[str]):
    avisos: list[str] = []
    pestana.on("dialog", lambda dialogo: (avisos.append(dialogo.message), dialogo.dismiss()))
    for nombre, malo in MALOS.items():
        titulo = _mostrar(pestana, limpiar_html.limpiar(f"<p>Hola</p>{malo}"))
        assert (titulo, pedidos, avisos) == ("quieta", [], []), nombre
        assert "Hola" in pestana.inner_text("body")
        assert pestana.locator("form, input, iframe, script, style, svg, [onclick], [onerror]").count() == 0, nombre


def test_control_lo_mismo_sin_limpiar_si_pide_y_corre(pestana: Page, pedidos: list[str]):
    titulo = _mostrar(pestana, _TESTIGO)
    assert titulo == "corrió"
    assert pedidos == ["https://malo.example/p.gif"]
    assert sum(_pide(pestana, pedidos, malo) for malo in MALOS.values()) > 10


def _pide(pestana: Page, pedidos: list[str], malo: str) -> bool:
    pedidos.clear()
    try:
        _mostrar(pestana, malo)
    except Exception:  # some of them take the page somewhere else
        return True
    return bool(pedidos)


def test_lo_que_sirve_se_conserva():
    html = (
        '<p style="color: red; position: fixed">Rojo</p><table border="1"><tr><td colspan="2">uno</td></tr></table>'
        '<a href="https://entidad.example/?a=1&b=2">ir</a> <a href="mailto:a@b.example">a</a><b>negrilla</b>'
    )
    limpio = limpiar_html.limpiar(html)
    assert '<p style="color:red">Rojo</p>' in limpio.replace("color: red", "color:red").replace(";", "")
    assert '<td colspan="2">uno</td>' in limpio
    assert 'href="https://entidad.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow"' in limpio
    assert "<b>negrilla</b>" in limpio


def test_el_texto_y_el_html_dicen_lo_mismo():
    html = (
        "<div>Uno</div><div>dos<br>tres</div><blockquote>cuatro<blockquote>cinco</blockquote></blockquote><p>seis</p>"
    )
    lineas = limpiar_html.a_texto(html).split("\n")
    assert [linea for linea in lineas if linea.strip("> ")] == ["Uno", "dos", "tres", "> cuatro", "> > cinco", "seis"]
