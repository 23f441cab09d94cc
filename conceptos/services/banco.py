"""The bank of conceptos (R95): found by their text, by whoever their audience reaches."""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import Case, F, FloatField, Q, Value, When
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils import timezone

from alcance import Alcance
from conceptos import secciones
from conceptos.estados import EstadoConcepto
from conceptos.models import Concepto, ConsultaConcepto
from direcciones.models import Tema
from solicitudes.relacionados import MAXIMO, Busqueda, Relacionado

# With accents as written, and without them for whoever types without (migration 0004).
CONFIGURACIONES = ("spanish", "es_na")
_PALABRA = re.compile(r"[^\W\d_]{4,}")
_PALABRAS_MAXIMAS = 16


def texto_de_busqueda(concepto: Concepto) -> Combinable:
    """The search vector: subject first, then the answer and the norms, then the whole text."""
    tema = Tema.objects.filter(pk=concepto.tema_id).values_list("nombre", flat=True).first() or ""
    cuerpo = "\n".join(f"{titulo} {texto}" for _, titulo, texto in secciones.textos(concepto.contenido))
    pesos = {
        "A": f"{concepto.asunto} {concepto.numero}",
        "B": "\n".join([concepto.respuesta_corta, tema, *concepto.normas]),
        "C": cuerpo,
    }
    vectores = [
        SearchVector(Value(texto), config=configuracion, weight=peso)
        for peso, texto in pesos.items()
        for configuracion in CONFIGURACIONES
    ]
    total: Any = vectores[0]
    for vector in vectores[1:]:
        total = total + vector
    return total


def buscar(
    *,
    alcance: Alcance,
    texto: str = "",
    tema: int | None = None,
    dependencia: int | None = None,
    anio: int | None = None,
    solo_vigentes: bool = False,
) -> ConsultaConcepto:
    """Published conceptos this person may find; the most useful first when there are words, the newest otherwise."""
    conceptos = Concepto.objects.publicados_para(alcance)
    if tema:
        conceptos = conceptos.filter(tema=tema)
    if dependencia:
        conceptos = conceptos.filter(dependencia=dependencia)
    if anio:
        conceptos = conceptos.filter(notificado_en__year=anio)
    if solo_vigentes:
        conceptos = conceptos.filter(estado=EstadoConcepto.NOTIFICADO)
    if not texto.strip():
        return conceptos.order_by("-notificado_en", "-id")
    consulta = _consulta(texto)
    puntaje = SearchRank(F("busqueda"), consulta)
    return conceptos.filter(busqueda=consulta).annotate(puntaje=puntaje).order_by("-puntaje", "-notificado_en", "-id")


def conceptos_relacionados(busqueda: Busqueda) -> list[Relacionado]:
    """Published ones that may already answer what somebody is about to ask (issue, Radicar; R95).

    Any shared word counts; sharing a tema counts as much as a good match. In force only.
    """
    temas = list(busqueda.temas)
    palabras = list(dict.fromkeys(palabra.lower() for palabra in _PALABRA.findall(busqueda.texto)))[:_PALABRAS_MAXIMAS]
    conceptos = Concepto.objects.publicados_para(busqueda.alcance).filter(estado=EstadoConcepto.NOTIFICADO)
    puntaje: Any = Case(When(tema__in=temas, then=Value(0.5)), default=Value(0.0), output_field=FloatField())
    if palabras:
        consulta = _consulta(" or ".join(palabras))
        conceptos = conceptos.filter(Q(busqueda=consulta) | Q(tema__in=temas))
        puntaje = puntaje + SearchRank(F("busqueda"), consulta)
    elif temas:
        conceptos = conceptos.filter(tema__in=temas)
    else:
        return []
    hallados = conceptos.annotate(puntaje=puntaje).order_by("-puntaje", "-notificado_en", "-id")[:MAXIMO]
    return [_relacionado(concepto) for concepto in hallados]


def _consulta(texto: str) -> SearchQuery:
    primera, segunda = (SearchQuery(texto, config=cual, search_type="websearch") for cual in CONFIGURACIONES)
    return primera | segunda


def _relacionado(concepto: Concepto) -> Relacionado:
    return Relacionado(
        numero=concepto.numero or "",
        titulo=concepto.asunto,
        url=reverse("conceptos:publicado", args=[concepto.numero]),
        resumen=concepto.respuesta_corta,
        fecha=timezone.localdate(concepto.notificado_en),
    )
