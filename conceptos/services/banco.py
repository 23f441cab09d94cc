"""The bank of conceptos (R95): found by their text, by whoever their audience reaches."""

import re
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils import timezone

from alcance import Alcance
from alcance.compiladas import Compilada, Forma
from conceptos import secciones
from conceptos.estados import EstadoConcepto
from conceptos.models import Concepto, ConsultaConcepto, audiencias_de
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
    temas = tuple(dict.fromkeys(busqueda.temas))
    palabras = list(dict.fromkeys(palabra.lower() for palabra in _PALABRA.findall(busqueda.texto)))[:_PALABRAS_MAXIMAS]
    audiencias = audiencias_de(busqueda.alcance)
    if not palabras:
        hallados = _DE_LOS_TEMAS(audiencias=audiencias, temas=temas) if temas else []
    else:
        consulta = _consulta(" or ".join(palabras))
        puntaje: Any = Case(When(tema__in=temas, then=Value(0.5)), default=Value(0.0), output_field=FloatField())
        conceptos = Concepto.objects.publicados(audiencias).filter(estado=EstadoConcepto.NOTIFICADO)
        conceptos = conceptos.filter(Q(busqueda=consulta) | Q(tema__in=temas))
        conceptos = conceptos.annotate(puntaje=puntaje + SearchRank(F("busqueda"), consulta))
        hallados = list(conceptos.order_by("-puntaje", *NUEVOS).values_list(*DE_UN_RELACIONADO)[:MAXIMO])
    return [_relacionado(*fila) for fila in hallados]


def _de_los_temas(audiencias: tuple[str, ...], temas: tuple[int, ...]) -> QuerySet[Concepto, Any]:
    """The newest of each tema by its index: to sort all of them would read the whole history."""
    conceptos = Concepto.objects.publicados(audiencias).filter(estado=EstadoConcepto.NOTIFICADO).order_by(*NUEVOS)
    primeros, *otros = (conceptos.filter(tema=tema).values("pk")[:MAXIMO] for tema in temas)
    nuevos = primeros.union(*otros) if otros else primeros
    return Concepto.objects.filter(pk__in=nuevos).order_by(*NUEVOS).values_list(*DE_UN_RELACIONADO)[:MAXIMO]


NUEVOS = ("-notificado_en", "-id")
DE_UN_RELACIONADO = ("numero", "asunto", "respuesta_corta", "notificado_en")
_DE_LOS_TEMAS = Compilada(_de_los_temas, audiencias=Forma, temas=tuple)


def _consulta(texto: str) -> SearchQuery:
    primera, segunda = (SearchQuery(texto, config=cual, search_type="websearch") for cual in CONFIGURACIONES)
    return primera | segunda


def _relacionado(numero: str, asunto: str, respuesta_corta: str, notificado_en: datetime) -> Relacionado:
    return Relacionado(
        numero=numero,
        titulo=asunto,
        url=reverse("conceptos:publicado", args=[numero]),
        resumen=respuesta_corta,
        fecha=timezone.localdate(notificado_en),
    )
