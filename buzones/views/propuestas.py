"""Whoever wrote for an entity, made its liaison when the entity says so (R47)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alcance.politicas import requiere
from buzones.forms.propuestas import CONFIRMAR, DecidirPropuestaForm, ProponerForm
from buzones.models import Correo, PropuestaEnlace
from buzones.permisos import DECIDEN, VEN_LIBRO
from buzones.services.proponer import confirmar, enlaces_de, proponer_enlace, reabrir, rechazar
from direcciones.roles import Rol
from plazos.reloj import hoy
from sdfi_portal.acciones import anotar_errores, enviado, hacer
from solicitudes.models import Solicitud

LEEN = VEN_LIBRO | {Rol.ADMIN_ENTIDAD}
RESUELVEN = {Rol.ADMIN_ENTIDAD, Rol.ADMINISTRADOR}
ULTIMAS = 50


@requiere(*sorted(LEEN))
@require_GET
def propuestas(request: HttpRequest) -> HttpResponse:
    """Those that wait, in order; below, the last decided."""
    todas = PropuestaEnlace.objects.visibles_para(request.alcance).select_related("entidad", "decidida_por")
    contexto = {
        "por_confirmar": list(todas.por_confirmar().order_by("pedida_en", "id")[:200]),
        "decididas": list(todas.exclude(estado=PropuestaEnlace.Estado.POR_CONFIRMAR).order_by("-id")[:ULTIMAS]),
        "es_entidad": request.alcance.rol == Rol.ADMIN_ENTIDAD,
        "resuelve": request.alcance.rol in RESUELVEN,
    }
    return render(request, "buzones/propuestas.html", contexto)


@requiere(*sorted(LEEN))
@require_http_methods(["GET", "POST"])
def propuesta(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is proposed, and what the entity says."""
    fila = _propuesta(request, pk)
    rol = request.alcance.rol
    if request.method == "POST" and rol not in RESUELVEN:
        raise PermissionDenied("La decide quien administra la entidad.")
    form = DecidirPropuestaForm(
        request.POST or None,
        enlaces=enlaces_de(fila.entidad_id),
        con_evidencia=rol == Rol.ADMINISTRADOR,
        initial={"reemplaza": fila.reemplaza_id},
    )
    if enviado(request, form) and _decidir(request, form, fila):
        return redirect("buzones:propuesta", pk)
    contexto = {
        "propuesta": fila,
        "form": form,
        "abierta": fila.estado == PropuestaEnlace.Estado.POR_CONFIRMAR and fila.vence >= hoy(),
        "resuelve": rol in RESUELVEN,
        "se_reabre": fila.estado == PropuestaEnlace.Estado.RECHAZADA and fila.vence >= hoy(),
        "es_entidad": rol == Rol.ADMIN_ENTIDAD,
    }
    return render(request, "buzones/propuesta.html", contexto)


def _decidir(request: HttpRequest, form: DecidirPropuestaForm, fila: PropuestaEnlace) -> bool:
    datos = form.cleaned_data
    evidencia = datos.get("evidencia", "")
    if datos["decision"] == CONFIRMAR:
        hecho = hacer(form, confirmar, propuesta=fila, reemplaza=datos["reemplaza"], evidencia=evidencia)
        dicho = f"Enviamos la invitación a {fila.correo_propuesto}. El enlace sirve 72 horas."
    else:
        hecho = hacer(form, rechazar, propuesta=fila, motivo=datos["motivo"], evidencia=evidencia)
        dicho = "Dijo que no. Nada cambió en la entidad."
    if hecho:
        messages.success(request, dicho)
    return bool(hecho)


@requiere(*sorted(RESUELVEN))
@require_POST
def reabrir_propuesta(request: HttpRequest, pk: int) -> HttpResponse:
    fila = _propuesta(request, pk)
    try:
        reabrir(fila)
    except ValidationError as error:
        anotar_errores(request, error)
    else:
        messages.success(request, f"{fila.nombre} espera otra vez su decisión.")
    return redirect("buzones:propuesta", pk)


@requiere(*sorted(DECIDEN))
@require_http_methods(["GET", "POST"])
def invitar(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever wrote that message."""
    suyos = Correo.objects.visibles_para(request.alcance)
    correo = get_object_or_404(suyos, pk=pk)
    iniciales = {"entidad": correo.entidad_id, "nombre": correo.de_nombre, "correo": correo.de_correo}
    return _proponer(request, correo, iniciales, correo.numero, reverse("buzones:detalle", args=[pk]))


@requiere(*sorted(DECIDEN))
@require_http_methods(["GET", "POST"])
def invitar_de_solicitud(request: HttpRequest, radicado: str) -> HttpResponse:
    """Whoever asked without an account, by mail or any other way."""
    suyas = Solicitud.objects.visibles_para(request.alcance)
    solicitud = get_object_or_404(suyas, radicado=radicado)
    correo = Correo.objects.visibles_para(request.alcance).filter(solicitud=solicitud).order_by("pk").first()
    iniciales = {
        "entidad": solicitud.entidad_id,
        "nombre": solicitud.remitente_nombre,
        "correo": solicitud.remitente_correo,
        "cargo": solicitud.remitente_cargo,
        "telefono": solicitud.remitente_telefono,
    }
    return _proponer(request, correo, iniciales, radicado, reverse("atencion:caso", args=[radicado]))


def _proponer(
    request: HttpRequest, correo: Correo | None, iniciales: dict[str, Any], sobre: str, volver: str
) -> HttpResponse:
    form = ProponerForm(request.POST or None, initial=iniciales)
    if enviado(request, form):
        entidad = form.cleaned_data["entidad"]
        datos = {"datos": form.datos(), "entidad_id": entidad.pk, "persona": request.user}
        if hacer(form, proponer_enlace, correo=correo, **datos) is not None:
            messages.success(request, f"Le pedimos a {entidad} que lo confirme. Le avisaremos qué responde.")
            return redirect("buzones:propuestas")
    return render(request, "buzones/invitar.html", {"form": form, "sobre": sobre, "volver": volver})


def _propuesta(request: HttpRequest, pk: int) -> PropuestaEnlace:
    suyas = PropuestaEnlace.objects.visibles_para(request.alcance)
    junto = ("entidad", "reemplaza__persona", "decidida_por", "pedida_por", "correo")
    fila: PropuestaEnlace = get_object_or_404(suyas.select_related(*junto), pk=pk)
    return fila
