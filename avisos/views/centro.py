"""The in-app centre of notices."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from alcance.politicas import autenticada
from avisos.models import Aviso
from avisos.services import marcar_leidos

POR_PAGINA = 25


@autenticada("cada quien ve solo sus avisos")
@require_GET
def lista(request: HttpRequest) -> HttpResponse:
    """Newest first; keyset by id (`?antes=`). `?ver=sin-leer`: only what one has not read."""
    avisos = Aviso.objects.visibles_para(request.alcance)  # type: ignore[attr-defined]
    solo_sin_leer = request.GET.get("ver") == "sin-leer"
    if solo_sin_leer:
        avisos = avisos.sin_leer()
    antes = request.GET.get("antes", "")
    if antes.isdecimal() and len(antes) < 19:
        avisos = avisos.filter(pk__lt=int(antes))
    filas = list(avisos.order_by("-id")[: POR_PAGINA + 1])
    siguiente = filas[POR_PAGINA - 1].pk if len(filas) > POR_PAGINA else None
    contexto = {
        "avisos": filas[:POR_PAGINA],
        "siguiente": siguiente,
        "solo_sin_leer": solo_sin_leer,
        "sin_leer": Aviso.objects.visibles_para(request.alcance).sin_leer().exists(),  # type: ignore[attr-defined]
    }
    return render(request, "avisos/lista.html", contexto)


@autenticada("cada quien abre solo sus avisos")
@require_POST
def abrir(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and go where it points."""
    aviso = get_object_or_404(Aviso.objects.visibles_para(request.alcance), pk=pk)  # type: ignore[attr-defined]
    marcar_leidos(hasta_id=aviso.pk)
    return redirect(aviso.ruta or "avisos:lista")


@autenticada("cada quien marca solo sus avisos")
@require_POST
def leer_todos(request: HttpRequest) -> HttpResponse:
    cuantos = marcar_leidos()
    messages.success(request, _marcadas(cuantos))
    return redirect("avisos:lista")


def _marcadas(cuantas: int) -> str:
    if not cuantas:
        return "No tenía notificaciones sin leer."
    return "Marcó 1 notificación como leída." if cuantas == 1 else f"Marcó {cuantas} notificaciones como leídas."
