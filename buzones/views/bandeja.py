"""The tray «Por clasificar»: one message at a time, the oldest first, and one key per decision."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from alcance.politicas import requiere
from buzones.permisos import VEN_LIBRO
from buzones.services import bandeja
from buzones.views.libro import contexto_de, correo_visible, hecho_de
from solicitudes.paginas import Pagina


@requiere(*sorted(VEN_LIBRO))
@require_GET
def por_clasificar(request: HttpRequest) -> HttpResponse:
    """`correo`: the one to look at, while it waits; otherwise the oldest. `hecho`: what was decided just before."""
    alcance = request.alcance  # type: ignore[attr-defined]
    pagina = bandeja.pagina(alcance, request.GET.get("desde", ""))
    contexto: dict[str, Any] = {
        "pagina": pagina,
        "cuantos": bandeja.cuantos(alcance),
        "muchos": bandeja.MUCHOS,
        "hecho": hecho_de(request),
    }
    elegido = _elegido(request, pagina)
    if elegido:
        correo = correo_visible(request, elegido)
        contexto |= contexto_de(request, correo)
        contexto |= {"siguiente": _siguiente(pagina, elegido), "companeros": bandeja.companeros(alcance, correo)}
    return render(request, "buzones/por_clasificar.html", contexto)


def _elegido(request: HttpRequest, pagina: Pagina) -> int | None:
    """What the address names, while it waits (it may be beyond this page of the list); otherwise the first."""
    pedido = request.GET.get("correo", "")
    if pedido.isascii() and pedido.isdecimal() and len(pedido) < 19:
        espera = bandeja.por_decidir(request.alcance).filter(pk=int(pedido))  # type: ignore[attr-defined]
        if espera.exists():
            return int(pedido)
    return pagina.filas[0].pk if pagina.filas else None


def _siguiente(pagina: Pagina, elegido: int) -> int | None:
    """The one after it in the list; after the last one, the first."""
    orden = [fila.pk for fila in pagina]
    donde = orden.index(elegido) if elegido in orden else -1
    otros = [pk for pk in (*orden[donde + 1 :], *orden[:1]) if pk != elegido]
    return otros[0] if otros else None
