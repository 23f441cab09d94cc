"""The policy of reminders: what holds in each place, its changes, and what each would send today."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from alcance.politicas import requiere
from avisos.ciclos import proxima
from avisos.forms import CambiarCicloForm, CambiarPoliticaForm, PoliticaForm
from avisos.services import politicas as servicio
from direcciones.models import Dependencia
from direcciones.roles import JEFES, Rol
from plazos.reloj import hoy
from plazos.services import calendario_vigente
from sdfi_portal.acciones import enviado, hacer

CAMBIAN = requiere(Rol.ADMINISTRADOR, *sorted(JEFES))
LISTADOS = 100


@CAMBIAN
@require_GET
def politicas(request: HttpRequest) -> HttpResponse:
    lugar, lugares = _lugar(request)
    contexto = {
        "lugar": lugar,
        "lugares": lugares,
        "es_general": request.alcance.rol == Rol.ADMINISTRADOR,  # type: ignore[attr-defined]
        "filas": servicio.en_vigor(lugar),
        "ciclos": servicio.ciclos_en_vigor(lugar),
    }
    return render(request, "avisos/politicas.html", contexto)


@CAMBIAN
@require_http_methods(["GET", "POST"])
def nueva(request: HttpRequest) -> HttpResponse:
    """«Ver qué enviaría hoy» shows it without saving anything."""
    lugar, _ = _lugar(request)
    form = PoliticaForm(request.POST or None)
    previstos = None
    if enviado(request, form):
        datos = {"dependencia": lugar, **form.politica()}
        if "previa" in request.POST:
            fila = hacer(form, servicio.nueva, **datos)
            previstos = servicio.enviaria_hoy(fila) if fila else None
        elif hacer(form, servicio.agregar_politica, **datos):
            messages.success(request, "Agregamos el recordatorio.")
            return redirect(_volver(lugar))
    return _pagina(request, form, lugar, None, previstos)


@CAMBIAN
@require_http_methods(["GET", "POST"])
def politica(request: HttpRequest, pk: int) -> HttpResponse:
    """One that holds in this place: by which way it goes, whether it goes, and what it would send today."""
    lugar, _ = _lugar(request)
    todas = [*servicio.en_vigor(lugar), *servicio.ciclos_en_vigor(lugar)]
    en_vigor = next((una for una in todas if una.fila.pk == pk), None)
    if en_vigor is None:
        raise Http404("Ese recordatorio no rige ahí.")
    fila = en_vigor.fila
    iniciales: dict[str, Any] = {"canal": fila.canal, "activa": fila.activa}
    if fila.ciclo:
        iniciales |= CambiarCicloForm.iniciales(fila.ciclo)
    form = (CambiarCicloForm if fila.ciclo else CambiarPoliticaForm)(request.POST or None, initial=iniciales)
    if enviado(request, form):
        cambios = {"dependencia": lugar, **form.cambios()}
        if "previa" in request.POST:
            fila = servicio.cambiada(fila=fila, **cambios)
        elif hacer(form, servicio.cambiar_politica, fila=fila, **cambios):
            messages.success(request, "Guardamos el recordatorio.")
            return redirect(_volver(lugar))
    proxima_vez = proxima(fila.ciclo, hoy(), calendario_vigente()) if fila.ciclo else None
    return _pagina(request, form, lugar, en_vigor, servicio.enviaria_hoy(fila), proxima_vez)


def _pagina(
    request: HttpRequest,
    form: Any,
    lugar: Dependencia | None,
    una: servicio.EnVigor | None,
    previstos: Any,
    proxima_vez: date | None = None,
) -> HttpResponse:
    contexto = {
        "form": form,
        "lugar": lugar,
        "fila": una.fila if una else None,
        "que": una.que if una else "",
        "volver": _volver(lugar),
        "mira": previstos is not None,
        "previstos": (previstos or [])[:LISTADOS],
        "cuantos": len(previstos or ()),
        "proxima_vez": proxima_vez,
    }
    return render(request, "avisos/politica.html", contexto)


def _lugar(request: HttpRequest) -> tuple[Dependencia | None, list[Dependencia]]:
    """The place of `?dependencia=`: of who runs the portal, the general one when none is named; of a head, theirs."""
    alcance = request.alcance  # type: ignore[attr-defined]
    lugares = servicio.lugares_de(alcance)
    pedida = request.GET.get("dependencia", "")
    elegido = next((d for d in lugares if str(d.pk) == pedida), None)
    if pedida and elegido is None:
        raise Http404("Usted no cambia la política de esa dependencia.")
    if elegido is None and alcance.rol != Rol.ADMINISTRADOR:
        elegido = next((d for d in lugares if d.pk == alcance.jefaturas[0]), None)
        if elegido is None:
            raise Http404("Usted no dirige ninguna dependencia.")
    return elegido, lugares


def _volver(lugar: Dependencia | None) -> str:
    return reverse("avisos:politicas") + (f"?dependencia={lugar.pk}" if lugar else "")
