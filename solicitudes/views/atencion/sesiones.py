"""What happened with a scheduled session: held, moved or cancelled."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from alcance.politicas import requiere
from solicitudes.estados import ACTOS
from solicitudes.forms.atencion import FormularioCambioActuacion
from solicitudes.models import Actuacion
from solicitudes.services.acciones import cambiar_sesion
from solicitudes.services.transiciones import NoSePuede, no_le_corresponde
from solicitudes.views.atencion.acciones import poner_errores
from solicitudes.views.atencion.comun import ATIENDEN_, la_solicitud


@requiere(*ATIENDEN_)
def sesion(request: HttpRequest, radicado: str, pk: int) -> HttpResponse:
    solicitud = la_solicitud(request.alcance, radicado)
    actuacion = solicitud.actuaciones.select_related("modalidad", "parte").filter(pk=pk).first()
    if actuacion is None:
        raise Http404("No encontramos esa sesión.")
    razon = no_le_corresponde(actuacion.parte, ACTOS["programar"], request.alcance)
    if razon:
        raise PermissionDenied(razon)
    volver = f"{reverse('atencion:caso', args=[radicado])}?parte={actuacion.parte_id}"
    if actuacion.estado != Actuacion.Estado.PROGRAMADA:
        messages.info(request, "Esa sesión ya se había cerrado.")
        return redirect(volver)
    form = FormularioCambioActuacion(request.POST or None, request.FILES or None, actuacion=actuacion)
    if request.method == "POST" and form.is_valid() and _guardar(form, actuacion):
        messages.success(request, "Guardamos la sesión.")
        return redirect(volver)
    contexto: dict[str, Any] = {"solicitud": solicitud, "actuacion": actuacion, "form": form}
    return render(request, "atencion/sesion.html", contexto, status=422 if form.is_bound else 200)


def _guardar(form: FormularioCambioActuacion, actuacion: Actuacion) -> bool:
    try:
        cambiar_sesion(actuacion=actuacion, cambios=form.cambios(), archivos=form.cleaned_data["archivos"])
    except NoSePuede as rechazo:
        form.add_error(None, rechazo.message)
    except ValidationError as falla:
        poner_errores(form, falla)
    return form.is_valid()
