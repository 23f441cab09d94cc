"""The bank of conceptos: search and one concepto, for whoever its audience reaches (R95)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from alcance.politicas import publica
from conceptos import services
from conceptos.forms import BancoForm
from conceptos.models import Concepto
from conceptos.services.documento import leer_pdf, url_de_verificacion
from conceptos.views.comun import contenido_para_leer, responder_pdf
from direcciones.roles import PERSONAL
from documentos.codigos import agrupar
from solicitudes.services.borradores import dudas_resueltas

POR_PAGINA = 20
PAGINAS = 500


@publica("banco de conceptos: solo muestra los publicados para quien pregunta")
@require_GET
def banco(request: HttpRequest) -> HttpResponse:
    alcance: Any = request.alcance  # type: ignore[attr-defined]
    form = BancoForm(request.GET, publicados=Concepto.objects.publicados_para(alcance))
    datos = form.cleaned_data if form.is_valid() else {}
    hallados = services.buscar(
        alcance=alcance,
        texto=datos.get("q", ""),
        tema=_id(datos.get("tema")),
        dependencia=_id(datos.get("dependencia")),
        anio=datos.get("anio"),
        solo_vigentes=datos.get("vigente", False),
    )
    desde = _desde(request)
    filas = list(hallados.select_related("dependencia", "tema", "sustituido_por")[desde : desde + POR_PAGINA + 1])
    contexto = {
        "form": form,
        "conceptos": filas[:POR_PAGINA],
        "total": hallados.count(),
        "busca": datos.get("q", ""),
        "hay_filtros": any(datos.get(campo) for campo in ("tema", "dependencia", "anio", "vigente")),
        "anterior": str(max(desde - POR_PAGINA, 0)) if desde else "",
        "resueltas": _contar_resueltas(alcance, filas),
        "siguiente": str(desde + POR_PAGINA) if len(filas) > POR_PAGINA else "",
    }
    return render(request, "conceptos/banco.html", contexto)


def _contar_resueltas(alcance: Any, filas: list[Concepto]) -> int:
    """Solicitudes that were not needed because of the bank; of each row, on the row (R95). Staff sees them."""
    resueltas = dudas_resueltas() if alcance.rol in PERSONAL else {}
    for concepto in filas:
        concepto.resueltas = resueltas.get(concepto.numero or "", 0)  # type: ignore[attr-defined]
    return sum(resueltas.values())


def _id(objeto: Any) -> int | None:
    return objeto.pk if objeto else None


def _desde(request: HttpRequest) -> int:
    """Ranked results have no stable key to page by: a plain offset, bounded."""
    crudo = request.GET.get("desde", "")
    return min(int(crudo), POR_PAGINA * PAGINAS) if crudo.isdecimal() and len(crudo) < 8 else 0


def _publicado(request: HttpRequest, numero: str) -> Concepto:
    conceptos = Concepto.objects.publicados_para(request.alcance)  # type: ignore[attr-defined]
    return get_object_or_404(conceptos.select_related("dependencia", "tema", "sustituido_por"), numero=numero)


@publica("un concepto del banco: solo si se publicó para quien pregunta")
@require_GET
def publicado(request: HttpRequest, numero: str) -> HttpResponse:
    concepto = _publicado(request, numero)
    contexto = {
        "concepto": concepto,
        "codigo": agrupar(concepto.codigo or ""),
        "url_verificacion": url_de_verificacion(concepto.codigo or ""),
        **contenido_para_leer(concepto.contenido),
    }
    return render(request, "conceptos/publicado.html", contexto)


@publica("el PDF de un concepto del banco: solo si se publicó para quien pregunta")
@require_GET
def publicado_pdf(request: HttpRequest, numero: str) -> HttpResponse:
    concepto = _publicado(request, numero)
    if not concepto.ruta_firmada:
        raise Http404("Ese concepto no tiene PDF.")
    return responder_pdf(leer_pdf(concepto.ruta_firmada, concepto.sha256_firmado), numero)
