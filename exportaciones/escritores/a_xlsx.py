"""XLSX in constant memory: XlsxWriter makes the workbook, and the rows are written here.

XlsxWriter, also in its constant memory, took 17 s for 100,000 rows of 28 columns: it looks at each cell in Python. So
it writes everything but the rows (styles, heading, widths, filters, the sheet of the query) and its sheets are cut at
`<sheetData>`.
"""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from exportaciones.escritores import HOJA, HOJA_CONSULTA, MAXIMO_DE_FILAS, TEXTOS_A_MANO, Ficha, Fila, ancho
from exportaciones.escritores.textos import ESPECIAL, para_xml
from solicitudes.columnas import Columna

# «@» is text: what looks like a formula stays text also when somebody edits the cell.
FORMATOS = {"fecha": "dd/mm/yyyy", "instante": "dd/mm/yyyy hh:mm", "numero": "General"}
_TEXTO_MAXIMO = 32_767
_BYTES_MAXIMOS = 1_500_000_000  # of a sheet: over 2 GiB a ZIP needs what Excel does not read
_DIA_CERO = date(1899, 12, 30).toordinal()
_PARTES = re.compile(r"(?s)(.*<sheetData>)(<row .*?</row>)?.*(</sheetData>.*)")
Celda = Callable[[Any, int], str]


class EscritorXlsx:
    def __init__(self, salida: IO[bytes], columnas: Sequence[Columna]) -> None:
        self._zip = zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self._columnas = columnas
        self._filas_por_hoja: list[int] = []
        primera = _esqueleto(columnas, [0], Ficha("", ()))["xl/worksheets/sheet1.xml"]
        self._inicio = "".join(_partir(primera)[:2])
        estilos = [
            estilo
            for desde, hasta, estilo in re.findall(
                r'<col min="(\d+)" max="(\d+)" width="[^"]+" style="(\d+)"', primera
            )
            for _ in range(int(desde), int(hasta) + 1)
        ]
        self._celdas = [
            _celda(columna, xl_col_to_name(n), estilo)
            for n, (columna, estilo) in enumerate(zip(columnas, estilos, strict=True))
        ]
        self._abrir_hoja()

    def escribir(self, filas: Sequence[Fila]) -> None:
        while filas:
            cabe = MAXIMO_DE_FILAS - self._filas_por_hoja[-1]
            if not cabe or self._bytes > _BYTES_MAXIMOS:
                self._cerrar_hoja()
                self._abrir_hoja()
                continue
            self._escribir(filas[:cabe])
            filas = filas[cabe:]

    def cerrar(self, ficha: Ficha) -> None:
        """The sheets end and the rest of the workbook goes in, now that it is known how many there are."""
        self._cerrar_hoja()
        datos = {f"xl/worksheets/sheet{n}.xml" for n in range(1, len(self._filas_por_hoja) + 1)}
        for nombre, texto in _esqueleto(self._columnas, self._filas_por_hoja, ficha).items():
            if nombre not in datos:
                self._zip.writestr(nombre, texto)
        self._zip.close()

    def soltar(self) -> None:
        with suppress(OSError):
            self._hoja.close()
        with suppress(OSError):
            self._zip.close()

    def _escribir(self, filas: Sequence[Fila]) -> None:
        celdas, n = self._celdas, self._filas_por_hoja[-1] + 2
        lineas = []
        for fila in filas:
            pares = zip(celdas, fila, strict=True)
            lineas.append(f'<row r="{n}">{"".join([c(v, n) for c, v in pares if v is not None])}</row>')
            n += 1
        trozo = "".join(lineas).encode()
        self._hoja.write(trozo)
        self._bytes += len(trozo)
        self._filas_por_hoja[-1] += len(filas)

    def _abrir_hoja(self) -> None:
        self._filas_por_hoja.append(0)
        self._hoja = self._zip.open(f"xl/worksheets/sheet{len(self._filas_por_hoja)}.xml", "w")
        self._hoja.write(self._inicio.encode())
        self._bytes = 0

    def _cerrar_hoja(self) -> None:
        n = len(self._filas_por_hoja)
        hecha = _esqueleto(self._columnas, self._filas_por_hoja, Ficha("", ()))[f"xl/worksheets/sheet{n}.xml"]
        self._hoja.write(_partir(hecha)[2].encode())
        self._hoja.close()


