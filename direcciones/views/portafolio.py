"""The public portafolio, page and PDF (R90)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from alcance.politicas import publica
from direcciones.documento import pdf_del_portafolio
from direcciones.portafolio import Portafolio
from direcciones.portafolio import portafolio as armar
from documentos.pdf import DocumentoNoDisponible


@publica("portafolio: catálogo de temas, sin datos de nadie")
@require_safe
def portafolio(request: HttpRequest) -> HttpResponse:
    return render(request, "direcciones/portafolio.html", {"portafolio": armar(), "una": None})


@publica("portafolio de una dirección: catálogo de temas, sin datos de nadie")
@require_safe
def de_direccion(request: HttpRequest, codigo: str) -> HttpResponse:
    ofrecido = _de(codigo)
    return render(request, "direcciones/portafolio.html", {"portafolio": ofrecido, "una": ofrecido.direcciones[0]})


@publica("el mismo portafolio en PDF")
@require_safe
def pdf(request: HttpRequest, codigo: str | None = None) -> HttpResponse:
    ofrecido = _de(codigo) if codigo else armar()
    try:
        documento = pdf_del_portafolio(ofrecido)
    except DocumentoNoDisponible as error:
        return HttpResponse(
            str(error), status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "60"}
        )
    nombre = f"portafolio-{slugify(codigo or 'sdfi')}-{ofrecido.version.isoformat()}.pdf"
    return HttpResponse(
        documento.bytes,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{nombre}"'},
    )


def _de(codigo: str) -> Portafolio:
    ofrecido = armar(codigo)
    if not ofrecido.direcciones:
        raise Http404("Esa dirección no está en el portafolio.")
    return ofrecido
