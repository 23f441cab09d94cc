"""What was told of a solicitud, to whom, and whether it arrived."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from alcance.politicas import requiere
from avisos.services import con_su_hora, envios_de
from bitacora.services import registrar
from solicitudes.estados import ACTOS
from solicitudes.models import Solicitud
from solicitudes.services.transiciones import por_que_no
from solicitudes.views.atencion.caso import url_de_accion
from solicitudes.views.atencion.comun import VEN_EL_CASO, la_solicitud, las_partes


@requiere(*VEN_EL_CASO)
@require_GET
def avisos(request: HttpRequest, radicado: str) -> HttpResponse:
    solicitud = la_solicitud(request.alcance, radicado)  # type: ignore[attr-defined]
    if solicitud.reservada:
        registrar(accion="solicitud.abrir_reservada", objeto=solicitud)
    contexto = {
        "solicitud": solicitud,
        "envios": con_su_hora(envios_de(solicitud.pk)),
        "corregir": _corregir(request, solicitud),
    }
    return render(request, "atencion/avisos.html", contexto)


def _corregir(request: HttpRequest, solicitud: Solicitud) -> str:
    """Where its address is corrected, for who may; '' when it is the address of an account."""
    if solicitud.radicada_por_id is not None:
        return ""
    alcance = request.alcance  # type: ignore[attr-defined]
    partes = las_partes(solicitud)
    parte = next((p for p in partes if not por_que_no(p, ACTOS["corregir_correo"], alcance)), None)
    return url_de_accion(parte, "corregir_correo", len(partes) > 1) if parte else ""
