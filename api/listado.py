"""One page of the solicitudes that somebody sees, most recent first, walking an index whoever asks.

`solicitudes_solicitud` has none that begins with the reception, and every filing would write it. Their keys are read
where the pages read theirs: the partes of each dependencia, those that lead for whoever sees them all, and the
entidad's own. Of each of those pieces a page is read, and of them all together the first rows.
"""

from contextlib import nullcontext
from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet

from alcance import Alcance
from alcance.planes import sin_mapas
from plazos.reloj import comienzo
from solicitudes.busqueda import buscar
from solicitudes.estados import SOLICITUD_ABIERTA
from solicitudes.models import Parte, Solicitud
from solicitudes.paginas import Pagina, de_estas_llaves, paginar_leyendo, tramo

MAS_RECIENTES = ("-recibido_en", "-id")
EN_LA_PARTE = {"id": "solicitud_id"}
EN_EL_INDICE = {"recibido_en": "indice__recibido_en", "id": "indice__solicitud_id"}


class Pieza(NamedTuple):
    """Some of what one sees. `en`: where its order is read. `solicitud`: the way to it, «» from itself."""

    filas: Any
    en: dict[str, str]
    solicitud: str = ""


def piezas(alcance: Alcance) -> list[Pieza]:
    """Together, what `Solicitud.visibles_para` says; two may share a row."""
    visibles: Any = Solicitud.objects.visibles_para(alcance)
    if alcance.entidad_id:
        return [Pieza(rama, {}) for rama in Solicitud.objects.ramas_visibles(alcance)]
    partes: Any = Parte.objects.visibles_para(alcance).order_by()
    if alcance.nivel:  # one of each
        return [Pieza(partes.filter(lidera=True), EN_LA_PARTE, "solicitud")]
    return [
        *(Pieza(partes.filter(dependencia=pk), EN_LA_PARTE, "solicitud") for pk in alcance.dependencias),
        Pieza(visibles.filter(radicada_por_id=alcance.persona_id), EN_EL_INDICE),
        Pieza(visibles.filter(registrada_por_id=alcance.persona_id), EN_EL_INDICE),
    ]


def pagina_de_solicitudes(alcance: Alcance, parametros: dict[str, Any]) -> Pagina:
    de_cada_una = [_filtrada(pieza, parametros) for pieza in piezas(alcance)]

    def leer(sentido: tuple[str, ...], borde: list[Any] | None) -> list[Any]:
        primera, *otras = [_llaves(pieza, sentido, borde, parametros["tamano"]) for pieza in de_cada_una]
        llaves = ArraySubquery(primera.union(*otras) if otras else primera)
        filas = de_estas_llaves(Solicitud, llaves).select_related("entidad", "modalidad").order_by(*sentido)
        return list(filas[: parametros["tamano"] + 1])

    with nullcontext() if parametros.get("buscar") else sin_mapas():  # words are found by a map
        return paginar_leyendo(Solicitud, MAS_RECIENTES, parametros["cursor"], leer, parametros["tamano"])


def _llaves(pieza: Pieza, sentido: tuple[str, ...], borde: list[Any] | None, tamano: int) -> QuerySet[Any]:
    return tramo(pieza.filas, sentido, borde, tamano, pieza.en).values(
        f"{pieza.solicitud}_id" if pieza.solicitud else "pk"
    )


def _filtrada(pieza: Pieza, parametros: dict[str, Any]) -> Pieza:
    filas, en = pieza.filas, pieza.en
    if estado := parametros.get("estado"):
        campo = f"{pieza.solicitud}__estado" if pieza.solicitud else "estado"
        filas = filas.filter(**{f"{campo}__in": SOLICITUD_ABIERTA if estado == "abierta" else [estado]})
    if parametros.get("buscar"):
        filas, en = buscar(filas, parametros["buscar"], pieza.solicitud), EN_EL_INDICE
    recibido_en = en.get("recibido_en", "recibido_en")
    if "desde" in parametros:
        filas = filas.filter(**{f"{recibido_en}__gte": comienzo(parametros["desde"])})
    if "hasta" in parametros:
        filas = filas.filter(**{f"{recibido_en}__lt": comienzo(parametros["hasta"] + timedelta(days=1))})
    return pieza._replace(filas=filas, en=en)
