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
