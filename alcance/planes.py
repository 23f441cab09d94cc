"""How a statement is planned, where its author knows better than the planner."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def sin_mapas() -> Iterator[None]:
    """What is asked inside walks indexes in their order, and stops when its page is full: no bitmap of all that could
    match. For lists of few rows out of what a partial index holds, with row-level security: its conditions look so
    unlikely to the planner that it prepares to look for rows that are everywhere.

    The two orders travel with the statements that follow (`alcance.postgres`) and end with the transaction.
    """
    connection.por_enviar.append(b"set local enable_bitmapscan = off")  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.por_enviar.append(b"set local enable_bitmapscan = on")  # type: ignore[attr-defined]


@contextmanager
def en_su_orden() -> Iterator[None]:
    """What is asked inside is nearly all of a table in the order of one of its indexes: that index is walked instead
    of sorting wide rows, and what a few rows of a catalogue say is remembered instead of looked up each time.

    Beside what the policies make it believe that reading a row costs, to the planner every way of joining is the same.
    """
    connection.por_enviar.append(  # type: ignore[attr-defined]
        b"set local enable_sort = off;set local enable_material = off;set local cpu_index_tuple_cost = 2"
    )
    try:
        yield
    finally:
        connection.por_enviar.append(  # type: ignore[attr-defined]
            b"set local enable_sort = on;set local enable_material = on;set local cpu_index_tuple_cost to default"
        )
