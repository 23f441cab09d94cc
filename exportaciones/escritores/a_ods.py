"""OpenDocument spreadsheet, row by row. No living library writes one in constant memory; the format is five small
files in a ZIP (ISO/IEC 26300, part 3)."""

import re
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import IO, Any

from exportaciones.escritores import HOJA, HOJA_CONSULTA, MAXIMO_DE_FILAS, TEXTOS_A_MANO, Ficha, Fila, ancho
from exportaciones.escritores.textos import ESPECIAL, para_xml
from solicitudes.columnas import Columna

_TIPO = "application/vnd.oasis.opendocument.spreadsheet"
_ESPACIOS = " ".join(
    f'xmlns:{corto}="urn:oasis:names:tc:opendocument:xmlns:{largo}:1.0"'
    for corto, largo in {
        "office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle",
        "fo": "xsl-fo-compatible", "config": "config", "manifest": "manifest",
    }.items()
)  # fmt: skip
_CABEZA = '<?xml version="1.0" encoding="UTF-8"?>\n'
_FECHA = (
    '<number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/>'
    '<number:text>/</number:text><number:year number:style="long"/>'
)
_HORA = (
    '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/>'
)
_ESTILOS = (
    f'<number:date-style style:name="nf">{_FECHA}</number:date-style>'
    f'<number:date-style style:name="ni">{_FECHA}{_HORA}</number:date-style>'
    '<style:style style:name="fecha" style:family="table-cell" style:data-style-name="nf"/>'
    '<style:style style:name="instante" style:family="table-cell" style:data-style-name="ni"/>'
    '<style:style style:name="titulo" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
)
_ENTRE = re.compile("\r\n|\r|\n")
_RAROS = re.compile("\t|^ +| {2,}| +$")
Celda = Callable[[Any], str]


class EscritorOds:
    def __init__(self, salida: IO[bytes], columnas: Sequence[Columna]) -> None:
        self._zip = zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        # First and not compressed: this is how a program tells what it is without opening it.
        self._zip.writestr("mimetype", _TIPO, zipfile.ZIP_STORED)
        self._zip.writestr("META-INF/manifest.xml", _manifiesto())
        self._zip.writestr("styles.xml", f'{_CABEZA}<office:document-styles {_ESPACIOS} office:version="1.3"/>')
        self._contenido = self._zip.open("content.xml", "w", force_zip64=True)
        self._columnas = columnas
        self._filas_por_hoja: list[int] = []
        propias = {"fecha": _fecha, "instante": _instante, "numero": _numero}
        self._celdas: list[Celda] = [propias.get(columna.tipo) or _textos() for columna in columnas]
        anchos = "".join(
            f'<style:style style:name="a{n}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{n * 0.22:.1f}cm"/></style:style>'
            for n in sorted({30, 90, *map(ancho, columnas)})
        )
        self._poner(
            f'{_CABEZA}<office:document-content {_ESPACIOS} office:version="1.3">'
            f"<office:automatic-styles>{_ESTILOS}{anchos}</office:automatic-styles><office:body><office:spreadsheet>"
        )
        self._abrir_hoja()

    def escribir(self, filas: Sequence[Fila]) -> None:
        while filas:
            cabe = MAXIMO_DE_FILAS - self._filas_por_hoja[-1]
            if not cabe:
                self._poner("</table:table>")
                self._abrir_hoja()
                continue
            self._escribir(filas[:cabe])
            filas = filas[cabe:]

    def cerrar(self, ficha: Ficha) -> None:
        self._poner("</table:table>" + _hoja_de_consulta(ficha) + "<table:database-ranges>")
        letra = _letra(len(self._columnas) - 1)
        for n, cuantas in enumerate(self._filas_por_hoja):
            self._poner(
                f'<table:database-range table:name="filtro{n}" table:display-filter-buttons="true" '
                f"table:target-range-address=\"'{_nombre(n)}'.A1:'{_nombre(n)}'.{letra}{cuantas + 1}\"/>"
            )
        self._poner("</table:database-ranges></office:spreadsheet></office:body></office:document-content>")
        self._contenido.close()
        self._zip.writestr("settings.xml", _vistas(len(self._filas_por_hoja)))
        self._zip.close()

    def soltar(self) -> None:
        with suppress(OSError):
            self._contenido.close()
        with suppress(OSError):
            self._zip.close()

    def _escribir(self, filas: Sequence[Fila]) -> None:
        celdas = self._celdas
        self._poner(
            "".join(
                [
                    "<table:table-row>"
                    + "".join(
                        ["<table:table-cell/>" if v is None else c(v) for c, v in zip(celdas, fila, strict=True)]
                    )
                    + "</table:table-row>"
                    for fila in filas
                ]
            )
        )
        self._filas_por_hoja[-1] += len(filas)

    def _abrir_hoja(self) -> None:
        self._filas_por_hoja.append(0)
        anchos = "".join(f'<table:table-column table:style-name="a{ancho(columna)}"/>' for columna in self._columnas)
        titulos = "".join(_texto(columna.titulo, "titulo") for columna in self._columnas)
        self._poner(
            f'<table:table table:name="{_nombre(len(self._filas_por_hoja) - 1)}">{anchos}'
            f"<table:table-header-rows><table:table-row>{titulos}</table:table-row></table:table-header-rows>"
        )

    def _poner(self, texto: str) -> None:
        self._contenido.write(texto.encode())


