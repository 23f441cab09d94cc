"""How many open partes the queues of some dependencias hold, kept at each move by a room above (`tableros`): counting
them again walks thousands of rows for every page of a queue."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple


class Abiertas(NamedTuple):
    """The open ones, and how many of them wait for somebody, wait for the entity, or are due by some day; and the last
    line of the history of anybody, read in the same question."""

    ultimo_movimiento: int
    abiertas: int
    en_cola: int
    esperando: int
    por_vencer: int
    en_cola_por_vencer: int


Contador = Callable[[Sequence[int], date, bool], Abiertas]
_contador: list[Contador] = []


def registrar_contador(contador: Contador) -> None:
    """Who keeps the count, if some room above does."""
    _contador[:] = [contador]


def abiertas_llevadas(dependencias: Sequence[int], hasta: date, con_reserva: bool) -> Abiertas | None:
    """`hasta`: the last day of what is about to be due. `con_reserva`: the reserved ones too, which only a head of
    those dependencias may count. None: nobody keeps it."""
    return _contador[0](dependencias, hasta, con_reserva) if _contador else None
