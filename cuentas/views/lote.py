"""Invite many people of entidades from a file: the file, the report of every row, the confirmation."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from alcance.politicas import requiere
from cuentas.forms import LoteForm
from cuentas.services import lote
from direcciones.models import Entidad
from direcciones.roles import Rol
from sdfi_portal.acciones import enviado, hacer

INVITAN = requiere(Rol.ADMINISTRADOR, Rol.ADMIN_ENTIDAD)


@INVITAN
@require_http_methods(["GET", "POST"])
def invitar_varios(request: HttpRequest) -> HttpResponse:
    de_entidad = request.alcance.rol == Rol.ADMIN_ENTIDAD
    form = LoteForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and "texto" in request.POST:
        filas = _confirmar(request, form, request.POST["texto"])
        if filas is not None:
            return redirect("cuentas:enlaces" if de_entidad else "cuentas:invitaciones")
    elif enviado(request, form):
        texto = lote.decodificar(form.cleaned_data["archivo"].read())
        filas = hacer(form, lambda: lote.revisar(lote.leer(texto)))
        if filas is not None:
            contexto = {"filas": filas, "texto": texto, "cuenta": _contar(filas), "de_entidad": de_entidad}
            return render(request, "cuentas/invitar_varios_revisar.html", contexto)
    return render(request, "cuentas/invitar_varios.html", {"form": form, "de_entidad": de_entidad})


def _confirmar(request: HttpRequest, form: LoteForm, texto: str) -> list[lote.Fila] | None:
    try:
        filas = lote.invitar_varios(texto)
    except ValidationError as error:
        form.errors.clear()
        for mensaje in error.messages:
            form.add_error(None, mensaje)
        return None
    cuantas = _contar(filas)["listas"]
    if cuantas:
        messages.success(request, f"Enviamos {cuantas} {'invitación' if cuantas == 1 else 'invitaciones'}.")
    else:
        messages.info(request, "No había a quién invitar: no enviamos nada.")
    return filas


def _contar(filas: list[lote.Fila]) -> dict[str, int]:
    return {
        "listas": sum(fila.lista for fila in filas),
        "omitidas": sum(bool(fila.omitida and not fila.problemas) for fila in filas),
        "malas": sum(bool(fila.problemas) for fila in filas),
    }


@INVITAN
@require_GET
def ejemplo(request: HttpRequest) -> HttpResponse:
    """The shape of the file, with the mark that makes a spreadsheet read its accents."""
    entidades: Any = Entidad.objects.vigentes().order_by("codigo")
    if request.alcance.rol == Rol.ADMIN_ENTIDAD:
        entidades = Entidad.objects.filter(pk=request.alcance.entidad_id)
    entidad = get_object_or_404(entidades[:1])
    respuesta = HttpResponse(
        lote.EJEMPLO.format(entidad=entidad.codigo).encode("utf-8-sig"), "text/csv; charset=utf-8"
    )
    respuesta["Content-Disposition"] = 'attachment; filename="personas-por-invitar.csv"'
    return respuesta