def _esqueleto(columnas: Sequence[Columna], filas: Sequence[int], ficha: Ficha) -> dict[str, str]:
    """Every part of the workbook, its sheets with the heading alone. Shape: name in the ZIP → text."""
    memoria = io.BytesIO()
    with xlsxwriter.Workbook(
        memoria, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as libro:
        titulo, fijo = libro.add_format({"bold": True, "text_wrap": True, "valign": "top"}), libro.add_format()
        fijo.set_text_wrap()
        formatos = {tipo: libro.add_format({"num_format": como}) for tipo, como in FORMATOS.items()}
        texto = libro.add_format({"num_format": "@"})
        for n, cuantas in enumerate(filas):
            hoja = libro.add_worksheet(HOJA if n == 0 else f"{HOJA} {n + 1}")
            for posicion, columna in enumerate(columnas):
                hoja.set_column(posicion, posicion, ancho(columna), formatos.get(columna.tipo, texto))
                hoja.write_string(0, posicion, columna.titulo, titulo)
            hoja.freeze_panes(1, 1)
            hoja.repeat_rows(0)
            hoja.set_landscape()
            hoja.autofilter(0, 0, max(cuantas, 1), len(columnas) - 1)
        hoja = libro.add_worksheet(HOJA_CONSULTA)
        hoja.set_column(0, 0, 30, titulo)
        hoja.set_column(1, 1, 90, fijo)
        hoja.write_string(0, 0, ficha.titulo, titulo)
        for n, (nombre, valor) in enumerate(ficha.pares, start=1):
            hoja.write_string(n, 0, nombre, titulo)
            hoja.write_string(n, 1, valor[:_TEXTO_MAXIMO], fijo)
    with zipfile.ZipFile(memoria) as hecho:
        return {nombre: hecho.read(nombre).decode() for nombre in hecho.namelist()}


def _partir(hoja: str) -> tuple[str, str, str]:
    """What goes before the rows, the heading row, and what goes after. Its size is not known yet: it is left out."""
    partes = _PARTES.fullmatch(re.sub(r'<dimension ref="[^"]*"/>', "", hoja))
    assert partes is not None
    return partes[1], partes[2] or "", partes[3]


def _celda(columna: Columna, letra: str, estilo: str) -> Celda:
    """What writes a cell of a column: its value and its row → XML."""

    vistos: dict[str, str] = {}  # names of entidades, temas and people repeat in nearly every row

    def texto(valor: str, n: int) -> str:
        dentro = vistos.get(valor)
        if dentro is None:
            dentro = f' s="{estilo}" t="inlineStr"><is>{_texto(valor)}</is></c>' if valor else ""
            if len(vistos) < TEXTOS_A_MANO:
                vistos[valor] = dentro
        return f'<c r="{letra}{n}"{dentro}' if dentro else ""

    def fecha(valor: date, n: int) -> str:
        return f'<c r="{letra}{n}" s="{estilo}"><v>{valor.toordinal() - _DIA_CERO}</v></c>'

    def instante(valor: datetime, n: int) -> str:
        segundos = valor.hour * 3600 + valor.minute * 60 + valor.second
        return f'<c r="{letra}{n}" s="{estilo}"><v>{valor.toordinal() - _DIA_CERO + segundos / 86400:.9f}</v></c>'

    def numero(valor: Any, n: int) -> str:
        return f'<c r="{letra}{n}" s="{estilo}"><v>{valor}</v></c>'

    return {"fecha": fecha, "instante": instante, "numero": numero}.get(columna.tipo, texto)


def _texto(valor: str) -> str:
    if len(valor) > _TEXTO_MAXIMO:
        valor = valor[: _TEXTO_MAXIMO - 1] + "…"
    elif not ESPECIAL.search(valor):
        return f"<t>{valor}</t>"
    # Excel reads _x0041_ as the letter A: the underscore itself must be written that way.
    limpio = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", para_xml(valor))
    return f'<t xml:space="preserve">{limpio}</t>'
