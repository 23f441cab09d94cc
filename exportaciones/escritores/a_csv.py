"""CSV as Excel in Colombia opens it: UTF-8 with its mark, «;», decimal comma. PostgreSQL writes it with COPY.

The first lines say what it is and start with «#», the comment mark of CSV on the Web: a program skips them.
"""

import csv
import io
import re
from collections.abc import Callable, Sequence
from typing import IO

from exportaciones.escritores import Ficha
from exportaciones.escritores.textos import sin_formula
from solicitudes.columnas import Columna

SEPARADOR = ";"
# Rows looked at together: looking at each alone took twice the time.
TANDA = 200
# Every byte as what it can be for a formula: «=» begins one, «a» never goes before one, «;» may.
_clases = bytearray(b";" * 256)
for _byte in b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz":
    _clases[_byte] = ord("a")
for _byte in b"=+-@\xef\t\r":  # the fifth, first of the wide ones; the last two begin one only where a cell begins
    _clases[_byte] = ord("=")
_CLASES = bytes(_clases)
# From where a cell begins to that byte, with nothing that never goes before one. Not «quizá - algo».
_EN_SU_CELDA = re.compile(b"[;\n][^;\n0-9A-Za-z]*?[=+\\-@\xef\t\r]")


def es_sospechosa(lineas: bytes, cuantas: int = 1) -> bool:
    """Whether some cell of so many lines of COPY may begin as a formula. It may say yes too often, and never no.

    Four times cheaper than a regular expression over every text, and nearly no line needs more.
    """
    lineas = b"\n" + lineas
    if b";=" in lineas.translate(_CLASES) and _EN_SU_CELDA.search(lineas):
        return True
    # More ends of line than lines: some are inside a cell, perhaps where it begins.
    return lineas.count(b"\n") > cuantas + 1 and (b';"\n' in lineas or b'\n"\n' in lineas)


def encabezado(columnas: Sequence[Columna], ficha: Ficha) -> bytes:
    lineas = [f"# {ficha.titulo}", *(f"# {nombre}: {valor}" for nombre, valor in ficha.pares)]
    texto = io.StringIO()
    # A separator inside would begin a cell of its own, and that cell could be a formula.
    texto.writelines(" ".join(linea.replace(SEPARADOR, ",").replace('"', "'").split()) + "\n" for linea in lineas)
    texto.write(_linea([columna.titulo for columna in columnas]))
    return ("\ufeff" + texto.getvalue()).encode()


EN_BOGOTA = "set local timezone = 'America/Bogota'"


def orden_copy(consulta: bytes, columnas: Sequence[Columna]) -> bytes:
    """COPY of a SELECT already complete (`mogrify`), instants in the time of the session and numbers with comma.

    The session must be in Bogotá's (`EN_BOGOTA`): to say the zone in each cell cost a seventh of everything.
    The inner SELECT is ordered: that keeps PostgreSQL from merging both and computing each expression several times.
    """
    nombres = [f"c{n}" for n in range(len(columnas))]
    celdas = [_CELDA.get(columna.tipo, str)(nombre) for nombre, columna in zip(nombres, columnas, strict=True)]
    antes = f"copy (select {', '.join(celdas)} from ("  # noqa: S608  # names made here
    despues = f") as filas ({', '.join(nombres)})) to stdout (format csv, delimiter '{SEPARADOR}')"
    return antes.encode() + consulta + despues.encode()


_CELDA: dict[str, Callable[[str], str]] = {
    "instante": lambda celda: f"date_bin('1 second', {celda}::timestamp, '2000-01-01')",
    "numero": lambda celda: f"replace({celda}::text, '.', ',')",
}


class Sumidero:
    """The file COPY writes to: one call per row. `vaciar` at the end.

    Formulas are looked for here and not in SQL: PostgreSQL is what is waited for, and this process has time to spare.
    """

    def __init__(self, salida: IO[bytes], columnas: Sequence[Columna]) -> None:
        self._salida = salida
        self._textos = {n for n, columna in enumerate(columnas) if columna.tipo in {"texto", "lista"}}
        self._tanda: list[bytes] = []
        self.filas = 0

    def write(self, linea: bytes) -> int:
        self._tanda.append(linea)
        if len(self._tanda) >= TANDA:
            self.vaciar()
        return len(linea)

    def vaciar(self) -> None:
        juntas = b"".join(self._tanda)
        if es_sospechosa(juntas, len(self._tanda)):
            juntas = b"".join([self._sin_formulas(una) if es_sospechosa(una) else una for una in self._tanda])
        self._salida.write(juntas)
        self.filas += len(self._tanda)
        self._tanda.clear()

    def _sin_formulas(self, linea: bytes) -> bytes:
        [celdas] = csv.reader(io.StringIO(linea.decode(), newline=""), delimiter=SEPARADOR)
        return _linea([sin_formula(c) if n in self._textos else c for n, c in enumerate(celdas)]).encode()


def _linea(celdas: Sequence[str]) -> str:
    """As COPY writes them. It quotes a carriage return; Python does, when it ends its lines with one."""
    texto = io.StringIO()
    csv.writer(texto, delimiter=SEPARADOR, lineterminator="\r\n").writerow(celdas)
    return texto.getvalue()[:-2] + "\n"
