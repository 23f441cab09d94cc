"""How rows become a file. Each writer is fed batches of typed rows and keeps none: memory does not grow with them.

A row is a tuple in the order of the columns: text, `date`, naive `datetime` in Bogotá's time, number or None.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any, Protocol

from solicitudes.columnas import Columna

Fila = Sequence[Any]
MAXIMO_DE_FILAS = 1_048_575  # of a sheet, without its heading; the same in Excel and in LibreOffice
TEXTOS_A_MANO = 5_000  # of each column, kept as they are written
HOJA, HOJA_CONSULTA = "Registro", "Consulta"


@dataclass(frozen=True, slots=True)
class Ficha:
    """What a file says of itself: title and pairs (name, value), the filters among them."""

    titulo: str
    pares: tuple[tuple[str, str], ...]


class Escritor(Protocol):
    def __init__(self, salida: IO[bytes], columnas: Sequence[Columna]) -> None: ...

    def escribir(self, filas: Sequence[Fila]) -> None: ...

    def cerrar(self, ficha: Ficha) -> None: ...

    def soltar(self) -> None:
        """Let go of what was not closed: nobody wants it. After `cerrar` it does nothing."""


def ancho(columna: Columna) -> int:
    """Of the column in a sheet, in characters."""
    return max({"fecha": 12, "instante": 17, "numero": 10}.get(columna.tipo, 24), len(columna.titulo) + 3)
