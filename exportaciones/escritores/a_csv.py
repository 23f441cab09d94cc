"""CSV as Excel in Colombia opens it: UTF-8 with its mark, «;», decimal comma. PostgreSQL writes it with COPY.

The first lines say what it is and start with «#», the comment mark of CSV on the Web: a program skips them.
"""

import csv
import io
from collections.abc import Callable, Sequence
from typing import IO, Any

from exportaciones.escritores import Ficha
from exportaciones.escritores.textos import RIESGO_SQL, sin_formula
from solicitudes.columnas import Columna

SEPARADOR = ";"
_ZONA = "America/Bogota"


def encabezado(columnas: Sequence[Columna], ficha: Ficha) -> bytes:
    lineas = [f"# {ficha.titulo}", *(f"# {nombre}: {valor}" for nombre, valor in ficha.pares)]
    texto = io.StringIO()
    # A separator inside would begin a cell of its own, and that cell could be a formula.
    texto.writelines(" ".join(linea.replace(SEPARADOR, ",").replace('"', "'").split()) + "\r\n" for linea in lineas)
    escritor = csv.writer(texto, delimiter=SEPARADOR, lineterminator="\r\n")
    escritor.writerow([sin_formula(columna.titulo) for columna in columnas])
    return ("\ufeff" + texto.getvalue()).encode()


def orden_copy(consulta: bytes, columnas: Sequence[Columna]) -> bytes:
    """COPY of a SELECT already complete (`mogrify`), its cells made safe.

    The inner SELECT is ordered: that keeps PostgreSQL from merging both and computing each expression several times.
    """
    nombres = [f"c{n}" for n in range(len(columnas))]
    celdas = [_CELDA.get(columna.tipo, _texto)(nombre) for nombre, columna in zip(nombres, columnas, strict=True)]
    antes = f"copy (select {', '.join(celdas)} from ("  # noqa: S608  # names made here
    despues = f") as filas ({', '.join(nombres)})) to stdout (format csv, delimiter '{SEPARADOR}')"
    return antes.encode() + consulta + despues.encode()


def _texto(celda: str) -> str:
    """Nearly every text starts with a letter, and that is seen without the regular expression."""
    return (
        f"""case when {celda} collate "C" >= 'A' and {celda} collate "C" < U&'\\007F' then {celda} """
        f"""when {celda} ~ '{RIESGO_SQL}' then '''' || {celda} else {celda} end"""
    )


_CELDA: dict[str, Callable[[str], str]] = {
    "fecha": lambda celda: celda,
    "instante": lambda celda: f"date_trunc('second', {celda} at time zone '{_ZONA}')",
    "numero": lambda celda: f"replace({celda}::text, '.', ',')",
}


class Sumidero:
    """The file COPY writes to: one call per row. `al_paso` is told every so many rows and may raise to stop."""

    def __init__(self, salida: IO[bytes], al_paso: Callable[[int], Any], cada: int = 1000) -> None:
        self._escribir, self._al_paso, self._cada = salida.write, al_paso, cada
        self.filas = 0

    def write(self, linea: bytes) -> int:
        self.filas += 1
        if self.filas % self._cada == 0:
            self._al_paso(self.filas)
        return self._escribir(linea)
