"""Saved views of the register: name one, change it, share it, take it away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from alcance.politicas import requiere
from direcciones.roles import PERSONAL
from sdfi_portal.acciones import enviado, hacer
from solicitudes.forms.vistas import VistaForm
from solicitudes.models import Vista
from solicitudes.registro import consulta_limpia
from solicitudes.services.vistas import borrar_vista, guardar_vista

DEL_PERSONAL = requiere(*sorted(PERSONAL))


@DEL_PERSONAL
@require_GET
def vistas(request: HttpRequest) -> HttpResponse:
    """One's own, and those that others share."""
    visibles = Vista.objects.visibles_para(request.alcance).select_related("persona", "dependencia")
    return render(request, "atencion/vistas.html", {"vistas": list(visibles.order_by("nombre", "id"))})


@DEL_PERSONAL
@require_http_methods(["GET", "POST"])
def nueva(request: HttpRequest) -> HttpResponse:
    """The address of this page carries the filters and columns to save."""
    return _guardar(request, Vista(consulta=consulta_limpia(request.GET)))


@DEL_PERSONAL
@require_http_methods(["GET", "POST"])
def vista(request: HttpRequest, pk: int) -> HttpResponse:
    return _guardar(request, _propia(request, pk))


def _guardar(request: HttpRequest, cual: Vista) -> HttpResponse:
    form = VistaForm(request.POST or None, vista=cual, jefaturas=request.alcance.jefaturas)  # type: ignore[attr-defined]
    if enviado(request, form) and hacer(form, guardar_vista, vista=cual, **form.cleaned_data):
        messages.success(request, f"Guardamos la vista «{cual.nombre}».")
        return redirect(cual)
    contexto = {"form": form, "vista": cual, "consulta": QueryDict(cual.consulta)}
    return render(request, "atencion/vista_form.html", contexto, status=422 if form.errors else 200)


@DEL_PERSONAL
@require_http_methods(["GET", "POST"])
def borrar(request: HttpRequest, pk: int) -> HttpResponse:
    cual = _propia(request, pk)
    if request.method == "POST":
        nombre = cual.nombre
        borrar_vista(vista=cual)
        messages.success(request, f"Borramos la vista «{nombre}». Las solicitudes siguen en el registro.")
        return redirect("atencion:vistas")
    return render(request, "atencion/vista_borrar.html", {"vista": cual, "volver": reverse("atencion:vistas")})


def _propia(request: HttpRequest, pk: int) -> Vista:
    """404 when it is not one's own: who shares a view lets others use it, not change it."""
    vista: Vista = get_object_or_404(Vista.objects.propias(request.alcance), pk=pk)  # type: ignore[attr-defined]
    return vista
