"""What was told of a solicitud, to whom, and whether it arrived."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from alcance.politicas import requiere
from avisos.services import envios_de
from bitacora.services import registrar
from solicitudes.views.atencion.comun import VEN_EL_CASO, la_solicitud


@requiere(*VEN_EL_CASO)
@require_GET
def avisos(request: HttpRequest, radicado: str) -> HttpResponse:
    solicitud = la_solicitud(request.alcance, radicado)  # type: ignore[attr-defined]
    if solicitud.reservada:
        registrar(accion="solicitud.abrir_reservada", objeto=solicitud)
    return render(request, "atencion/avisos.html", {"solicitud": solicitud, "envios": envios_de(solicitud.pk)})
