"""The bank of conceptos: search and one concepto, for whoever its audience reaches (R95)."""

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.views.decorators.http import require_GET

from alcance.politicas import publica
from conceptos.forms import BancoForm
from conceptos.models import Concepto
from conceptos.services.banco import Hallado, Ofrecido, Pedido, lo_que_se_ofrece, pagina_del_banco
from conceptos.services.documento import leer_pdf, url_de_verificacion
from conceptos.views.comun import contenido_para_leer, responder_pdf
from direcciones.roles import PERSONAL
from documentos.codigos import agrupar
from sdfi_portal.templatetags.portal import estado, plural, tiempo
from solicitudes.services.borradores import dudas_resueltas

POR_PAGINA = 20
PAGINAS = 500
PALABRAS = 45


@publica("banco de conceptos: solo muestra los publicados para quien pregunta")
@require_GET
def banco(request: HttpRequest) -> HttpResponse:
    alcance: Any = request.alcance  # type: ignore[attr-defined]
    ofrecido, desde = lo_que_se_ofrece(alcance), _desde(request)
    pedido, filtros = _leido(request.GET.urlencode(), ofrecido)
    hallados = pagina_del_banco(
        alcance=alcance, pedido=pedido, desde=desde, tamano=POR_PAGINA, todos=request.GET.get("contar") == "si"
    )
    resueltas = dudas_resueltas() if alcance.rol in PERSONAL else {}
    anio = timezone.localdate().year
    contexto = {
        "filtros": filtros,
        "conceptos": [_articulo(fila, resueltas.get(fila.numero, 0), anio) for fila in hallados.filas],
        "total": hallados.total,
        "hay_mas": hallados.hay_mas,
        "busca": pedido.texto,
        "hay_filtros": bool(pedido.tema or pedido.dependencia or pedido.anio or pedido.solo_vigentes),
        "anterior": str(max(desde - POR_PAGINA, 0)) if desde else "",
        "resueltas": sum(resueltas.values()),
        "siguiente": str(desde + POR_PAGINA) if hallados.quedan else "",
    }
    return render(request, "conceptos/banco.html", contexto)


@lru_cache(maxsize=64)
def _leido(consulta: str, ofrecido: Ofrecido) -> tuple[Pedido, SafeString]:
    """What an address asks, and its filters drawn: again only when there is something else to find."""
    form = BancoForm(QueryDict(consulta), ofrecido=ofrecido)
    return form.pedido, render_to_string("conceptos/_filtros_banco.html", {"form": form})


@lru_cache(maxsize=512)
def _articulo(fila: Hallado, resueltas: int, _anio: int) -> SafeString:
    """One concepto found, from what is shown of it. Staff see how many doubts it solved (R95)."""
    insignia = estado("sustituido", "Sustituido", "ambar") if fila.estado == "sustituido" else estado("vigente")
    return format_html(
        '<article class="caja"><h2><a href="{}">{} · {}</a></h2><div class="estados">{}</div>'
        '<p class="gris">{} · {} · {}{}</p><p>{}</p></article>',
        reverse("conceptos:publicado", args=[fila.numero]), fila.numero, fila.asunto, insignia, fila.dependencia,
        fila.tema, tiempo(fila.notificado_en), f" · Resolvió {plural(resueltas, 'duda,dudas')}" if resueltas else "",
        Truncator(fila.respuesta_corta).words(PALABRAS, truncate=" …"),
    )  # fmt: skip


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
