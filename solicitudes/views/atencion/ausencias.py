"""Absences: those of a team, one's own, and what one covers meanwhile."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from alcance import Alcance
from alcance.politicas import requiere
from direcciones.ausencias import Reemplazo, de_ese_dia
from direcciones.models import Ausencia, Persona
from direcciones.roles import JEFES, Rol
from direcciones.services.ausencias import puede_ausentar, registrar_ausencia, terminar_ausencia
from plazos.fechas import fecha_corrida
from plazos.reloj import hoy
from sdfi_portal.acciones import enviado, hacer
from solicitudes.forms.ausencias import AusenciaForm, del_equipo
from solicitudes.services.agenda import sesiones_entre
from solicitudes.services.relevo import lo_que_cubre
from solicitudes.views.atencion.comun import ESCRIBEN

DE_LA_JEFATURA = requiere(*sorted(JEFES), Rol.ADMINISTRADOR)
DEL_EQUIPO = requiere(*ESCRIBEN)


@DE_LA_JEFATURA
@require_GET
def ausencias(request: HttpRequest) -> HttpResponse:
    """Those in course and to come of the team."""
    suyas = _vigentes(request.alcance).filter(persona__in=del_equipo(request.alcance))  # type: ignore[attr-defined]
    return render(request, "atencion/ausencias.html", {"ausencias": _con_quien_cubre(list(suyas))})


def _vigentes(alcance: Alcance) -> Any:
    vigentes = Ausencia.objects.visibles_para(alcance).filter(anulada_en__isnull=True, hasta__gte=hoy())
    vigentes = vigentes.select_related("persona", "suplente", "encargo").order_by("desde", "persona__nombre", "id")
    return vigentes.annotate(hoy_cubre=Reemplazo(F("persona"), de_ese_dia()[0]))


def _con_quien_cubre(ausencias: list[Ausencia]) -> list[Ausencia]:
    """With the name of who covers each one today, chains followed."""
    dia = hoy()
    nombres = {p.pk: p.nombre for p in Persona.objects.filter(pk__in={a.hoy_cubre for a in ausencias})}  # type: ignore[attr-defined]
    for una in ausencias:
        una.en_curso = una.desde <= dia  # type: ignore[attr-defined]
        una.cubre = nombres.get(una.hoy_cubre, "") if una.en_curso else ""  # type: ignore[attr-defined]
    return ausencias


@DE_LA_JEFATURA
@require_http_methods(["GET", "POST"])
def registrar(request: HttpRequest) -> HttpResponse:
    form = AusenciaForm(request.POST or None, alcance=request.alcance)  # type: ignore[attr-defined]
    if enviado(request, form) and (hecha := hacer(form, registrar_ausencia, **form.cleaned_data)):
        messages.success(request, _que_paso(hecha))
        _decir_sus_sesiones(request, hecha)
        return redirect("atencion:ausencias")
    return render(request, "atencion/ausencia_form.html", {"form": form}, status=422 if form.errors else 200)


def _que_paso(ausencia: Ausencia) -> str:
    quien = f"La cubre {ausencia.suplente}." if ausencia.suplente else "Responde la jefatura."
    return f"{ausencia.persona} queda como ausente hasta el {fecha_corrida(ausencia.hasta)}. {quien}"


def _decir_sus_sesiones(request: HttpRequest, ausencia: Ausencia) -> None:
    suyas = sesiones_entre(ausencia.persona_id, max(ausencia.desde, hoy()), ausencia.hasta)
    if suyas:
        sesiones = "1 sesión programada" if len(suyas) == 1 else f"{len(suyas)} sesiones programadas"
        cuales = ", ".join(dict.fromkeys(suyas))
        messages.warning(request, f"Hay {sesiones} en esos días: {cuales}. Cambie la fecha o reasigne la solicitud.")


@DEL_EQUIPO
@require_http_methods(["GET", "POST"])
def propia(request: HttpRequest) -> HttpResponse:
    """One's own absence, and the work of whoever one covers today."""
    alcance = request.alcance  # type: ignore[attr-defined]
    form = AusenciaForm(request.POST or None, alcance=alcance, propia=True)
    if enviado(request, form) and (
        hecha := hacer(form, registrar_ausencia, persona=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Su ausencia quedó registrada.")
        _decir_sus_sesiones(request, hecha)
        return redirect("atencion:ausencia")
    contexto = {
        "form": form,
        "ausencias": _con_quien_cubre(list(_vigentes(alcance).filter(persona=request.user))),
        "cubiertas": lo_que_cubre(alcance),
    }
    return render(request, "atencion/ausencia.html", contexto, status=422 if form.errors else 200)


@requiere(*ESCRIBEN, Rol.ADMINISTRADOR)
@require_http_methods(["GET", "POST"])
def terminar(request: HttpRequest, pk: int) -> HttpResponse:
    """They are back, or will not go."""
    alcance = request.alcance  # type: ignore[attr-defined]
    todas = Ausencia.objects.visibles_para(alcance).select_related("persona", "suplente", "encargo")
    ausencia = get_object_or_404(todas, pk=pk)
    if not puede_ausentar(alcance, ausencia.persona_id):
        raise PermissionDenied("Esa ausencia la cambia la persona o su jefatura.")
    suya = ausencia.persona_id == request.user.pk
    volver = "atencion:ausencia" if suya and alcance.rol not in {*JEFES, Rol.ADMINISTRADOR} else "atencion:ausencias"
    form = forms.Form(request.POST or None)
    accion, hecho = ("Terminar", "Terminó") if ausencia.desde <= hoy() else ("Cancelar", "Canceló")
    if enviado(request, form) and hacer(form, terminar_ausencia, ausencia=ausencia):
        messages.success(request, f"{hecho} la ausencia de {ausencia.persona}.")
        return redirect(volver)
    contexto = {"form": form, "ausencia": ausencia, "volver": volver, "empezo": ausencia.desde < hoy()}
    contexto["accion"] = accion
    return render(request, "atencion/ausencia_terminar.html", contexto, status=422 if form.errors else 200)
