"""What a change of the calendar would move, told by the room that has the terms before anything is saved (R19)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from plazos.calendario import Calendario


class Cambio(NamedTuple):
    """One open solicitud that would end another day."""

    radicado: str
    entidad: str
    vence: date
    venceria: date


@dataclass(frozen=True, slots=True)
class Efecto:
    """`cuantas` solicitudes change of date, and the first of them; `hitos`, in how many more only a milestone of a
    service agreement does; `sin_contar`, in how many some clock cannot be counted and keeps what it had. `huella` is
    of all that moves: what is confirmed is what was seen."""

    cuantas: int = 0
    hitos: int = 0
    sin_contar: int = 0
    filas: tuple[Cambio, ...] = ()
    huella: str = ""

    @property
    def mas(self) -> int:
        return self.cuantas - len({fila.radicado for fila in self.filas})


Vista = Callable[[Calendario, date], Efecto]
Recuento = Callable[[str], None]
_registrado: list[tuple[Vista, Recuento]] = []


def registrar_plazos(vista: Vista, recuento: Recuento) -> None:
    """Who has the terms: how a calendar that differs on a day would leave them, and how to count them again."""
    _registrado[:] = [(vista, recuento)]


def efecto_de(calendario: Calendario, dia: date) -> Efecto:
    return _registrado[0][0](calendario, dia)


def volver_a_contar(que: str) -> None:
    """`que` changed, in the transaction that changes it."""
    _registrado[0][1](que)
