"""Asking for an export, following it and taking the file."""

import hashlib
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alcance.politicas import requiere
from archivos.descarga import responder
from direcciones.roles import PERSONAL
from exportaciones import services, siga
from exportaciones.consulta import consultar, ofrecidas
from exportaciones.estados import EstadoExportacion, Formato
from exportaciones.forms import PARA_SIGA, ExportarForm
from exportaciones.models import Exportacion
from solicitudes.paginas import paginar
from solicitudes.services.siga import ANOTAN

VEN = tuple(sorted(PERSONAL))
SE_CUENTAN = 10_000
CADA = 2  # seconds
E = EstadoExportacion
TONOS = {E.PEDIDA: "neutro", E.EN_CURSO: "azul", E.LISTA: "verde", E.FALLIDA: "rojo"}
SERVIDO = {
    Formato.CSV: "text/csv; charset=utf-8",
    Formato.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Formato.ODS: "application/vnd.oasis.opendocument.spreadsheet",
}


@requiere(*VEN)
@require_GET
def lista(request: HttpRequest) -> HttpResponse:
    """One's exports. While some is being made the page asks for itself again, and gets 204 without news."""
    suyas = Exportacion.objects.visibles_para(request.alcance)
    pagina = paginar(suyas, ("-id",), request.GET.get("desde", ""))
    for exportacion in pagina.filas:
        exportacion.tono = TONOS.get(exportacion.estado, "neutro")
    version = _version(pagina.filas)
    parcial = bool(getattr(request, "htmx", False))
    if parcial and request.GET.get("version") == version:
        return HttpResponse(status=204)
    contexto = {
        "pagina": pagina,
        "parcial": parcial,
        "version": version,
        "sondea": any(exportacion.esta_activa for exportacion in pagina.filas),
        "cada": CADA,
        "desde": request.GET.get("desde", ""),
    }
    return render(request, "exportaciones/_lista.html" if parcial else "exportaciones/lista.html", contexto)


@requiere(*VEN)
@require_http_methods(["GET", "POST"])
def nueva(request: HttpRequest) -> HttpResponse:
    """The address is the register's own: the same filters and columns, by a click on its page."""
    direccion, claves = request.GET.urlencode(), request.GET.getlist("columna")
    consulta, todas = consultar(request.alcance, direccion, claves), ofrecidas(request.alcance)
    para_siga = request.alcance.rol in ANOTAN
    quiere = {"columnas": PARA_SIGA} if para_siga and request.GET.get("para") == PARA_SIGA else {}
    form = ExportarForm(
        request.POST or None, elegidas=len(consulta.columnas), todas=len(todas), para_siga=para_siga, initial=quiere
    )
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["columnas"] == "todas":
            claves = [columna.clave for columna in todas]
        if form.cleaned_data["columnas"] == PARA_SIGA:
            claves = siga.CLAVES
        try:
            services.pedir(
                persona=request.user, filtros=direccion, columnas=claves, formato=form.cleaned_data["formato"]
            )
        except ValidationError as falla:
            form.add_error(None, falla)
        else:
            messages.success(request, "La estamos preparando. Le avisamos cuando esté lista; puede seguir en lo suyo.")
            return redirect("exportaciones:lista")
    contexto = {
        "form": form,
        "filtros": consulta.filtros.en_palabras(),
        "no_entendidos": consulta.filtros.no_entendidos,
        "columnas": consulta.columnas,
        "cuantas": consulta.partes[: SE_CUENTAN + 1].count(),
        "se_cuentan": SE_CUENTAN,
        "volver": f"{reverse('atencion:registro')}?{direccion or 'vista='}",
    }
    return render(request, "exportaciones/nueva.html", contexto)


@requiere(*VEN)
@require_GET
def descargar(request: HttpRequest, pk: int) -> HttpResponse:
    exportacion = _la_suya(request, pk)
    try:
        archivo = services.abrir(exportacion=exportacion)
    except services.NoDisponible as falla:
        raise Http404(str(falla)) from None
    pedida = timezone.localtime(exportacion.pedida_en)
    nombre = f"registro-{pedida:%Y-%m-%d-%H%M}.{exportacion.formato}"
    return responder(archivo, nombre=nombre, servido=SERVIDO[Formato(exportacion.formato)])


@requiere(*VEN)
@require_http_methods(["GET", "POST"])
def cancelar(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirmation page: what was written so far is lost."""
    exportacion = _la_suya(request, pk)
    if request.method == "GET" and exportacion.esta_activa:
        return render(request, "exportaciones/cancelar.html", {"exportacion": exportacion, "form": Form()})
    if request.method == "POST" and services.cancelar(exportacion=exportacion):
        messages.success(request, "La exportación quedó cancelada.")
    else:
        messages.info(request, "Esa exportación ya había terminado.")
    return redirect("exportaciones:lista")


@requiere(*VEN)
@require_POST
def repetir(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        services.repetir(persona=request.user, exportacion=_la_suya(request, pk))
    except ValidationError as falla:
        messages.error(request, falla.message)
    else:
        messages.success(request, "La estamos preparando con los datos de ahora. Le avisamos cuando esté lista.")
    return redirect("exportaciones:lista")


def _la_suya(request: HttpRequest, pk: int) -> Exportacion:
    exportacion = Exportacion.objects.visibles_para(request.alcance).select_related("persona").filter(pk=pk).first()
    if exportacion is None:
        raise Http404("Esa exportación no existe.")
    return exportacion


def _version(filas: list[Any]) -> str:
    texto = ";".join(f"{e.pk},{e.estado},{e.filas},{e.total}" for e in filas)
    return hashlib.sha256(texto.encode()).hexdigest()[:16]
