"""What was sent and answered, by entidad, kept at each survey by a room above (`tableros`): adding up a million again
meets the time limit of a statement."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class DeEntidad(NamedTuple):
    """The sums of the surveys of one entidad. `resolvio` and `aplicara`: how many said yes."""

    entidad: int
    enviadas: int
    respondidas: int
    oportunidad: int
    pertinencia: int
    calidad: int
    resolvio: int
    aplicara: int


@dataclass(frozen=True, slots=True)
class Cuales:
    """Which surveys: each is where the parte that leads its solicitud is, and of the month that it was sent in.

    None is any. `reservadas`: of which dependencias the reserved ones count too. `desde` and `hasta` are the first day
    of a month and the last one of another.
    """

    dependencias: tuple[int, ...] | None = None
    reservadas: tuple[int, ...] | None = None
    entidad: int | None = None
    sector: int | None = None
    desde: date | None = None
    hasta: date | None = None


Contador = Callable[[Cuales], list[DeEntidad]]
_contador: list[Contador] = []


def registrar_contador(contador: Contador) -> None:
    """Who keeps the sums."""
    _contador[:] = [contador]


def llevadas(cuales: Cuales) -> list[DeEntidad]:
    return _contador[0](cuales)
