"""A token opens the API and nothing else; a session opens the pages and nothing of the API (docs/decisiones/0021).

Stands before everything that looks at a session. Under /api/ the cookies of the request are put away unread, so there
is nothing to forge from another site; outside it `Authorization` is not looked at.
"""

from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from api import cuotas
from api.services import anotar_uso, credencial_de
from cuentas.red import ip_del_cliente
from sdfi_portal import problemas


class ApiMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.sesion_vacia = import_module(settings.SESSION_ENGINE).SessionStore

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not problemas.es_de_la_api(request):
            return self.get_response(request)
        request.COOKIES = {}
        request.session = self.sesion_vacia()
        request.user = AnonymousUser()
        trae_token, credencial = "Authorization" in request.headers, credencial_de(_secreto(request))
        ip = ip_del_cliente(request)
        cupo = cuotas.contar_token(credencial.token_id) if credencial else cuotas.contar_direccion(ip)
        if cupo.agotado:
            response = problemas.responder(429)
        elif trae_token and credencial is None:
            response = sin_token(request)
        else:
            if credencial is not None:
                anotar_uso(credencial, ip)
                request.user, request.credencial = credencial.persona, credencial  # type: ignore[attr-defined]
            response = self.get_response(request)
        for nombre, valor in cupo.cabeceras.items():
            response.headers[nombre] = valor
        if credencial is not None:
            response.headers["Cache-Control"] = "private, no-store"
        return response


def _secreto(request: HttpRequest) -> str:
    """What `Authorization: Bearer …` carries; '' for anything else."""
    clase, _, secreto = request.headers.get("Authorization", "").partition(" ")
    return secreto.strip() if clase.lower() == "bearer" else ""


def sin_token(request: HttpRequest) -> HttpResponse:
    """401: says how to come in."""
    return problemas.responder(401, cabeceras={"WWW-Authenticate": 'Bearer realm="api"'})
