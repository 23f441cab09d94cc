"""Who did what, for who may know: auditor, administrator, and heads for their dependencias."""

from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from alcance.politicas import requiere
from bitacora.cambios import Cambio, leer_cambios, nombrar_objeto
from bitacora.forms import BusquedaForm
from bitacora.models import Suceso
from bitacora.verificacion import estado

POR_PAGINA = 50


@requiere("administrador", "auditor", "director", "subdirector")
@require_GET
def lista(request: HttpRequest) -> HttpResponse:
    """Newest first; keyset by id (`?antes=`)."""
    form = BusquedaForm(request.GET)
    lo_ve_todo = request.alcance.rol in {"administrador", "auditor"}  # type: ignore[attr-defined]
    criterios = form.criterios()
    sucesos = Suceso.objects.visibles_para(request.alcance).buscar(**criterios)  # type: ignore[attr-defined]
    antes = request.GET.get("antes", "")
    if antes.isdecimal() and len(antes) < 19:
        sucesos = sucesos.filter(pk__lt=int(antes))
    filas = list(sucesos.order_by("-id")[: POR_PAGINA + 1])
    hay_mas = len(filas) > POR_PAGINA
    contexto = {
        "form": form,
        "estado": estado() if lo_ve_todo else None,
        "hay_filtros": bool(criterios),
        "filas": _con_nombres(filas[:POR_PAGINA]),
        "siguiente": filas[POR_PAGINA - 1].pk if hay_mas else "",
    }
    return render(request, "bitacora/lista.html", contexto)


class Fila(NamedTuple):
    """An event with the name of who did it today, what it was done to and what it changed: the record holds ids."""

    suceso: Suceso
    quien: str
    objeto: str
    cambios: list[Cambio]


def _con_nombres(sucesos: list[Suceso]) -> list[Fila]:
    personas: dict[Any, Any] = get_user_model().objects.in_bulk({s.actor_id for s in sucesos if s.actor_id})
    cambios = leer_cambios(sucesos)
    return [
        Fila(suceso, str(personas.get(suceso.actor_id, "El portal")), nombrar_objeto(suceso), cambios[suceso.pk])
        for suceso in sucesos
    ]
