"""How many open partes the queues of some dependencias hold, and how many they delivered, kept at each move by a room
above (`tableros`): counting them again walks thousands of rows for every page of a queue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


class DeLaJefatura(NamedTuple):
    """What the head of some dependencias looks at. `hace_mucho`: those without anybody that came before some day."""

    en_cola: int
    en_mano: int
    esperando: int
    por_vencer: int
    vencidas: int
    hace_mucho: int
    entregadas: int
    a_tiempo: int


@dataclass(frozen=True, slots=True)
class Dias:
    """The days that the figures of a head depend on. `anio`: the first of the year of what was delivered."""

    hoy: date
    por_vencer_hasta: date
    hace_mucho: date
    anio: date


Contador = Callable[[Sequence[int], date, bool], Abiertas]
DeJefatura = Callable[[Sequence[int], Dias], DeLaJefatura]
_contador: list[Contador] = []
_de_jefatura: list[DeJefatura] = []


def registrar_contador(contador: Contador, de_jefatura: DeJefatura) -> None:
    """Who keeps the counts."""
    _contador[:], _de_jefatura[:] = [contador], [de_jefatura]


def abiertas_llevadas(dependencias: Sequence[int], hasta: date, con_reserva: bool) -> Abiertas | None:
    """`hasta`: the last day of what is about to be due. `con_reserva`: the reserved ones too, which only a head of
    those dependencias may count. None: nobody keeps it."""
    return _contador[0](dependencias, hasta, con_reserva) if _contador else None


def llevadas_de_la_jefatura(dependencias: Sequence[int], dias: Dias) -> DeLaJefatura:
    """The reserved ones too: only for a head of all of these dependencias."""
    return _de_jefatura[0](dependencias, dias)
