"""Headers of every answer, and a page with words for the bare ones (security.md S07, T19)."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from csp.middleware import HEADER, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from alcance.politicas import politica_de
from sdfi_portal import errores, problemas

PERMISOS = ", ".join(
    f"{nombre}=()"
    for nombre in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
CON_PAGINA = {405, 410, 413, 429, 503}


class CabecerasMiddleware:
    """Private pages are never stored; nothing of ours is embedded elsewhere; no sensor is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if problemas.es_de_la_api(request):
            response = problemas.convertir(response)
        else:
            response = _con_palabras(request, response)
        response.headers.setdefault("Permissions-Policy", PERMISOS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie", "HX-Request"])
        if es_privada(request):
            response.headers["Cache-Control"] = "private, no-store"
        return response


def es_privada(request: HttpRequest) -> bool:
    """Private unless the view is public and nobody's session came along: the header shows who is in."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return True
    ruta = request.resolver_match
    politica = politica_de(ruta.func, ruta.view_name) if ruta else None
    return not (politica and politica.publica)


def _con_palabras(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page for an answer that came with a code and no body, when a person is looking."""
    vacia = not response.streaming and not response.content
    if response.status_code not in CON_PAGINA or not vacia or not request.accepts("text/html"):
        return response
    pagina = errores.pagina(request, response.status_code)
    for nombre, valor in response.headers.items():
        if nombre not in {"Content-Type", "Content-Length"}:
            pagina.headers[nombre] = valor
    return pagina


class PoliticaMiddleware(CSPMiddleware):
    """The content policy, put together once: it is the same in every answer that neither departs from it nor asked
    for a nonce."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        partes = self.get_policy_parts(request=HttpRequest(), response=HttpResponse())
        self.escrita = build_policy(**asdict(partes))

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.DEBUG or hasattr(request, "_csp_nonce") or _se_aparta(response):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.escrita)
        return response


def _se_aparta(response: HttpResponseBase) -> bool:
    return any(nombre.startswith("_csp_") for nombre in vars(response))
