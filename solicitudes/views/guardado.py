"""The draft saves itself while it is written (static/js/borrador.js)."""

from django.http import HttpRequest, HttpResponse
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alcance.politicas import requiere
from sdfi_portal.templatetags.portal import hora
from solicitudes.models import Borrador
from solicitudes.services.borradores import BorradorCambiado, BorradorCerrado
from solicitudes.views.comunes import RADICAN, borrador_de
from solicitudes.views.radicar import forma_enviada, guardar_lo_enviado


@requiere(*RADICAN)
class Guardar(APIView):
    """200 {version, hora}; 409 {version, hora, campos} when another window saved first, with what it kept; 410 when it
    was filed meanwhile; 401 when the session ended (cuentas.middleware)."""

    parser_classes = [FormParser]

    def post(self, request: Request, pk: int, paso: str) -> HttpResponse:
        return guardar(request, borrador_de(request, pk, paso), paso)


def guardar(request: HttpRequest | Request, borrador: Borrador, paso: str) -> Response:
    forma = forma_enviada(request, borrador, paso)
    try:
        guardado = guardar_lo_enviado(request, borrador, forma)
    except BorradorCambiado as choque:
        actual = choque.borrador
        return Response(
            {"version": actual.version, "hora": hora(actual.guardado_en), "campos": choque.guardados}, status=409
        )
    except BorradorCerrado as cierre:
        return Response({"detail": cierre.message}, status=410)
    return Response({"version": guardado.version, "hora": hora(guardado.en)})
