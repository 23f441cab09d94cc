"""Published conceptos to offer before filing (R95, E8). The room of the conceptos registers how to find them.

registrar_buscador(lambda busqueda: [Relacionado(…), …])
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from alcance import Alcance

MAXIMO = 3


@dataclass(frozen=True, slots=True)
class Busqueda:
    """What is being asked: ids of temas, free text, and who asks (the bank has audiences)."""

    temas: Sequence[int]
    texto: str
    alcance: Alcance


@dataclass(frozen=True, slots=True)
class Relacionado:
    numero: str
    titulo: str
    url: str
    resumen: str = ""
    fecha: date | None = None


Buscador = Callable[[Busqueda], Sequence[Relacionado]]
_buscador: Buscador | None = None


def registrar_buscador(buscador: Buscador) -> None:
    """Called by the app above, when it starts."""
    global _buscador  # noqa: PLW0603
    _buscador = buscador


def buscar_relacionados(*, temas: Sequence[int], texto: str, alcance: Alcance) -> list[Relacionado]:
    """At most three published conceptos for these temas or words; none while nobody registered a bank."""
    if _buscador is None or not (temas or texto.strip()):
        return []
    return list(_buscador(Busqueda(temas, texto.strip(), alcance)))[:MAXIMO]