def _nombre(hoja: int) -> str:
    return HOJA if hoja == 0 else f"{HOJA} {hoja + 1}"


def _letra(posicion: int) -> str:
    """0 → A, 27 → AB."""
    alta, baja = divmod(posicion, 26)
    return (_letra(alta - 1) if alta else "") + chr(65 + baja)


def _textos() -> Celda:
    """The cells of a column of texts: names of entidades, temas and people repeat in nearly every row."""
    vistos: dict[str, str] = {}

    def celda(valor: str) -> str:
        hecha = vistos.get(valor)
        if hecha is None:
            hecha = _texto(valor)
            if len(vistos) < TEXTOS_A_MANO:
                vistos[valor] = hecha
        return hecha

    return celda


def _texto(valor: str, estilo: str = "") -> str:
    if not valor:
        return "<table:table-cell/>"
    dentro = _parrafos(valor) if ESPECIAL.search(valor) else f"<text:p>{valor}</text:p>"
    nombre = f' table:style-name="{estilo}"' if estilo else ""
    return f'<table:table-cell{nombre} office:value-type="string">{dentro}</table:table-cell>'


def _parrafos(valor: str) -> str:
    """A paragraph per line. Spaces that XML would join and tabs have elements of their own."""

    def raro(hallado: re.Match[str]) -> str:
        return "<text:tab/>" if hallado[0] == "\t" else f'<text:s text:c="{len(hallado[0])}"/>'

    return "".join(f"<text:p>{_RAROS.sub(raro, para_xml(linea))}</text:p>" for linea in _ENTRE.split(valor))


def _fecha(valor: date) -> str:
    return (
        f'<table:table-cell table:style-name="fecha" office:value-type="date" office:date-value="{valor.isoformat()}">'
        f"<text:p>{valor.day:02}/{valor.month:02}/{valor.year}</text:p></table:table-cell>"
    )


def _instante(valor: datetime) -> str:
    return (
        '<table:table-cell table:style-name="instante" office:value-type="date" '
        f'office:date-value="{valor.isoformat(timespec="seconds")}">'
        f"<text:p>{valor.day:02}/{valor.month:02}/{valor.year} {valor.hour:02}:{valor.minute:02}</text:p>"
        "</table:table-cell>"
    )


def _numero(valor: Any) -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="{valor}">'
        f"<text:p>{str(valor).replace('.', ',')}</text:p></table:table-cell>"
    )


def _hoja_de_consulta(ficha: Ficha) -> str:
    pares = ((ficha.titulo, ""), *ficha.pares)
    filas = "".join(
        f"<table:table-row>{_texto(nombre, 'titulo')}{_texto(valor)}</table:table-row>" for nombre, valor in pares
    )
    columnas = '<table:table-column table:style-name="a30"/><table:table-column table:style-name="a90"/>'
    return f'<table:table table:name="{HOJA_CONSULTA}">{columnas}{filas}</table:table>'


def _manifiesto() -> str:
    partes = {"/": _TIPO, **dict.fromkeys(("content.xml", "styles.xml", "settings.xml"), "text/xml")}
    filas = "".join(
        f'<manifest:file-entry manifest:full-path="{parte}" manifest:media-type="{tipo}"/>'
        for parte, tipo in partes.items()
    )
    return f'{_CABEZA}<manifest:manifest {_ESPACIOS} manifest:version="1.3">{filas}</manifest:manifest>'


def _vistas(hojas: int) -> str:
    """The heading and the first column stay in sight."""
    fijos = "".join(
        f'<config:config-item config:name="{nombre}" config:type="{tipo}">{valor}</config:config-item>'
        for nombre, tipo, valor in (
            ("HorizontalSplitMode", "short", 2), ("VerticalSplitMode", "short", 2),
            ("HorizontalSplitPosition", "int", 1), ("VerticalSplitPosition", "int", 1),
            ("PositionRight", "int", 1), ("PositionBottom", "int", 1),
        )
    )  # fmt: skip
    tablas = "".join(
        f'<config:config-item-map-entry config:name="{_nombre(n)}">{fijos}</config:config-item-map-entry>'
        for n in range(hojas)
    )
    return (
        f'{_CABEZA}<office:document-settings {_ESPACIOS} office:version="1.3"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        '<config:config-item-map-entry><config:config-item-map-named config:name="Tables">'
        f"{tablas}</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>"
    )
