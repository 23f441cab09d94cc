"""The description of the API: for programs, OpenAPI; for people, a page drawn from it that calls no other host."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from rest_framework.request import Request
from rest_framework.response import Response

from alcance.politicas import publica
from api.documentacion import de_todas, indice
from api.ejemplos import WEBHOOK
from api.esquema import esquema
from api.permisos import ROLES_DE, TODOS_LOS_ROLES, Permiso
from api.views.base import VistaPublica
from direcciones.roles import Rol
from sdfi_portal.problemas import PROBLEMAS


@publica("describe la API; no muestra datos de nadie")
class Esquema(VistaPublica):
    schema = None  # it does not describe itself

    def get(self, request: Request) -> Response:
        return Response(esquema())


@publica("documentación de la API; no muestra datos de nadie")
@require_GET
def documentacion(request: HttpRequest) -> HttpResponse:
    contexto = {
        "grupos": indice(),
        "de_todas": de_todas(),
        "problemas": sorted(PROBLEMAS.items()),
        "permisos": [{"clave": p.value, "que": p.label, "quienes": _quienes(ROLES_DE[p])} for p in Permiso],
        "prueba": f"TOKEN=sdfi_…\n{_curl_de('leer_token')}",
        "webhook": json.dumps(WEBHOOK, ensure_ascii=False, indent=2),
        "limite_token": settings.API_LIMITE_TOKEN,
        "limite_direccion": settings.API_LIMITE_DIRECCION,
    }
    return render(request, "api/documentacion.html", contexto)


def _curl_de(clave: str) -> str:
    return next(op.curl for _, grupo in indice() for op in grupo if op.clave == clave)


def _quienes(roles: frozenset[Rol]) -> str:
    if roles == TODOS_LOS_ROLES:
        return "Todos los roles"
    return ", ".join(Rol(rol).label for rol in Rol if rol in roles)
