"""The bank of conceptos (R95): found by their text, by whoever their audience reaches."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from alcance import Alcance
from alcance.compiladas import Compilada, Forma
from conceptos import secciones
from conceptos.estados import EstadoConcepto
from conceptos.models import Concepto, ConsultaConcepto, audiencias_de
from direcciones.models import Dependencia, Tema
from plazos.reloj import comienzo
from solicitudes.relacionados import MAXIMO, Busqueda, Relacionado

# With accents as written, and without them for whoever types without (migration 0004).
CONFIGURACIONES = ("spanish", "es_na")
_PALABRA = re.compile(r"[^\W\d_]{4,}")
_PALABRAS_MAXIMAS = 16
# Without words nobody reads further: the page says «Más de 1.000 resultados».
SE_CUENTAN = 1_000


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


@dataclass(frozen=True, slots=True)
class Pedido:
    """What is searched for in the bank. `anio` is of when it was sent, in Bogotá."""

    texto: str = ""
    tema: int | None = None
    dependencia: int | None = None
    anio: int | None = None
    solo_vigentes: bool = False


def buscar(*, alcance: Alcance, **lo_pedido: Any) -> ConsultaConcepto:
    """Published conceptos this person may find; the most useful first when there are words, the newest otherwise.
    `lo_pedido`: the fields of Pedido."""
    return _hallados(audiencias=audiencias_de(alcance), **_valores(Pedido(**lo_pedido)))


def _valores(pedido: Pedido) -> dict[str, Any]:
    anio = pedido.anio
    return {
        "texto": pedido.texto.strip() or None,
        "tema": pedido.tema,
        "dependencia": pedido.dependencia,
        "desde": comienzo(date(anio, 1, 1)) if anio else None,
        "antes_de": comienzo(date(anio + 1, 1, 1)) if anio else None,
        "vigentes": pedido.solo_vigentes,
    }


def _hallados(
    *,
    audiencias: tuple[str, ...],
    texto: str | None,
    tema: int | None,
    dependencia: int | None,
    desde: datetime | None,
    antes_de: datetime | None,
    vigentes: bool,
) -> ConsultaConcepto:
    condiciones = {
        "tema": tema,
        "dependencia": dependencia,
        "notificado_en__gte": desde,
        "notificado_en__lt": antes_de,
        "estado": EstadoConcepto.NOTIFICADO if vigentes else None,
    }
    conceptos = Concepto.objects.publicados(audiencias)
    conceptos = conceptos.filter(**{campo: valor for campo, valor in condiciones.items() if valor is not None})
    if texto is None:
        return conceptos.order_by("-notificado_en", "-id")
    consulta = _consulta(texto)
    puntaje = SearchRank(F("busqueda"), consulta)
    return conceptos.filter(busqueda=consulta).annotate(puntaje=puntaje).order_by("-puntaje", "-notificado_en", "-id")


class Hallado(NamedTuple):
    """What the bank shows of one concepto."""

    numero: str
    asunto: str
    estado: str
    dependencia: str
    tema: str
    notificado_en: datetime
    respuesta_corta: str


@dataclass(frozen=True, slots=True)
class Pagina:
    """`total`: how many were found, or `SE_CUENTAN` when there are more (`hay_mas`)."""

    filas: list[Hallado]
    quedan: bool
    total: int
    hay_mas: bool


def pagina_del_banco(*, alcance: Alcance, pedido: Pedido, desde: int, tamano: int, todos: bool = False) -> Pagina:
    """With words, every concepto found is ranked, and counted with it. Otherwise nothing is read beyond what the page
    shows and says, unless the address asks for `todos`."""
    valores = {"audiencias": audiencias_de(alcance), **_valores(pedido)}
    filas = _FILAS(tramo=(desde, desde + tamano + 1), **valores)
    if filas and filas[0][-1] is not None:
        cuantos = filas[0][-1]
    elif len(filas) <= tamano and (filas or not desde):
        cuantos = desde + len(filas)
    else:
        cuantos = _hallados(**valores).count() if todos else len(_CONTADOS(**valores))
    hay_mas = cuantos > SE_CUENTAN and valores["texto"] is None and not todos
    return Pagina(
        filas=[Hallado(*fila[:-1]) for fila in filas[:tamano]],
        quedan=len(filas) > tamano,
        total=SE_CUENTAN if hay_mas else cuantos,
        hay_mas=hay_mas,
    )


def _filas(*, tramo: tuple[int, int], **valores: Any) -> QuerySet[Any]:
    hallados = _hallados(**valores)
    total: Any = Value(None, output_field=IntegerField()) if valores["texto"] is None else Window(Count("*"))
    return hallados.annotate(total=total).values_list(
        "numero", "asunto", "estado", "dependencia__nombre_corto", "tema__nombre", "notificado_en", "respuesta_corta",
        "total",
    )[tramo[0] : tramo[1]]  # fmt: skip


_TIPOS: dict[str, type] = {
    "audiencias": Forma, "texto": str, "tema": int, "dependencia": int, "desde": datetime, "antes_de": datetime,
    "vigentes": Forma,
}  # fmt: skip
_FILAS = Compilada(_filas, tramo=Forma, **_TIPOS)
_CONTADOS = Compilada(lambda **valores: _hallados(**valores).order_by().values_list("pk")[: SE_CUENTAN + 1], **_TIPOS)


@dataclass(frozen=True, slots=True)
class Ofrecido:
    """What the bank may be filtered by, and finds something: (id, name) of each, and the years."""

    temas: tuple[tuple[str, str], ...]
    dependencias: tuple[tuple[str, str], ...]
    anios: tuple[int, ...]


def lo_que_se_ofrece(alcance: Alcance) -> Ofrecido:
    """Asked one by one of an index: it costs the same whatever was published."""
    audiencias = audiencias_de(alcance)
    filas: dict[str, list[Any]] = {"tema": [], "dependencia": [], "primero": [], "ultimo": []}
    for clase, pk, nombre, notificado_en in _OFRECIDO(audiencias=audiencias):
        filas[clase].append(timezone.localdate(notificado_en).year if notificado_en else (str(pk), nombre))
    primero, ultimo = (min(filas["primero"], default=0), max(filas["ultimo"], default=0))
    anios = {primero, ultimo, *_con_algo(audiencias, range(primero + 1, ultimo))} - {0}
    return Ofrecido(tuple(filas["tema"]), tuple(filas["dependencia"]), tuple(sorted(anios, reverse=True)))


def _con_algo(audiencias: tuple[str, ...], anios: range) -> list[int]:
    """Those of these years when some was sent."""
    if not anios:
        return []
    limites = {f"l{k}": comienzo(date(anio, 1, 1)) for k, anio in enumerate(range(anios.start, anios.stop + 1))}
    return [timezone.localdate(uno).year for (uno,) in _de_anios(len(limites))(audiencias=audiencias, **limites)]


@cache
def _de_anios(cuantos: int) -> Compilada:
    def hacer(*, audiencias: tuple[str, ...], **limites: datetime) -> Any:
        publicados = Concepto.objects.publicados(audiencias).order_by("notificado_en").values_list("notificado_en")
        instantes = [limites[f"l{k}"] for k in range(cuantos)]
        uno, *otros = (
            publicados.filter(notificado_en__gte=desde, notificado_en__lt=antes_de)[:1]
            for desde, antes_de in pairwise(instantes)
        )
        return uno.union(*otros, all=True) if otros else uno

    return Compilada(hacer, audiencias=Forma, **{f"l{k}": datetime for k in range(cuantos)})


def _ofrecido(audiencias: tuple[str, ...]) -> Any:
    publicados = Concepto.objects.publicados(audiencias)
    nunca = Cast(Value(None), DateTimeField())

    def que_tienen(modelo: Any, campo: str) -> Any:
        uno = Subquery(publicados.filter(**{campo: OuterRef("pk")}).order_by("-notificado_en").values("pk")[:1])
        hay = modelo.objects.order_by().annotate(uno=uno).filter(uno__isnull=False)
        return hay.annotate(clase=Value(campo), cuando=nunca).values_list("clase", "pk", "nombre", "cuando")

    def extremo(clase: str, orden: str) -> Any:
        uno = publicados.order_by(orden).annotate(clase=Value(clase), nombre=Value(""))
        return uno.values_list("clase", "pk", "nombre", "notificado_en")[:1]

    return que_tienen(Tema, "tema").union(
        que_tienen(Dependencia, "dependencia"),
        extremo("primero", "notificado_en"),
        extremo("ultimo", "-notificado_en"),
        all=True,
    ).order_by("nombre")  # fmt: skip


_OFRECIDO = Compilada(_ofrecido, audiencias=Forma)


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
