"""How the register is drawn: one cell per column, and the columns that only complete another, under it.

The rows come as values and not as models: 25 rows of 28 columns must not cost more than the query that brings them.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from plazos.calendario import Calendario
from plazos.reloj import hoy
from sdfi_portal.templatetags.portal import TONOS, hora, tiempo
from solicitudes.columnas import COLUMNAS, Columna
from solicitudes.models import Parte
from solicitudes.paginas import TAMANO
from solicitudes.vencimiento import DEL_VENCIMIENTO, vencimiento

# Column → the one under which it is drawn, when both are chosen.
BAJO = {
    "asunto": "radicado", "canal": "radicado", "modelo": "radicado", "siga_entrada": "radicado",
    "siga_salida": "radicado", "reservada": "radicado", "fecha_efectiva": "recepcion", "otros_temas": "tema",
    "modalidad": "tema", "medio": "tema", "direccion": "tema", "dependencia": "tema", "sigla": "entidad",
    "sector": "entidad", "quien_pide": "entidad", "asesor": "estado", "cumplimiento": "vence",
}  # fmt: skip
# Alone they would not say what they are.
PREFIJO = {"siga_entrada": "SIGA ", "siga_salida": "SIGA de salida ", "otros_temas": "También: ",
           "fecha_efectiva": "Cuenta desde el ", "quien_pide": "Pide "}  # fmt: skip
# What every row carries besides its columns: its key, its place in the pages, and what its words depend on.
DE_LA_FILA = ("id", "solicitud_id", "recibido_en", *DEL_VENCIMIENTO, "primera_atencion_en", "tema_id",
              "entidad_id", "solicitud__radicado")  # fmt: skip
ANCHAS = {"tema", "entidad", "productos"}
LARGO, PALABRAS = 100, 25


@dataclass(frozen=True, slots=True)
class Grupo:
    """A column of the page and what goes under it."""

    columna: Columna
    debajo: list[Columna] = field(default_factory=list)


@dataclass(slots=True)
class Celda:
    titulo: str
    clase: str
    html: Any


def grupos(columnas: Iterable[Columna]) -> list[Grupo]:
    elegidas = {columna.clave for columna in columnas}
    solas = [Grupo(c) for c in COLUMNAS if c.clave in elegidas and BAJO.get(c.clave) not in elegidas]
    por_clave = {grupo.columna.clave: grupo for grupo in solas}
    for columna in COLUMNAS:
        if columna.clave in elegidas and columna.clave not in por_clave:
            por_clave[BAJO[columna.clave]].debajo.append(columna)
    return solas


def con_columnas(consulta: Any, columnas: Iterable[Columna]) -> Any:
    """The rows of a page: `c_<clave>` for every column, one statement."""
    anotadas = {f"c_{columna.clave}": columna.expresion for columna in columnas}
    return consulta.annotate(**anotadas).values_list(*DE_LA_FILA, *anotadas)


@lru_cache(maxsize=64)
def clase_de_fila(columnas: tuple[Columna, ...]) -> Any:
    """What a row of these columns is, by name."""
    return namedtuple("Fila", (*DE_LA_FILA, *(f"c_{columna.clave}" for columna in columnas)))


@lru_cache(maxsize=64)
def encabezado(columnas: tuple[Columna, ...]) -> SafeString:
    """The `<th>` of each column of the page."""
    titulos = (
        (g.columna.titulo, format_html_join("", "<small>{}</small>", ((c.titulo,) for c in g.debajo)))
        for g in grupos(columnas)
    )
    return format_html_join("", '<th scope="col" role="columnheader">{}{}</th>', titulos)


def dibujar(filas: Iterable[Any], columnas: tuple[Columna, ...], calendario: Calendario) -> list[SafeString]:
    """The `<tr>` of each row. One that was drawn already, with all that it is drawn from the same, is not again: the
    first pages are everybody's. Those of a page to be printed are too many to be remembered beside them."""
    dibujante, filas = _dibujante(columnas, calendario, hoy(), timezone.localdate()), list(filas)
    return [(dibujante if len(filas) <= TAMANO else dibujante.__wrapped__)(fila) for fila in filas]


@lru_cache(maxsize=4)
def _dibujante(columnas: tuple[Columna, ...], calendario: Calendario, *_dias: date) -> Any:
    """How the rows of these columns are drawn on this day («vence en 2 días», and the year only of other years)."""
    de_la_pagina = grupos(columnas)
    return lru_cache(maxsize=250)(lambda fila: _fila([_celda(fila, grupo, calendario) for grupo in de_la_pagina]))


def _fila(celdas: list[Celda]) -> SafeString:
    dentro = format_html_join(
        "",
        '<td role="cell" data-label="{}"{}>{}</td>',
        ((c.titulo, format_html(' class="{}"', c.clase) if c.clase else "", c.html) for c in celdas),
    )
    return format_html('<tr role="row">{}</tr>', dentro)


def _celda(fila: Any, grupo: Grupo, calendario: Calendario) -> Celda:
    columna = grupo.columna
    principal = _valor(fila, columna, calendario)
    renglones = [
        (PREFIJO.get(otra.clave, ""), texto)
        for otra in grupo.debajo
        if (texto := _valor(fila, otra, calendario)) and not (otra.clave == "reservada" and texto == "No")
    ]
    debajo = format_html_join("", "<small>{}{}</small>", renglones)
    clase = "fecha" if columna.tipo in {"fecha", "instante"} else "ancha" if columna.clave in ANCHAS else ""
    if not principal and not renglones:
        return Celda(columna.titulo, f"{clase} nada".strip(), "—")
    return Celda(columna.titulo, clase, format_html("{}{}", principal, debajo))


def _valor(fila: Any, columna: Columna, calendario: Calendario) -> Any:
    valor = getattr(fila, f"c_{columna.clave}")
    if columna.clave in _PROPIOS:
        return _PROPIOS[columna.clave](fila, valor, calendario)
    if columna.tipo in {"fecha", "instante"}:
        return tiempo(valor, "fecha_corta")
    return Truncator(valor).words(PALABRAS) if len(valor) > LARGO else valor


def _radicado(fila: Any, valor: str, _: Calendario) -> Any:
    return format_html(
        '<a class="radicado" href="{}?parte={}" data-atajo-fila>{}</a>',
        reverse("atencion:caso", args=[valor]), fila.id, valor,
    )  # fmt: skip


def _recepcion(fila: Any, valor: Any, _: Calendario) -> Any:
    return format_html("{}<small>{}</small>", tiempo(valor, "fecha_corta"), hora(valor))


def _estado(fila: Any, valor: str, _: Calendario) -> Any:
    tono = TONOS.get(fila.estado, "neutro")
    return format_html('<span class="estado{}">{}</span>', "" if tono == "neutro" else f" estado--{tono}", valor)


def _cumplimiento(fila: Any, valor: str, calendario: Calendario) -> Any:
    """In the words of everywhere else: «Vence en 2 días hábiles», «Entregada a tiempo». They may wrap."""
    parte = Parte(**{campo: getattr(fila, campo) for campo in DEL_VENCIMIENTO})
    texto = vencimiento(parte, calendario).texto
    return format_html('<span class="frase">{}</span>', texto) if texto else ""


def _reservada(fila: Any, valor: str, _: Calendario) -> Any:
    return format_html("<strong>{}</strong>", "Reservada") if valor == "Sí" else valor


_PROPIOS: dict[str, Callable[[Any, Any, Calendario], Any]] = {
    "radicado": _radicado,
    "recepcion": _recepcion,
    "estado": _estado,
    "cumplimiento": _cumplimiento,
    "reservada": _reservada,
}
