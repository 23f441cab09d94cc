"""Last step: everything in one page with its «Cambiar», and the button that files."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from plazos.reloj import ahora, hoy
from solicitudes import pasos
from solicitudes.detalle import alertas_de_comision
from solicitudes.eleccion import Eleccion
from solicitudes.forms.radicar import RevisarForm
from solicitudes.forms.revision import Revision
from solicitudes.models import Borrador
from solicitudes.services.borradores import archivos_puestos, radicar_cerrado
from solicitudes.views.filas import NADA
from solicitudes.views.piezas import por_que_vence


def revisar(request: HttpRequest, borrador: Borrador, comun: Callable[[Eleccion], dict[str, Any]]) -> HttpResponse:
    """GET shows it; POST, which holds the draft locked, files it: once however many times it comes."""
    revision = Revision(borrador, archivos_puestos(borrador))
    form = None if borrador.es_registro else RevisarForm(request.POST if request.method == "POST" else None)
    fallas: list[str] = []
    if request.method == "POST" and not revision.faltas and (form is None or form.is_valid()):
        try:
            radicada = radicar_cerrado(
                borrador=borrador,
                datos=revision.datos(),
                recepcion=revision.recepcion(),
                archivos=revision.archivos,
            )
            return redirect("solicitudes:radicada", radicada.radicado)
        except ValidationError as falla:
            fallas = falla.messages
    plazo = revision.plazo if borrador.es_registro else revision.plazo_de(ahora())
    contexto = {
        **comun(revision.eleccion),
        "form": form,
        "fallas": fallas,
        "revision": revision,
        "faltas": [(pasos.POR_CLAVE[clave], mensajes) for clave, mensajes in revision.faltas.items()],
        "plazo": plazo,
        "por_que": por_que_vence(plazo.frases(), tuple(paso.texto for paso in plazo.explicacion)) if plazo else NADA,
        "alertas": list(alertas_de_comision(revision.logistica, hoy())),
    }
    return render(request, "solicitudes/paso_revisar.html", contexto)
