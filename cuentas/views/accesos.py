"""Requests of entidades without users: the administrador invites or refuses."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from alcance.politicas import requiere
from cuentas.forms import DecidirAccesoForm
from cuentas.models import SolicitudAcceso
from cuentas.services.accesos import invitar_a_quien_pidio, rechazar_acceso
from cuentas.views.usuarios import POR_PAGINA, pestanas
from direcciones.models import Membresia, Persona
from direcciones.roles import Rol
from sdfi_portal.acciones import enviado, hacer


@requiere(Rol.ADMINISTRADOR, Rol.AUDITOR)
@require_GET
def accesos(request: HttpRequest) -> HttpResponse:
    """Those to decide, in order of arrival; below, the last decided."""
    todas = SolicitudAcceso.objects.visibles_para(request.alcance).select_related("entidad", "decidida_por")
    contexto = {
        "por_decidir": list(todas.por_decidir().order_by("pedida_en", "id")[:200]),
        "decididas": list(todas.exclude(decidida_en=None).order_by("-decidida_en", "-id")[:POR_PAGINA]),
        "pestanas": pestanas(request, "accesos"),
        "puede_editar": request.alcance.rol == Rol.ADMINISTRADOR,
    }
    return render(request, "cuentas/accesos.html", contexto)


@requiere(Rol.ADMINISTRADOR)
@require_http_methods(["GET", "POST"])
def acceso(request: HttpRequest, pk: int) -> HttpResponse:
    solicitud = get_object_or_404(
        SolicitudAcceso.objects.visibles_para(request.alcance).select_related("entidad"), pk=pk
    )
    form = DecidirAccesoForm(request.POST or None)
    if enviado(request, form) and _decidir(request, form, solicitud):
        return redirect("cuentas:accesos")
    contexto = {
        "form": form,
        "solicitud": solicitud,
        "con_usuario": Persona.objects.filter(correo__iexact=solicitud.correo).first(),
        "de_la_entidad": Membresia.objects.activas().filter(entidad=solicitud.entidad).select_related("persona"),
    }
    return render(request, "cuentas/acceso.html", contexto)


def _decidir(request: HttpRequest, form: DecidirAccesoForm, solicitud: SolicitudAcceso) -> bool:
    decision, motivo = form.cleaned_data["decision"], form.cleaned_data["motivo"]
    if decision == "rechazar":
        hecho = hacer(form, rechazar_acceso, solicitud=solicitud, motivo=motivo)
        aviso = "Rechazó la petición. Enviamos el motivo por correo."
    else:
        hecho = hacer(form, invitar_a_quien_pidio, solicitud=solicitud, rol=decision)
        aviso = f"Enviamos la invitación a {solicitud.correo}."
    if hecho:
        messages.success(request, aviso)
    return bool(hecho)
