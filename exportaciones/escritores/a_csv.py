"""CSV as Excel in Colombia opens it: UTF-8 with its mark, «;», decimal comma. PostgreSQL writes it with COPY.

The first lines say what it is and start with «#», the comment mark of CSV on the Web: a program skips them.
"""

import csv
import io
from collections.abc import Callable, Sequence
from typing import IO, Any

from exportaciones.escritores import Ficha
from exportaciones.escritores.textos import sin_formula
from solicitudes.columnas import Columna

SEPARADOR = ";"
_ZONA = "America/Bogota"
# Every byte as what it can be for a formula: «=» begins one, «n» begins one only in a cell of its own, «a» never goes
# before one, «;» may. Four times cheaper than a regular expression, and nearly no line needs more.
_CLASES = bytearray(b";" * 256)
for _byte in b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz":
    _CLASES[_byte] = ord("a")
for _byte in b"=+-@\xef":  # the last, first of the wide ones
    _CLASES[_byte] = ord("=")
for _byte in b"\t\r\n":
    _CLASES[_byte] = ord("n")


def es_sospechosa(linea: bytes) -> bool:
    """Whether some cell of a line of COPY may begin as a formula. It may say yes too often."""
    clases = linea.translate(_CLASES)
    return b";=" in clases or clases.startswith(b"=") or b"n" in clases[:-1]


def encabezado(columnas: Sequence[Columna], ficha: Ficha) -> bytes:
    lineas = [f"# {ficha.titulo}", *(f"# {nombre}: {valor}" for nombre, valor in ficha.pares)]
    texto = io.StringIO()
    # A separator inside would begin a cell of its own, and that cell could be a formula.
    texto.writelines(" ".join(linea.replace(SEPARADOR, ",").replace('"', "'").split()) + "\n" for linea in lineas)
    texto.write(_linea([columna.titulo for columna in columnas]))
    return ("\ufeff" + texto.getvalue()).encode()


def orden_copy(consulta: bytes, columnas: Sequence[Columna]) -> bytes:
    """COPY of a SELECT already complete (`mogrify`), instants in Bogotá's time and numbers with comma.

    The inner SELECT is ordered: that keeps PostgreSQL from merging both and computing each expression several times.
    """
    nombres = [f"c{n}" for n in range(len(columnas))]
    celdas = [_CELDA.get(columna.tipo, str)(nombre) for nombre, columna in zip(nombres, columnas, strict=True)]
    antes = f"copy (select {', '.join(celdas)} from ("  # noqa: S608  # names made here
    despues = f") as filas ({', '.join(nombres)})) to stdout (format csv, delimiter '{SEPARADOR}')"
    return antes.encode() + consulta + despues.encode()


_CELDA: dict[str, Callable[[str], str]] = {
    "instante": lambda celda: f"date_trunc('second', {celda} at time zone '{_ZONA}')",
    "numero": lambda celda: f"replace({celda}::text, '.', ',')",
}


class Sumidero:
    """The file COPY writes to: one call per row. `al_paso` is told every so many rows and may raise to stop.

    Formulas are looked for here and not in SQL: PostgreSQL is what is waited for, and this process has time to spare.
    """

    def __init__(
        self, salida: IO[bytes], columnas: Sequence[Columna], al_paso: Callable[[int], Any], cada: int = 1000
    ) -> None:
        self._escribir, self._al_paso, self._cada = salida.write, al_paso, cada
        self._textos = {n for n, columna in enumerate(columnas) if columna.tipo in {"texto", "lista"}}
        self.filas = 0

    def write(self, linea: bytes) -> int:
        self.filas += 1
        if self.filas % self._cada == 0:
            self._al_paso(self.filas)
        return self._escribir(self._sin_formulas(linea) if es_sospechosa(linea) else linea)

    def _sin_formulas(self, linea: bytes) -> bytes:
        [celdas] = csv.reader(io.StringIO(linea.decode(), newline=""), delimiter=SEPARADOR)
        return _linea([sin_formula(c) if n in self._textos else c for n, c in enumerate(celdas)]).encode()


def _linea(celdas: Sequence[str]) -> str:
    """As COPY writes them. It quotes a carriage return; Python does, when it ends its lines with one."""
    texto = io.StringIO()
    csv.writer(texto, delimiter=SEPARADOR, lineterminator="\r\n").writerow(celdas)
    return texto.getvalue()[:-2] + "\n"
