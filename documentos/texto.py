"""Plain text as people type it, read as paragraphs and lists. Never HTML: everything is escaped by the template."""

import re
from dataclasses import dataclass
from itertools import groupby

_VINETA = re.compile(r"^\s*[-•*–]\s+(?=\S)")
_NUMERO = re.compile(r"^\s*\d{1,2}[.)]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Bloque:
    """A paragraph (`tipo` "p", one line per line break) or a list ("ul", "ol", one line per item)."""

    tipo: str
    lineas: tuple[str, ...]


class Texto(str):
    """A text a person wrote; templates walk its `bloques` (templates/documentos/_texto.html)."""

    __slots__ = ()

    @property
    def bloques(self) -> list[Bloque]:
        return [bloque for parte in re.split(r"\n\s*\n", self.replace("\r\n", "\n")) for bloque in _bloques_de(parte)]


def _bloques_de(parte: str) -> list[Bloque]:
    """Consecutive lines of the same kind make one block."""
    lineas = [linea for linea in parte.split("\n") if linea.strip()]
    return [Bloque(tipo, tuple(_sin_marca(linea) for linea in grupo)) for tipo, grupo in groupby(lineas, key=_tipo)]


def _tipo(linea: str) -> str:
    if _VINETA.match(linea):
        return "ul"
    return "ol" if _NUMERO.match(linea) else "p"


def _sin_marca(linea: str) -> str:
    return _NUMERO.sub("", _VINETA.sub("", linea)).strip()
