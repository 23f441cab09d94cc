"""From the bytes of a file to rows of text: XLSX, ODS, or CSV as a spreadsheet saves it in Spanish."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from archivos import validacion
from archivos.errores import ArchivoRehusado
from cuentas.services.lote import decodificar
from importaciones.campos import CAMPOS, adivinar, obligatorios_sin_columna
from importaciones.valores import con_algo, limpio, llano

MAXIMO = 2000
LIMITE = f"{MAXIMO:,}".replace(",", ".")
_ADMITIDOS = {"xlsx", "ods", "csv", "txt"}
_ESPERA = 25
_TITULOS_HASTA = 15
_HOJAS_QUE_SE_MIRAN = 5
_AVISOS = 5
_NOMBRE_DE_HOJA = 60  # what its column keeps: Excel gives 31
ACEPTA = ".xlsx,.ods,.csv"
CON_FORMULAS = "La hoja tiene fórmulas: se toma el último resultado que guardó la hoja de cálculo."
VACIA = "La hoja está vacía. Elija otra hoja u otro archivo."
ILEGIBLE = (
    "No se puede leer ese archivo. Ábralo en su hoja de cálculo, copie las filas a un libro nuevo, guárdelo como XLSX "
    "y súbalo."
)


@dataclass(frozen=True, slots=True)
class Hoja:
    """A sheet with its headings found. `filas`: line number in the file → its cells, as many as headings."""

    titulos: list[str]
    filas: list[tuple[int, list[str]]]
    hojas: list[str] = field(default_factory=list)
    avisos: list[str] = field(default_factory=list)
    hoja: str = ""

    @property
    def huella(self) -> str:
        """Of the headings, whatever their order, case and accents: what a shape of file is known by."""
        return hashlib.sha256("\n".join(sorted(llano(titulo) for titulo in self.titulos)).encode()).hexdigest()


def exigir_hoja_de_calculo(subido: UploadedFile) -> str:
    """The name to keep of an upload that passed the gate of files. Raises ValidationError in plain Spanish."""
    try:
        validado = validacion.validar(subido)
    except ArchivoRehusado as rehuso:
        raise ValidationError(rehuso.messages) from None
    if validado.tipo.clave == "xls":
        raise ValidationError("Ese archivo es de un Excel antiguo (XLS). Ábralo, guárdelo como XLSX y súbalo.")
    if validado.tipo.clave not in _ADMITIDOS:
        raise ValidationError(
            f"Ese archivo es {validado.tipo.texto}, no una hoja de cálculo. Suba un XLSX, un ODS o un CSV."
        )
    return validado.nombre


def leer(contenido: bytes, tipo: str, hoja: str = "") -> Hoja:
    """The rows of one sheet: when not said, the first with what is needed, after covers and notes. Raises
    ValidationError when there is nothing to import."""
    try:
        primera = _leer_una(contenido, tipo, hoja)
    except _SinFilas as vacia:
        primera, otras = None, vacia.otras
        if hoja or not otras:
            raise
    else:
        otras = primera.hojas[1:]
        if hoja or not otras or _sirve(primera, tipo):
            return primera
    for nombre in otras[:_HOJAS_QUE_SE_MIRAN]:
        try:
            otra = _leer_una(contenido, tipo, nombre)
        except ValidationError:
            continue
        if _sirve(otra, tipo):
            return otra
        primera = primera or otra
    if primera is None:
        raise ValidationError(VACIA)
    return primera


def _sirve(hoja: Hoja, tipo: str) -> bool:
    return not obligatorios_sin_columna(tipo, adivinar(CAMPOS[tipo], hoja.titulos))


class _SinFilas(ValidationError):
    """Nothing in this sheet; `otras` are the ones after it."""

    def __init__(self, mensaje: str, otras: list[str]) -> None:
        super().__init__(mensaje)
        self.otras = otras


def _leer_una(contenido: bytes, tipo: str, hoja: str) -> Hoja:
    if contenido.startswith(b"PK"):
        crudo = _en_otro_proceso(contenido, hoja)
        if any(len(nombre) > _NOMBRE_DE_HOJA for nombre in crudo["hojas"]):
            raise ValidationError(
                f"El nombre de una hoja tiene más de {_NOMBRE_DE_HOJA} letras. Acórtelo y suba el archivo otra vez."
            )
    else:
        crudo = {"hojas": [], "formulas": False, "filas": _csv(contenido, tipo)}
    filas = [[limpio(celda) for celda in fila] for fila in crudo["filas"]]
    donde = _linea_de_titulos(filas, tipo)
    if donde is None:
        raise _SinFilas(VACIA, crudo["hojas"][1:])
    encabezado, desde = _encabezado(filas, donde, tipo)
    titulos, avisos = _nombrar(encabezado), [CON_FORMULAS] if crudo["formulas"] else []
    son_titulos = len(adivinar(CAMPOS[tipo], filas[donde])) > 1  # printed again on each page
    datos = []
    for n, fila in enumerate(filas[desde:], start=desde + 1):
        if son_titulos and fila == filas[donde]:
            avisos.append(f"La fila {n} repite los títulos: no se lee.")
            continue
        celdas = [con_algo(celda) for celda in fila[: len(titulos)]]
        if any(celdas):
            datos.append((n, celdas + [""] * (len(titulos) - len(celdas))))
    if not datos:
        solo_titulos = "La hoja solo trae los títulos. Escriba una fila por cada dato, debajo de ellos."
        raise _SinFilas(solo_titulos, crudo["hojas"][1:])
    if len(datos) > MAXIMO:
        raise ValidationError(
            f"La hoja trae más de {LIMITE} filas. Divídala en varios archivos y súbalos uno tras otro."
        )
    elegida = hoja if hoja in crudo["hojas"] else next(iter(crudo["hojas"]), "")
    return Hoja(titulos, datos, crudo["hojas"], avisos[:_AVISOS], elegida)


def _en_otro_proceso(contenido: bytes, hoja: str) -> dict[str, Any]:
    orden = [sys.executable, "-I", str(Path(__file__).with_name("hoja_aparte.py")), hoja, str(MAXIMO + 100)]
    try:
        hijo = subprocess.run(orden, input=contenido, capture_output=True, timeout=_ESPERA)
    except subprocess.TimeoutExpired:
        raise ValidationError(ILEGIBLE) from None
    if hijo.returncode != 0:
        raise ValidationError(ILEGIBLE)
    leido: dict[str, Any] = json.loads(hijo.stdout)
    return leido


def _csv(contenido: bytes, tipo: str) -> list[list[str]]:
    if contenido[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        texto = contenido.decode("utf-16", errors="replace")
    else:
        texto = decodificar(contenido)
    primera = next((linea for linea in texto.splitlines() if linea.strip()), "")

    def reconoce(separador: str) -> tuple[int, int]:
        """By the headings it gives: the title above them may have commas of its own."""
        filas = [[limpio(celda) for celda in fila] for fila in _partir(texto, separador, _TITULOS_HASTA)]
        return max((len(adivinar(CAMPOS[tipo], fila)) for fila in filas), default=0), primera.count(separador)

    try:
        return list(_partir(texto, max(";,\t", key=reconoce), MAXIMO + 101))
    except csv.Error:
        raise ValidationError(ILEGIBLE) from None


def _partir(texto: str, separador: str, cuantas: int) -> Iterator[list[str]]:
    lector = csv.reader(io.StringIO(texto, newline=""), delimiter=separador)
    return (fila[:200] for fila in islice(lector, cuantas))


def _linea_de_titulos(filas: Sequence[Sequence[str]], tipo: str) -> int | None:
    """The line whose cells name most of our columns: files often carry a title above. The first one, failing that."""
    con_algo = [n for n, fila in enumerate(filas) if any(fila)]
    candidatas = [n for n in con_algo if n < _TITULOS_HASTA]
    if not candidatas:
        return con_algo[0] if con_algo else None
    return max(candidatas, key=lambda n: (len(adivinar(CAMPOS[tipo], filas[n])), -n))


def _encabezado(filas: Sequence[Sequence[str]], donde: int, tipo: str) -> tuple[list[str], int]:
    """The headings and the line after them. Two lines («Fechas» over «Recepción» and «Asignación») are one heading
    when together they name more columns than any of them alone."""
    mejor, desde, nombra = list(filas[donde]), donde + 1, len(adivinar(CAMPOS[tipo], filas[donde]))
    for n in range(max(donde - 1, 0), min(donde + 1, len(filas) - 1)):
        juntas = [abajo or arriba for arriba, abajo in zip_longest(filas[n], filas[n + 1], fillvalue="")]
        if (suyas := len(adivinar(CAMPOS[tipo], juntas))) > nombra:
            mejor, desde, nombra = juntas, n + 2, suyas
    return mejor, desde


def _nombrar(celdas: Sequence[str]) -> list[str]:
    """One different name per column, up to the last that has one."""
    ancho = max((n for n, celda in enumerate(celdas, start=1) if celda), default=0)
    nombres: list[str] = []
    for n, celda in enumerate(celdas[:ancho], start=1):
        nombre, vez = (" ".join(celda.split()) or f"Columna {n}")[:100], 1
        while nombre in nombres:
            vez += 1
            nombre = f"{celda[:90]} ({vez})"
        nombres.append(nombre)
    return nombres
