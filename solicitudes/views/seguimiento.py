"""The page of a private link: where a solicitud is, for whoever has no account."""

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alcance.politicas import publica
from solicitudes.services import seguimiento_privado
from solicitudes.views.piezas import mensajes_con


@publica("se abre con el secreto del enlace: muestra una solicitud a quien la pidió sin tener usuario")
@require_safe
def seguimiento(request: HttpRequest, token: str) -> HttpResponse:
    """What is no link and what never was look the same; one that ended says so, and nothing of the solicitud."""
    if respuesta := ratelimit.consume_or_429(request, action="seguimiento", limit_get=True):
        return respuesta
    visto = seguimiento_privado.por_token(token)
    if visto is None:
        raise Http404("No encontramos ese enlace. Ábralo desde el correo, completo.")
    plantilla = "solicitudes/seguimiento.html" if visto.vigente else "solicitudes/seguimiento_terminado.html"
    escritos = [(0, uno.en, uno.tipo, uno.texto, uno.quien) for uno in visto.mensajes]
    contexto = {"seguimiento": visto, "mensajes_": mensajes_con(escritos, [], visto.radicado)}
    pagina = render(request, plantilla, contexto, status=200 if visto.vigente else 410)
    pagina.headers["Cache-Control"] = "private, no-store"
    pagina.headers["X-Robots-Tag"] = "noindex, nofollow"
    return pagina
