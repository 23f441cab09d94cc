"""The ledger: what the portal told to whom, and what became of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from alcance.politicas import requiere
from avisos.forms import LibroForm
from avisos.models import Envio
from avisos.services import con_su_hora
from avisos.services.direcciones import reintentables, reintentar_envio
from direcciones.roles import VEN_AUDITORIA, Rol
from sdfi_portal.acciones import anotar_errores

POR_PAGINA = 50
BUSCAN = {"radicado": "radicado", "correo": "correo", "desde": "debido_en__date__gte",
          "hasta": "debido_en__date__lte"}  # fmt: skip


@requiere(*sorted(VEN_AUDITORIA))
@require_GET
def libro(request: HttpRequest) -> HttpResponse:
    """Newest first; keyset by id (`?antes=`)."""
    form = LibroForm(request.GET)
    criterios = form.criterios()
    envios = buscar(Envio.objects.visibles_para(request.alcance), criterios)  # type: ignore[attr-defined]
    antes = request.GET.get("antes", "")
    if antes.isdecimal() and len(antes) < 19:
        envios = envios.filter(pk__lt=int(antes))
    filas = list(envios.order_by("-id")[: POR_PAGINA + 1])
    puede = request.alcance.rol == Rol.ADMINISTRADOR  # type: ignore[attr-defined]
    contexto = {
        "reintentables": reintentables(filas) if puede else set(),
        "form": form,
        "hay_filtros": bool(criterios),
        "envios": con_su_hora(filas[:POR_PAGINA]),
        "siguiente": filas[POR_PAGINA - 1].pk if len(filas) > POR_PAGINA else "",
    }
    return render(request, "avisos/libro.html", contexto)


@requiere(Rol.ADMINISTRADOR)
@require_POST
def reintentar(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        envio = reintentar_envio(pk=pk)
    except ValidationError as falla:
        anotar_errores(request, falla)
        return redirect("avisos:libro")
    messages.success(request, f"El aviso sale de nuevo para {envio.correo}.")
    return redirect(f"{reverse('avisos:libro')}?{urlencode({'correo': envio.correo})}")


def buscar(envios: Any, criterios: dict[str, Any]) -> Any:
    if "estado" in criterios:
        envios = envios.en_estado(criterios["estado"])
    return envios.filter(**{BUSCAN[campo]: valor for campo, valor in criterios.items() if campo in BUSCAN})
