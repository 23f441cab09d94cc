"""What may be reminded of, by the date it counts from. Each room above says what a row of the policy would send today.

They register it in their `eventos.py`, with their events.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from avisos.eventos import eventos
from avisos.models import PoliticaAviso


@dataclass(frozen=True, slots=True)
class Previsto:
    """One notice that would leave today: to whom, and of which solicitud for which date, or else of what."""

    a_quien: str
    radicado: str = ""
    ruta: str = ""
    que: str = ""
    fecha: date | None = None


@dataclass(frozen=True, slots=True)
class Recordable:
    """`antes` and `despues`: the event of a reminder before its date (or on it) and after it; '' if there is none."""

    reloj: str
    destinos: tuple[str, ...]
    previa: Callable[[PoliticaAviso], list[Previsto]]
    antes: str = ""
    despues: str = ""
    solo_correo: bool = False  # it has a link that is kept nowhere: there is no line in the portal

    def evento(self, dias: int) -> str:
        return self.despues if dias > 0 else self.antes


_recordables: dict[str, Recordable] = {}


def registrar_recordable(recordable: Recordable) -> None:
    _recordables[recordable.reloj] = recordable


def recordables() -> dict[str, Recordable]:
    """By clock."""
    eventos()  # what registers them
    return dict(_recordables)
