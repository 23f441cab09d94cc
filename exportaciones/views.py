"""Asking for an export, following it and taking the file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alcance.politicas import requiere
from direcciones.roles import PERSONAL

VEN = tuple(sorted(PERSONAL))


@requiere(*VEN)
@require_GET
def lista(request: HttpRequest) -> HttpResponse:
    return render(request, "exportaciones/lista.html")


@requiere(*VEN)
@require_http_methods(["GET", "POST"])
def nueva(request: HttpRequest) -> HttpResponse:
    return render(request, "exportaciones/lista.html")


@requiere(*VEN)
@require_GET
def descargar(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Esa exportación no existe.")


@requiere(*VEN)
@require_http_methods(["GET", "POST"])
def cancelar(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Esa exportación no existe.")


@requiere(*VEN)
@require_POST
def repetir(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Esa exportación no existe.")
