"""Registering what came by mail, phone, counter or SIGA: the same wizard, with one step more (R22)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from alcance.politicas import requiere
from archivos.tipos import ATRIBUTO_ACCEPT
from archivos.validacion import texto_limites
from direcciones.models import Entidad
from solicitudes import pasos
from solicitudes.eleccion import Eleccion
from solicitudes.forms.registrar import RecepcionForm
from solicitudes.models import Borrador
from solicitudes.services.borradores import crear_borrador
from solicitudes.views.comunes import REGISTRAN
from solicitudes.views.radicar import recibir_archivos


@requiere(*REGISTRAN)
@require_http_methods(["GET", "POST"])
def registrar(request: HttpRequest) -> HttpResponse:
    """The first step creates the draft as soon as the entidad is known; what is missing is asked there."""
    vacio = Borrador(persona=request.user, es_registro=True)  # type: ignore[misc]
    form = RecepcionForm(
        request.POST if request.method == "POST" else None,
        borrador=vacio,
        eleccion=Eleccion(),
        con_evidencia_subida=bool(request.FILES),
    )
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
            rehusos = recibir_archivos(request, borrador, pasos.RECEPCION.clave)
            for rehuso in rehusos:
                messages.error(request, rehuso)
            if form.errors or rehusos:
                recepcion = reverse("solicitudes:borrador", args=[borrador.pk, pasos.RECEPCION.clave])
                return redirect(f"{recepcion}?revisar")
            return redirect("solicitudes:borrador", borrador.pk, pasos.NECESIDAD.clave)
    mios = Borrador.objects.visibles_para(request.alcance).sin_radicar()  # type: ignore[attr-defined]
    borradores = mios.filter(es_registro=True).select_related("entidad").order_by("-guardado_en", "-pk")[:10]
    contexto = {
        "form": form,
        "borradores": list(borradores),
        "limites": texto_limites(),
        "acepta": ATRIBUTO_ACCEPT,
        "elegir_de_nuevo": bool(request.FILES),
    }
    return render(request, "solicitudes/registrar.html", contexto)
