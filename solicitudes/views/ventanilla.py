"""Registering what came by mail, phone, counter or SIGA: the same wizard, with one step more (R22)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from alcance.politicas import requiere
from direcciones.models import Entidad
from solicitudes import pasos
from solicitudes.eleccion import Eleccion
from solicitudes.forms.registrar import RecepcionForm
from solicitudes.models import Borrador
from solicitudes.services.borradores import crear_borrador
from solicitudes.views.comunes import REGISTRAN


@requiere(*REGISTRAN)
@require_http_methods(["GET", "POST"])
def registrar(request: HttpRequest) -> HttpResponse:
    """The first step creates the draft as soon as the entidad is known; what is missing is asked there."""
    vacio = Borrador(persona=request.user, es_registro=True)  # type: ignore[misc]
    form = RecepcionForm(request.POST if request.method == "POST" else None, borrador=vacio, eleccion=Eleccion())
    if request.method == "POST":
        form.is_valid()
        entidad = form.cleaned_data.get("entidad")
        if isinstance(entidad, Entidad):
            borrador = crear_borrador(
                persona=request.user,  # type: ignore[arg-type]
                entidad=entidad,
                datos=form.crudo(request.POST),
                es_registro=True,
            )
            sigue = pasos.RECEPCION.clave if form.errors else pasos.NECESIDAD.clave
            return redirect("solicitudes:borrador", borrador.pk, sigue)
    mios = Borrador.objects.visibles_para(request.alcance).sin_radicar()  # type: ignore[attr-defined]
    borradores = mios.filter(es_registro=True).select_related("entidad").order_by("-guardado_en", "-pk")[:10]
    return render(request, "solicitudes/registrar.html", {"form": form, "borradores": list(borradores)})
