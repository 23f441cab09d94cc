"""Full text over the search index: what a person types, as a query that the GIN answers (docs/decisiones/0016).

Words with accents as written, and without them for whoever types without; the last one may be half typed. Numbers are
found whole: a SIGA number, or the consecutive of a radicado with or without its zeros.
"""

import re
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet

CONFIGURACIONES = ("spanish", "es_na")
_RADICADO = re.compile(r"at-\d{4}-\d{6,9}", re.IGNORECASE)
_TROZO = re.compile(r'-?"[^"]+"|[^\s"]+')
_NUMERO = re.compile(r"(?=.*\d)[\w./-]+")
_TROZOS_MAXIMOS = 12
# A prefix shorter than this would read half of the index.
_LETRAS_DE_PREFIJO = 3


def buscar(consulta: QuerySet[Any], texto: str, solicitud: str = "solicitud") -> QuerySet[Any]:
    """Those whose solicitud says every word: `solicitud` is the path from the model to it ("" when it is itself)."""
    camino = f"{solicitud}__" if solicitud else ""
    if _RADICADO.fullmatch(texto.strip()):
        return consulta.filter(**{f"{camino}radicado": texto.strip().upper()})
    pedido = pedido_de(texto)
    return consulta.none() if pedido is None else consulta.filter(**{f"{camino}indice__texto": pedido})


def pedido_de(texto: str) -> Any:
    """The tsquery of what was typed: all the words, «"a phrase"» together, «-word» absent. None without any."""
    trozos = [t for t in _TROZO.findall(texto) if any(letra.isalnum() for letra in t)][:_TROZOS_MAXIMOS]
    if not trozos:
        return None
    partes = [_pedido_de_trozo(t, es_ultimo=t is trozos[-1] and not texto[-1:].isspace()) for t in trozos]
    return reduce(and_, partes)


def _pedido_de_trozo(trozo: str, *, es_ultimo: bool) -> Any:
    sin = trozo.startswith("-") and len(trozo) > 1
    limpio = trozo.removeprefix("-").strip('"')
    tipo = "phrase" if '"' in trozo else "plain"
    if sin:
        primera, segunda = _en_las_dos(limpio, tipo)
        return ~primera & ~segunda
    if es_ultimo and tipo == "plain" and limpio.isalpha() and len(limpio) >= _LETRAS_DE_PREFIJO:
        limpio, tipo = f"{limpio}:*", "raw"
    primera, segunda = _en_las_dos(limpio, tipo)
    numero = tipo == "plain" and _NUMERO.fullmatch(limpio)
    return primera | segunda | Lexema(limpio.lower().lstrip("0") or "0") if numero else primera | segunda


def _en_las_dos(texto: str, tipo: str) -> tuple[SearchQuery, SearchQuery]:
    primera, segunda = (SearchQuery(texto, config=cual, search_type=tipo) for cual in CONFIGURACIONES)
    return primera, segunda


class Lexema(SearchQuery):
    """One lexeme as it is, past the parser: `'1-2026-12345'::tsquery`. It takes letters, digits, «-», «.», «/»."""

    template = "(%(expressions)s)::tsquery"

    def __init__(self, lexema: str) -> None:
        super().__init__(f"'{lexema}'")
