"""Statements that PostgreSQL keeps planned: most of what a page asks costs more to plan than to run.

Row-level security makes each query long (the policies of every table go inside it) and the planner reads it all again
each time: four milliseconds of the five and a half that the queue's main query took. A query asked for the second time
in a connection is prepared there, and afterwards only its values travel.

Only what is typed beyond doubt is left as a value of the prepared statement: integers, dates, instants, identifiers
and lists of integers, each with the type that its literal has. Texts, booleans and the rest stay written in it, so
that partial indexes still match and nothing changes its meaning; a text travels only where who asks says that it does
(`Texto`). Equal values are one value: what is selected and what is grouped by stays the same expression.

So is what the ORM writes of one row, or inserts of several: each value goes to its column, so texts and JSON travel
too, and no two are one.

A prepared statement belongs to its session and survives a rolled back transaction. It needs a connection of its own:
never a pooler that changes it between transactions.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import Jsonb

# Statements kept per connection, and queries of which it is remembered how often they were asked.
MAXIMO = 250
VISTAS = 4000
_ENTERO = 2**31
_GRANDE = 2**63
_LARGA = 4000  # of a write: one of many rows is rarely asked again with as many
_LEE = ("SELECT ", "(SELECT ")
_VALOR = r"(?:NULL|%s(?:::[a-z]+(?:\([0-9]+\))?(?:\[\])?)?)"
_FILA = rf"\({_VALOR}(?:, {_VALOR})*\)"
_INSERTA = re.compile(
    r'INSERT INTO "\w+" \("[^)]+\) VALUES FILA(?:, FILA)*(?: RETURNING "[^)]+")?'.replace("FILA", _FILA)
)
_ACTUALIZA = re.compile(
    r'UPDATE "(\w+)" SET "\w+" = VALOR(?:, "\w+" = VALOR)* WHERE "\1"\."id" = %s'.replace("VALOR", _VALOR)
)


class Texto(str):
    """One that travels: the query matches the same indexes whatever it says."""

    __slots__ = ()


def _escribe_filas(query: str) -> bool:
    return query.startswith(("INSERT ", "UPDATE ")) and len(query) < _LARGA and _es_de_filas(query)


@lru_cache(maxsize=500)
def _es_de_filas(query: str) -> bool:
    return bool(_INSERTA.fullmatch(query) or _ACTUALIZA.fullmatch(query))


class Preparadas:
    """The statements that one connection has prepared."""

    def __init__(self, *, olvidar: bool = False) -> None:
        """`olvidar`: the session may still have some of before."""
        self._sobran = olvidar
        self._nombres: dict[tuple[Any, ...], str] = {}
        self._vistas: dict[int, int] = {}
        self._hechas = self._limpias = 0

    def orden(
        self, query: str, valores: Any, escribir: Callable[[str, Any], bytes]
    ) -> tuple[bytes, tuple[Any, ...] | None] | None:
        """What to send instead of `query`, and what to tell `lista` if it went well; None to send it as it is.

        `escribir(texto, valores)` writes a text with its values as the connection does.
        """
        escribe = _escribe_filas(query)
        if not (escribe or query.startswith(_LEE)):
            return None
        puestos, clave = _separar(query, valores, escribe)
        if clave is None:
            return None
        nombre = self._nombres.get(clave)
        if nombre is not None:
            return _ejecutar(nombre, puestos, escribir), None
        if not self._ya_toca(clave):
            return None
        self._hechas += 1
        nombre = f"portal_{self._hechas}"
        tipos = _tipos(clave)
        texto = query % tuple(_en_su_lugar(clave, valores, escribir))
        declara = f" ({', '.join(tipos)})" if tipos else ""
        if self._hechas - self._limpias > MAXIMO:  # one whose first run failed counts too: the session has it
            self._nombres.clear()
            self._sobran, self._limpias = True, self._hechas - 1
        antes, self._sobran = b"deallocate all;" if self._sobran else b"", False
        prepara = antes + f"prepare {nombre}{declara} as {texto};".encode()
        return prepara + _ejecutar(nombre, puestos, escribir), (*clave, nombre)

    def lista(self, preparada: tuple[Any, ...]) -> None:
        self._nombres[preparada[:-1]] = preparada[-1]

    def _ya_toca(self, clave: tuple[Any, ...]) -> bool:
        if len(self._vistas) > VISTAS:
            self._vistas.clear()
        huella = hash(clave)
        veces = self._vistas.get(huella, 0) + 1
        self._vistas[huella] = veces
        return veces >= settings.PREPARAR_DESDE


def _separar(query: str, valores: Any, escribe: bool) -> tuple[list[Any], tuple[Any, ...] | None]:
    """The values that travel each time, and the key of the statement: the query, and for each of its places the type
    and number of its value, or the value itself when it stays written."""
    puestos: list[Any] = []
    lugares: dict[tuple[str, Any], int] = {}
    clave: list[Any] = [query]
    for valor in valores:
        tipo = type(valor)
        if escribe:
            nombre = _que_se_escribe(tipo, valor)
            clave.append((nombre, len(puestos)) if nombre else (tipo, None if valor == [] else valor))
            if nombre:
                puestos.append(valor)
            continue
        if tipo is str:
            clave.append(valor)
            continue
        nombre = _TIPOS[tipo](valor) if tipo in _TIPOS else ""
        if not nombre:
            clave.append((tipo, valor))
            continue
        if tipo is list:
            clave.append((nombre, len(puestos)))
            puestos.append(valor)
            continue
        cual = lugares.get((nombre, valor))
        if cual is None:
            cual = lugares[nombre, valor] = len(puestos)
            puestos.append(valor)
        clave.append((nombre, cual))
    llave = tuple(clave)
    try:
        hash(llave)
    except TypeError:  # a value that stays written and is not a key: JSON, ranges
        return puestos, None
    return puestos, llave


def _de_entero(valor: int) -> str:
    if -_ENTERO <= valor < _ENTERO:
        return "int4"
    return "int8" if -_GRANDE <= valor < _GRANDE else ""


def _de_lista(valor: list[Any]) -> str:
    if not valor or any(type(uno) is not int for uno in valor):
        return ""
    tipos = {_de_entero(uno) for uno in valor}
    return "" if "" in tipos else f"{'int8' if 'int8' in tipos else 'int4'}[]"


def _que_se_escribe(tipo: type, valor: Any) -> str:
    """A list of texts too; an empty one stays written, for it is of any type."""
    if tipo in _TIPOS:
        nombre = _TIPOS[tipo](valor)
        return nombre or ("text[]" if tipo is list and valor and all(type(uno) is str for uno in valor) else "")
    return "text" if isinstance(valor, str) else "jsonb" if tipo is Jsonb else ""


_TIPOS: dict[type, Callable[[Any], str]] = {
    int: _de_entero,
    date: lambda valor: "date",
    datetime: lambda valor: "timestamptz" if valor.tzinfo else "",
    UUID: lambda valor: "uuid",
    list: _de_lista,
    Texto: lambda valor: "text",
}
_NOMBRES = {"int4", "int8", "date", "timestamptz", "uuid", "int4[]", "int8[]", "text", "text[]", "jsonb"}


def _es_puesto(parte: Any) -> bool:
    return isinstance(parte, tuple) and parte[0] in _NOMBRES


def _tipos(clave: tuple[Any, ...]) -> list[str]:
    """The types of the values, by their number."""
    return [tipo for _, tipo in sorted({(parte[1], parte[0]) for parte in clave[1:] if _es_puesto(parte)})]


def _en_su_lugar(clave: tuple[Any, ...], valores: Any, escribir: Callable[[str, Any], bytes]) -> list[str]:
    return [
        f"${parte[1] + 1}" if _es_puesto(parte) else escribir("%s", (valor,)).decode()
        for parte, valor in zip(clave[1:], valores, strict=True)
    ]


def _ejecutar(nombre: str, puestos: list[Any], escribir: Callable[[str, Any], bytes]) -> bytes:
    if not puestos:
        return f"execute {nombre}".encode()
    return escribir(f"execute {nombre} ({', '.join(['%s'] * len(puestos))})", puestos)
