"""«Mis datos personales»: the notice, what is kept, and all of it in one file (Ley 1581 de 2012)."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alcance.politicas import autenticada
from archivos.descarga import responder
from datos_personales.services import exportar, resumen
from plazos.reloj import ahora


@autenticada("cada quien ve qué se guarda de sí")
@require_safe
def mis_datos(request: HttpRequest) -> HttpResponse:
    return render(request, "datos_personales/mis_datos.html", {"tablas": resumen(request.user)})


@autenticada("cada quien descarga lo que se guarda de sí")
@require_POST
def descargar(request: HttpRequest) -> HttpResponse:
    texto = json.dumps(exportar(persona=request.user), ensure_ascii=False, indent=1)
    nombre = f"mis-datos-{timezone.localdate(ahora())}.json"
    return responder(texto.encode(), nombre=nombre, servido="application/json")
