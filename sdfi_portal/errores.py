"""Error pages (interface.md §5.7): what happened, how to mend it, no stack and no blame."""

import logging
import secrets
import sys
from typing import Any

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape

from alcance.contexto import actual
from alcance.politicas import politica_de, publica
from bitacora.services import registrar
from sdfi_portal import problemas

registro = logging.getLogger("portal.errores")
POR_QUE = "las páginas de error no muestran datos de nadie"

SIN_PLANTILLA = (
    '<!doctype html><html lang="es-CO"><meta charset="utf-8"><title>Algo falló · Portal SDFI</title>'
    "<h1>Algo falló de nuestro lado</h1><p>Ya lo registramos con el código {codigo}."
    " Intente de nuevo en unos minutos.</p>"
    '<p><a href="/">Ir al inicio</a></p></html>'
)


def pagina(request: HttpRequest, codigo: int, plantilla: str = "", **contexto: Any) -> HttpResponse:
    """The page of an error code. Any view may answer with it: `return errores.pagina(request, 410)`."""
    if problemas.es_de_la_api(request):
        return problemas.responder(codigo)  # the sentence is for who sees pages and menus
    texto = render_to_string(f"errores/{plantilla or codigo}.html", contexto, request)
    return HttpResponse(texto, status=codigo)


@publica(POR_QUE)
def peticion(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; an upload over the limits is told as such (413)."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent):
        return pagina(request, 413)
    return pagina(request, 400)


@publica(POR_QUE)
def prohibido(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403. Our own refusals carry a sentence for the person; a library's do not."""
    _anotar_rechazo(request)
    motivo = str(exception)
    return pagina(request, 403, motivo=motivo if motivo.endswith(".") else "")


def _anotar_rechazo(request: HttpRequest) -> None:
    """Who tried a door that is not theirs stays in the record (A01). A visitor is sent to sign in, not refused."""
    alcance = actual()
    if alcance is None or alcance.persona_id is None:
        return
    ruta = request.resolver_match
    registrar(
        accion="acceso.negado",
        objeto=request.user,  # type: ignore[arg-type]
        texto=f"{request.method} {ruta.view_name if ruta else ''}",
        entidad_id=alcance.entidad_id,
        dependencias=alcance.dependencias,
    )


@publica(POR_QUE)
def no_encontrado(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for what exists and belongs to somebody else."""
    return pagina(request, 404)


@publica(POR_QUE)
def falla(request: HttpRequest) -> HttpResponse:
    """500 with a code that is in the log. Drawn without context processors: they may be what failed."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return sin_base()
    codigo = secrets.token_hex(3).upper()
    registro.error(
        "falla %s en %s",
        codigo,
        request.path,
        exc_info=sys.exc_info(),
        extra={"codigo": codigo},
    )
    if problemas.es_de_la_api(request):
        return problemas.responder(500, f"Ya lo registramos con el código {codigo}.")
    try:
        texto = render_to_string("errores/500.html", {"codigo": codigo})
    except Exception:
        registro.exception("la página de error 500 también falló")
        texto = SIN_PLANTILLA.format(codigo=escape(codigo))
    return HttpResponse(texto, status=500)


def sin_base() -> HttpResponse:
    """503: the database is away, full or busy (F05, F06). Trying again is right, and proxies are told when."""
    registro.error("la base de datos no atiende", exc_info=sys.exc_info())
    texto = render_to_string("errores/sin_base.html")
    return HttpResponse(texto, status=503, headers={"Retry-After": "10"})


@publica(POR_QUE)
def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its seal: an old page, or another site (settings.CSRF_FAILURE_VIEW).

    Nothing is done with it; a view that keeps what was typed offers it again to be sent by hand.
    """
    ruta = request.resolver_match
    politica = politica_de(ruta.func, ruta.view_name) if ruta else None
    if politica is not None and politica.sin_sesion is not None:
        return politica.sin_sesion(request)
    return pagina(request, 403, "csrf")
