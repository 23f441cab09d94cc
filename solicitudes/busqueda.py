"""Full text over the search index: what a person types, as a query that the GIN answers (docs/decisiones/0016).

Words with accents as written, and without them for whoever types without; the last one may be half typed. Numbers are
found whole: a SIGA number, or the consecutive of a radicado with or without its zeros.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet

RADICADO = "radicado"
CONFIGURACIONES = ("spanish", "es_na")
_RADICADO = re.compile(r"at-\d{4}-\d{6,9}", re.IGNORECASE)
_TROZO = re.compile(r'-?"[^"]+"|[^\s"]+')
_NUMERO = re.compile(r"(?=.*\d)[\w./-]+")
_TROZOS_MAXIMOS = 12
# A prefix shorter than this would read half of the index.
_LETRAS_DE_PREFIJO = 3


@dataclass(frozen=True, slots=True)
class Leida:
    """What was typed, read: how each piece is asked for, which decides how the query is written, and what is asked."""

    formas: tuple[str, ...] = ()
    textos: tuple[str, ...] = ()


def leer(texto: str) -> Leida:
    if _RADICADO.fullmatch(texto.strip()):
        return Leida((RADICADO,), (texto.strip().upper(),))
    trozos = [t for t in _TROZO.findall(texto) if any(letra.isalnum() for letra in t)][:_TROZOS_MAXIMOS]
    partes = [_leer_trozo(t, es_ultimo=t is trozos[-1] and not texto[-1:].isspace()) for t in trozos]
    return Leida(tuple(forma for forma, _ in partes), tuple(uno for _, textos in partes for uno in textos))


def buscar(consulta: QuerySet[Any], texto: str, solicitud: str = "solicitud") -> QuerySet[Any]:
    """Those whose solicitud says every word. Of partes; `solicitud` "", of solicitudes: both know their index."""
    return buscar_leida(consulta, leer(texto), solicitud)


def buscar_leida(consulta: QuerySet[Any], leida: Leida, solicitud: str = "solicitud") -> QuerySet[Any]:
    if leida.formas == (RADICADO,):
        return consulta.filter(**{f"{solicitud}__radicado" if solicitud else "radicado": leida.textos[0]})
    return consulta.filter(indice__texto=_pedido(leida)) if leida.formas else consulta.none()


def pedido_de(texto: str) -> Any:
    """The tsquery of what was typed: all the words, «"a phrase"» together, «-word» absent. None without any."""
    leida = leer(texto)
    return _pedido(leida) if leida.formas else None


def _pedido(leida: Leida) -> Any:
    textos = iter(leida.textos)
    return reduce(and_, [_pedido_de_trozo(forma, textos) for forma in leida.formas])


def _leer_trozo(trozo: str, *, es_ultimo: bool) -> tuple[str, tuple[str, ...]]:
    """«sin …» is absent; «… numero» is also a lexeme by itself, which comes second."""
    sin = trozo.startswith("-") and len(trozo) > 1
    limpio = trozo.removeprefix("-").strip('"')
    tipo = "phrase" if '"' in trozo else "plain"
    if sin:
        return f"sin {tipo}", (limpio,)
    if es_ultimo and tipo == "plain" and limpio.isalpha() and len(limpio) >= _LETRAS_DE_PREFIJO:
        return "raw", (f"{limpio}:*",)
    if tipo == "plain" and _NUMERO.fullmatch(limpio):
        return "plain numero", (limpio, f"'{limpio.lower().lstrip('0') or '0'}'")
    return tipo, (limpio,)


def _pedido_de_trozo(forma: str, textos: Iterator[str]) -> Any:
    sin, tipo = forma.startswith("sin "), forma.removeprefix("sin ").removesuffix(" numero")
    primera, segunda = _en_las_dos(next(textos), tipo)
    if sin:
        return ~primera & ~segunda
    return primera | segunda | Lexema(next(textos)) if forma.endswith(" numero") else primera | segunda


def _en_las_dos(texto: str, tipo: str) -> tuple[SearchQuery, SearchQuery]:
    primera, segunda = (SearchQuery(texto, config=cual, search_type=tipo) for cual in CONFIGURACIONES)
    return primera, segunda


class Lexema(SearchQuery):
    """One lexeme as it is, past the parser: `'1-2026-12345'::tsquery`, quoted. It takes letters, digits, «-», «.»,
    «/»."""

    template = "(%(expressions)s)::tsquery"
