"""Statements of several rooms that travel in one message: the server runs them one after another.

Each trip under a turn is time that others wait. A room that only writes gives its statement; whoever coordinates sends
them together.
"""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

Orden = tuple[str, list[Any]]  # a statement and its values


def mandar(*ordenes: Orden) -> list[tuple[Any, ...]]:
    """Run them in their order. Gives the rows of the last one, if it answers any: a SELECT that is repeated stays
    planned. More than one, in a transaction."""
    *antes, ultima = ordenes
    with connection.cursor() as cursor:
        if antes:
            connection.aplazar(cursor.mogrify(*_juntas(antes)))  # type: ignore[attr-defined]
        cursor.execute(*ultima)
        return cursor.fetchall() if cursor.description else []


def mandar_al_confirmar(*ordenes: Orden) -> None:
    """The same for what is written last under a turn: it travels with the commit, or with what is asked before it, and
    whoever waits for the turn waits one trip less. Only where whatever could make it fail was seen under that turn: a
    failure is the commit's, which nobody tells in words. The caller is in a transaction."""
    with connection.cursor() as cursor:
        connection.aplazar(cursor.mogrify(*_juntas(ordenes)))  # type: ignore[attr-defined]


def _juntas(ordenes: Sequence[Orden]) -> Orden:
    return ";".join(sql for sql, _ in ordenes), [valor for _, valores in ordenes for valor in valores]


def es_mi_turno(trabajo: str) -> bool:
    """Whether nobody else is at that periodic work; if so it is held until the transaction ends (C08)."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtext(%s))", [trabajo])
        return bool(cursor.fetchone()[0])


def fila(objeto: Model) -> dict[str, Any]:
    """Its columns, as `jsonb_populate_record` reads them; without its key when it has none."""
    columnas = {columna: getattr(objeto, atributo) for columna, atributo in _columnas(type(objeto))}
    if columnas["id"] is None:
        del columnas["id"]
    return columnas


def en_json(hoja: dict[str, Any] | list[dict[str, Any]]) -> str:
    """What an order of the database takes as one value. Instants, dates and UUIDs go as text."""
    return json.dumps(hoja, ensure_ascii=False, default=str)


def arreglo(valores: Sequence[str | int | None]) -> str:
    """An array of the database written as one value (`{"a","b"}`). The server reads it once; `ARRAY['a', 'b']`, which
    is how a list is sent, it parses as one expression for each, and of ten thousand that is half of the statement.

    Raises ValueError for a text with a NUL, which the database has no way to keep.
    """
    if not valores:
        return "{}"
    if None in valores:
        return "{" + ",".join("NULL" if valor is None else arreglo([valor])[1:-1] for valor in valores) + "}"
    # All of them at once: one by one it takes as long as it saves.
    juntos = "\0".join(map(str, valores))
    if juntos.count("\0") >= len(valores):
        raise ValueError("Un texto de la base no puede llevar el carácter nulo.")
    return '{"' + juntos.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","') + '"}'


@cache
def _columnas(modelo: type[Model]) -> list[tuple[str, str]]:
    return [(str(campo.column), campo.attname) for campo in modelo._meta.concrete_fields]
