"""Open the portal's pages in Chromium without a server: every request of the page goes to Django's test client.

    vitrina = Vitrina(pestana, entrar(elenco.asesora))
    vitrina.abrir("/guia-de-estilo/")
    vitrina.revisar()

Same process and same transaction as the test, so the fixed cast is there and nothing is left behind. Headers travel
too: a page that breaks the content security policy is caught. Cookies live in the client, not in the browser.
"""

from collections.abc import Callable
from contextvars import copy_context
from html import escape
from typing import Any
from urllib.parse import SplitResult, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Response, Route

ORIGEN = "https://testserver"
AXE = Axe().axe_script
REGLAS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
ANCHA, ANGOSTA = {"width": 1280, "height": 900}, {"width": 320, "height": 800}
Vista = Callable[[Route], None]
# Static files are the same for every page of the run. Shape: path → (headers, bytes).
_estaticos: dict[str, tuple[dict[str, str], bytes]] = {}


class Vitrina:
    """A browser page fed by a test client. `quejas` gathers what the console said: errors and CSP reports."""

    def __init__(self, pestana: Page, cliente: Client) -> None:
        self.pestana, self.cliente = pestana, cliente
        self.quejas: list[str] = []
        self.pedidos: list[str] = []
        self.error: BaseException | None = None
        # Playwright answers from a context of its own, where Django would open another connection.
        self.contexto = copy_context()
        pestana.on("console", lambda m: self.quejas.append(m.text) if m.type in {"error", "warning"} else None)
        pestana.on("pageerror", lambda e: self.quejas.append(str(e)))
        pestana.route("**/*", self._servir)

    def servir_aparte(self, ruta: str, vista: Vista) -> None:
        """Answer one path by hand (a server that is slow, gone, or signed out)."""
        self.pestana.route(f"{ORIGEN}{ruta}*", vista)

    def abrir(self, ruta: str) -> Response:
        self.error = None
        try:
            respuesta = self.pestana.goto(f"{ORIGEN}{ruta}")
        finally:
            if self.error is not None:
                raise self.error
        assert respuesta is not None
        return respuesta

    def revisar(self, tamanos: tuple[dict[str, int], ...] = (ANCHA, ANGOSTA)) -> None:
        """axe at 0, nothing wider than the window, one h1, nothing on the console, at both widths."""
        self.pestana.wait_for_load_state("load")  # after a click it may still be without its styles and its fonts
        for tamano in tamanos:
            self.pestana.set_viewport_size(tamano)  # type: ignore[arg-type]
            # Said with what was found: pytest rewrites the asserts of tests, not of what they lean on.
            assert (anchos := self.desborde()) == [], anchos
            assert (fallas := self.fallas_axe()) == [], fallas
        assert self.pestana.locator("h1").count() == 1
        assert self.quejas == [], self.quejas

    def fallas_axe(self) -> list[str]:
        """«rule: element» of each violation."""
        if not self.pestana.evaluate("'axe' in window"):
            self.pestana.evaluate(AXE)
        return list(
            self.pestana.evaluate(
                """async (reglas) => (await axe.run(reglas)).violations.flatMap(
                ({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))""",
                REGLAS,
            )
        )

    def desborde(self) -> list[str]:
        """Elements that make the page scroll sideways."""
        return list(
            self.pestana.evaluate(
                """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
                [...document.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
                .map((e) => e.outerHTML.slice(0, 160))"""
            )
        )

    def _servir(self, ruta: Route) -> None:
        pedido = ruta.request
        partes = urlsplit(pedido.url)
        if f"{partes.scheme}://{partes.netloc}" != ORIGEN:
            self.quejas.append(f"pidió a otro servidor: {pedido.url}")
            ruta.abort()
            return
        self.pedidos.append(partes.path)
        if partes.path in _estaticos:
            cabeceras, contenido = _estaticos[partes.path]
            ruta.fulfill(headers=cabeceras, body=contenido)
            return
        cuerpo, cabeceras = pedido.post_data_buffer or b"", dict(pedido.headers)
        try:
            respuesta, contenido = self.contexto.run(self._pedir, pedido.method, partes, cuerpo, cabeceras)
        except BaseException as error:  # also pytest's own failures: told by `abrir`, not lost in the browser's loop
            self.error = error
            ruta.abort()
            return
        _entregar(ruta, respuesta, contenido)

    def _pedir(self, metodo: str, partes: SplitResult, cuerpo: bytes, cabeceras: dict[str, str]) -> tuple[Any, bytes]:
        tipo = cabeceras.pop("content-type", "application/octet-stream")
        propias = {nombre: valor for nombre, valor in cabeceras.items() if nombre not in {"host", "cookie"}}
        respuesta = self.cliente.generic(
            metodo,
            partes._replace(scheme="", netloc="").geturl(),
            data=cuerpo,
            content_type=tipo,
            headers=propias,
            secure=True,
        )
        return respuesta, respuesta.getvalue()


def _entregar(ruta: Route, respuesta: Any, contenido: bytes) -> None:
    destino = respuesta.headers.get("Location")
    if destino and ruta.request.is_navigation_request():
        # Playwright does not route what follows a redirect, so the page itself asks for it.
        ruta.fulfill(body=f'<meta http-equiv="refresh" content="0;url={escape(destino)}">', content_type="text/html")
        return
    cabeceras = {nombre: valor for nombre, valor in respuesta.headers.items() if nombre != "Content-Length"}
    camino = urlsplit(ruta.request.url).path
    if camino.startswith(settings.STATIC_URL) and respuesta.status_code == 200:
        _estaticos[camino] = cabeceras, contenido
    ruta.fulfill(status=respuesta.status_code, headers=cabeceras, body=contenido)
