"""The systems that are told what happens here: the administrador's."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alcance.politicas import requiere
from api import webhooks
from api.forms import IntegracionForm
from api.models import IntentoWebhook, Suscripcion
from cuentas import segundo_factor
from direcciones.models import Dependencia
from direcciones.roles import Rol
from sdfi_portal.acciones import anotar_errores, enviado, hacer

ULTIMOS = 50


def _una(pk: int) -> Suscripcion:
    return get_object_or_404(Suscripcion, pk=pk)


@requiere(Rol.ADMINISTRADOR)
@require_GET
def lista(request: HttpRequest) -> HttpResponse:
    return render(request, "api/integraciones.html", {"integraciones": list(Suscripcion.objects.all())})


@requiere(Rol.ADMINISTRADOR)
@require_GET
def una(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is told, and what came of the last calls."""
    cual = _una(pk)
    contexto = {
        "cual": cual,
        "dependencias": list(
            Dependencia.objects.filter(pk__in=cual.dependencias).order_by("nombre").values_list("nombre", flat=True)
        ),
        "intentos": list(IntentoWebhook.objects.filter(suscripcion=cual)[:ULTIMOS]),
        "dias": webhooks.GUARDADOS.days,
    }
    return render(request, "api/integracion.html", contexto)


@requiere(Rol.ADMINISTRADOR)
@require_http_methods(["GET", "POST"])
def crear_una(request: HttpRequest) -> HttpResponse:
    """The answer to the form carries the secret, once."""
    segundo_factor.exigir_reciente(request)
    form = IntegracionForm(request.POST or None)
    if enviado(request, form):
        creada = hacer(form, webhooks.crear, **form.cleaned_data)
        if creada is not None:
            return _mostrar_secreto(request, creada, nueva=True)
    return render(request, "api/integracion_form.html", {"form": form, "cual": None})


@requiere(Rol.ADMINISTRADOR)
@require_http_methods(["GET", "POST"])
def editar_una(request: HttpRequest, pk: int) -> HttpResponse:
    """Where what happens is told: as much as a new one."""
    cual = _una(pk)
    segundo_factor.exigir_reciente(request)
    tiene = {campo: getattr(cual, campo) for campo in ("nombre", "url", "eventos", "dependencias")}
    form = IntegracionForm(request.POST or None, initial=tiene)
    if enviado(request, form) and hacer(form, webhooks.editar, suscripcion=cual, **form.cleaned_data):
        messages.success(request, f"Guardó la integración con {form.cleaned_data['nombre']}.")
        return redirect("api:integracion", pk)
    return render(request, "api/integracion_form.html", {"form": form, "cual": cual})


@requiere(Rol.ADMINISTRADOR)
@require_http_methods(["GET", "POST"])
def otro_secreto(request: HttpRequest, pk: int) -> HttpResponse:
    """A page before what can't be undone."""
    cual = _una(pk)
    segundo_factor.exigir_reciente(request)
    if request.method == "POST":
        return _mostrar_secreto(request, webhooks.cambiar_secreto(suscripcion=cual), nueva=False)
    return render(request, "api/integracion_secreto.html", {"cual": cual, "form": None})


def _mostrar_secreto(request: HttpRequest, cual: Suscripcion, *, nueva: bool) -> HttpResponse:
    return render(request, "api/integracion_creada.html", {"cual": cual, "secreto": cual.secreto, "nueva": nueva})


@requiere(Rol.ADMINISTRADOR)
@require_POST
def probar_una(request: HttpRequest, pk: int) -> HttpResponse:
    return _boton(
        request, pk, webhooks.probar, "Enviamos una prueba. Recargue en unos segundos para ver qué respondió."
    )


@requiere(Rol.ADMINISTRADOR)
@require_POST
def encender_una(request: HttpRequest, pk: int) -> HttpResponse:
    return _boton(request, pk, webhooks.encender, "La integración está encendida.")


@requiere(Rol.ADMINISTRADOR)
@require_http_methods(["GET", "POST"])
def apagar_una(request: HttpRequest, pk: int) -> HttpResponse:
    """A page before: what happens meanwhile is never told."""
    if request.method == "GET":
        return render(request, "api/integracion_apagar.html", {"cual": _una(pk), "form": None})
    return _boton(request, pk, webhooks.apagar, "La integración está apagada: no se le avisa nada.")


def _boton(request: HttpRequest, pk: int, servicio: Any, dicho: str) -> HttpResponse:
    try:
        servicio(suscripcion=_una(pk))
    except ValidationError as rehuso:
        anotar_errores(request, rehuso)
    else:
        messages.success(request, dicho)
    return redirect("api:integracion", pk)
