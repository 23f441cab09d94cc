"""An entidad and its people: its administrador changes them, its enlaces read them (R47)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from alcance.politicas import requiere
from cuentas.forms import EnlaceForm, LimitesForm, ReemplazoForm, TerminarForm
from cuentas.models import Invitacion
from cuentas.services.invitaciones import invitar, reemplazar_enlace
from cuentas.services.personas import quitar_rol
from direcciones.models import AsignacionSector, Dependencia, Entidad, Membresia, Tema
from direcciones.roles import DE_ENTIDAD, Rol
from direcciones.services.membresias import limitar_membresia
from sdfi_portal.acciones import enviado, hacer

DE_LA_ENTIDAD = requiere(Rol.ENLACE, Rol.ADMIN_ENTIDAD)
ADMINISTRA = requiere(Rol.ADMIN_ENTIDAD)


def _propia(request: HttpRequest) -> Entidad:
    return get_object_or_404(Entidad.objects.select_related("sector"), pk=request.alcance.entidad_id)


@DE_LA_ENTIDAD
@require_GET
def entidad(request: HttpRequest) -> HttpResponse:
    """Data of one's entidad, who attends it, and where to write."""
    propia = _propia(request)
    asignaciones = (
        AsignacionSector.objects.vigentes()
        .filter(sector=propia.sector)
        .select_related("dependencia", "asesor")
        .order_by("dependencia__codigo", "id")
    )
    contexto = {
        "entidad": propia,
        "asignaciones": list(asignaciones),
        "enlaces": Membresia.objects.visibles_para(request.alcance).activas().filter(entidad=propia).count(),
    }
    return render(request, "cuentas/entidad.html", contexto)


@DE_LA_ENTIDAD
@require_GET
def enlaces(request: HttpRequest) -> HttpResponse:
    """The directory of one's entidad: who represents it now, who was invited, who did before."""
    propia = _propia(request)
    todas = Membresia.objects.visibles_para(request.alcance).filter(entidad=propia).select_related("persona")
    vigentes = todas.activas()
    anteriores = todas.exclude(pk__in=vigentes.values("pk")).order_by("-hasta", "-id")
    administra = request.alcance.rol == Rol.ADMIN_ENTIDAD
    direcciones = dict(Dependencia.objects.values_list("pk", "nombre_corto"))
    temas = dict(Tema.objects.values_list("pk", "nombre"))
    contexto = {
        "entidad": propia,
        "enlaces": [
            (m, [direcciones[pk] for pk in m.solo_direcciones] + [temas[pk] for pk in m.solo_temas])
            for m in vigentes.order_by("persona__nombre", "id")
        ],
        "anteriores": list(anteriores),
        "invitaciones": list(
            Invitacion.objects.visibles_para(request.alcance).pendientes().filter(entidad=propia).order_by("-id")
        ),
        "administra": administra,
    }
    return render(request, "cuentas/enlaces.html", contexto)


@ADMINISTRA
@require_http_methods(["GET", "POST"])
def invitar_enlace(request: HttpRequest) -> HttpResponse:
    propia = _propia(request)
    form = EnlaceForm(request.POST or None)
    if enviado(request, form):
        quien = {campo: form.cleaned_data[campo] for campo in ("correo", "nombre", "cargo", "rol")}
        fila = hacer(form, invitar, entidad=propia, **quien, **form.limites())
        if fila is not None:
            messages.success(request, f"Enviamos la invitación a {fila.correo}. El enlace sirve 72 horas.")
            return redirect("cuentas:enlaces")
    return render(request, "cuentas/invitar_enlace.html", {"form": form, "entidad": propia})


def _membresia(request: HttpRequest, pk: int) -> Membresia:
    propias = Membresia.objects.visibles_para(request.alcance).filter(
        entidad_id=request.alcance.entidad_id, rol__in=sorted(DE_ENTIDAD)
    )
    return get_object_or_404(propias.select_related("persona", "entidad"), pk=pk)


@ADMINISTRA
@require_http_methods(["GET", "POST"])
def retirar_enlace(request: HttpRequest, pk: int) -> HttpResponse:
    membresia = _membresia(request, pk)
    form = TerminarForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and hacer(form, quitar_rol, membresia=membresia, **form.cleaned_data)
    ):
        messages.success(request, f"{membresia.persona.nombre} ya no representa la entidad. Queda en la historia.")
        return redirect("cuentas:enlaces")
    return render(request, "cuentas/terminar_rol.html", {"form": form, "membresia": membresia})


@ADMINISTRA
@require_http_methods(["GET", "POST"])
def limitar_enlace(request: HttpRequest, pk: int) -> HttpResponse:
    """What an enlace answers for, after the invitation too."""
    membresia = _membresia(request, pk)
    vigente = {"direcciones": membresia.solo_direcciones, "temas": membresia.solo_temas}
    form = LimitesForm(request.POST if request.method == "POST" else None, initial=vigente)
    if (
        request.method == "POST"
        and form.is_valid()
        and hacer(form, limitar_membresia, membresia=membresia, **form.limites())
    ):
        messages.success(request, f"Guardamos para qué es enlace {membresia.persona.nombre}.")
        return redirect("cuentas:enlaces")
    return render(request, "cuentas/limitar_enlace.html", {"form": form, "membresia": membresia})


@ADMINISTRA
@require_http_methods(["GET", "POST"])
def reemplazar(request: HttpRequest, pk: int) -> HttpResponse:
    membresia = _membresia(request, pk)
    form = ReemplazoForm(request.POST or None)
    if enviado(request, form):
        fila = hacer(form, reemplazar_enlace, membresia=membresia, **form.cleaned_data)
        if fila is not None:
            messages.success(
                request, f"{membresia.persona.nombre} ya no tiene acceso. Enviamos la invitación a {fila.correo}."
            )
            return redirect("cuentas:enlaces")
    return render(request, "cuentas/reemplazar_enlace.html", {"form": form, "membresia": membresia})
