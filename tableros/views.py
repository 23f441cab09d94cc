"""The board (R20, R30, R97, R98): one page, its figures to download, and the list of who went before their turn."""

from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from alcance.politicas import requiere
from documentos.pdf import DocumentoNoDisponible
from solicitudes.paginas import paginar
from tableros.documento import TIPO_XLSX, nombre_de_archivo, pdf_del_tablero, xlsx_del_tablero
from tableros.forms import FiltrosTablero
from tableros.informe import recibe_el_informe, suscribir
from tableros.orden import MAS_RECIENTES, TODAS, FiltrosOrden, inversiones_de, vestir
from tableros.peticion import VEN_EL_TABLERO, pedir
from tableros.tablero import Tablero, armar, tabla_de_tarjetas

# On cards; the others are in the table below them.
PRINCIPALES = ("cumplimiento", "recibidas", "atendidas", "tarde", "orden", "sin_motivo")
DIBUJOS = 8  # of up to a megabyte
SATISFACCION = ("oportunidad", "pertinencia", "calidad", "respuesta")


@requiere(*sorted(VEN_EL_TABLERO))
@require_GET
def tablero(request: HttpRequest) -> HttpResponse:
    pedido = pedir(request.alcance, request.GET)  # type: ignore[attr-defined]
    hecho, cifras = _dibujado(*pedido.lo_leido())
    contexto = {
        "pedido": pedido,
        "tablero": hecho,
        "filtros": _filtros(pedido.filtros),
        "cifras": cifras,
        "recibe_informe": recibe_el_informe(),
    }
    return render(request, "tableros/tablero.html", contexto)


@lru_cache(maxsize=32)
def _filtros(filtros: FiltrosTablero) -> SafeString:
    """Those of an address are one object while they are the same (tableros/peticion.py)."""
    return render_to_string(
        "partes/filtros.html", {"form": filtros, "hay_filtros": filtros.hay, "abiertos": filtros.errors}
    )


@lru_cache(maxsize=DIBUJOS)
def _dibujado(*leido: Any) -> tuple[Tablero, SafeString]:
    """The board and its figures drawn. They are read each time, under the alcance of who asks; drawing the same ones
    again was four fifths of the page. The key is all that they are made of: nobody sees what was not read for them."""
    hecho = armar(*leido)
    contexto = {
        "tablero": hecho,
        "principales": [hecho.tarjeta(clave) for clave in PRINCIPALES],
        "satisfaccion": [hecho.tarjeta(clave) for clave in SATISFACCION],
        "cifras": tabla_de_tarjetas(hecho),
        "con_barras": [hecho.tablas[clave] for clave in ("edades", "carga", "tema", "modalidad")],
        "entidades": [hecho.tablas[clave] for clave in ("nunca", "respuesta")],
    }
    return hecho, render_to_string("tableros/_cifras.html", contexto)


@requiere(*sorted(VEN_EL_TABLERO))
@require_GET
def pdf(request: HttpRequest) -> HttpResponse:
    pedido = pedir(request.alcance, request.GET)  # type: ignore[attr-defined]
    hecho = pedido.tablero()
    try:
        documento = pdf_del_tablero(pedido, hecho)
    except DocumentoNoDisponible as error:
        return HttpResponse(
            str(error), status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "60"}
        )
    return _archivo(documento.bytes, "application/pdf", nombre_de_archivo(hecho, "pdf"))


@requiere(*sorted(VEN_EL_TABLERO))
@require_GET
def xlsx(request: HttpRequest) -> HttpResponse:
    pedido = pedir(request.alcance, request.GET)  # type: ignore[attr-defined]
    hecho = pedido.tablero()
    return _archivo(xlsx_del_tablero(pedido, hecho), TIPO_XLSX, nombre_de_archivo(hecho, "xlsx"))


def _archivo(contenido: bytes, tipo: str, nombre: str) -> HttpResponse:
    return HttpResponse(
        contenido, content_type=tipo, headers={"Content-Disposition": f'attachment; filename="{nombre}"'}
    )


@requiere(*sorted(VEN_EL_TABLERO))
@require_GET
def orden(request: HttpRequest) -> HttpResponse:
    """Each time somebody went before an older one, with the reason they gave (R20); or each start."""
    alcance = request.alcance  # type: ignore[attr-defined]
    pedido, filtros = pedir(alcance, request.GET), FiltrosOrden(request.GET)
    filas = inversiones_de(alcance, pedido, filtros)
    pagina = paginar(filas, MAS_RECIENTES, request.GET.get("desde_fila", ""))
    nombres = {d.pk: d.nombre_corto for d in pedido.dependencias}
    contexto = {
        "pagina": pagina,
        "adelantos": vestir(alcance, pagina.filas, nombres),
        "cuantas": filas.order_by().count(),
        "filtros": filtros,
        "todas": filtros.cleaned_data.get("cuales") == TODAS,
        "de_lugar": [pedido.filtros[c] for c in ("direccion", "dependencia", "sector") if c in pedido.filtros.fields],
        "pedido": pedido,
    }
    return render(request, "tableros/orden.html", contexto)


@requiere(*sorted(VEN_EL_TABLERO))
@require_POST
def informe(request: HttpRequest) -> HttpResponse:
    """Start or stop one's own monthly report."""
    recibe = request.POST.get("recibe") == "si"
    suscribir(recibe=recibe)
    messages.success(request, "Recibirá el informe cada mes." if recibe else "Ya no recibirá el informe mensual.")
    return redirect("tableros:tablero")
