"""From the bytes of a file to rows of text: XLSX, ODS, or CSV as a spreadsheet saves it in Spanish."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from archivos import validacion
from archivos.errores import ArchivoRehusado
from cuentas.services.lote import decodificar
from importaciones.campos import CAMPOS, adivinar
from importaciones.valores import limpio, llano

MAXIMO = 2000
LIMITE = f"{MAXIMO:,}".replace(",", ".")
_ADMITIDOS = {"xlsx", "ods", "csv", "txt"}
_ESPERA = 25
_TITULOS_HASTA = 15
_NOMBRE_DE_HOJA = 60  # what its column keeps: Excel gives 31
ACEPTA = ".xlsx,.ods,.csv"
CON_FORMULAS = "La hoja tiene fórmulas: se toma el último resultado que guardó la hoja de cálculo."
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
    """The rows of one sheet (the first, when not said). Raises ValidationError when there is nothing to import."""
    if contenido.startswith(b"PK"):
        crudo = _en_otro_proceso(contenido, hoja)
        if any(len(nombre) > _NOMBRE_DE_HOJA for nombre in crudo["hojas"]):
            raise ValidationError(
                f"El nombre de una hoja tiene más de {_NOMBRE_DE_HOJA} letras. Acórtelo y suba el archivo otra vez."
            )
    else:
        crudo = {"hojas": [], "formulas": False, "filas": _csv(contenido)}
    filas = [[limpio(celda) for celda in fila] for fila in crudo["filas"]]
    donde = _linea_de_titulos(filas, tipo)
    if donde is None:
        raise ValidationError("La hoja está vacía. Elija otra hoja u otro archivo.")
    titulos = _nombrar(filas[donde])
    datos = [
        (n, (fila + [""] * len(titulos))[: len(titulos)])
        for n, fila in enumerate(filas[donde + 1 :], start=donde + 2)
        if any(fila[: len(titulos)])
    ]
    if not datos:
        raise ValidationError("La hoja solo trae los títulos. Escriba una fila por cada dato, debajo de ellos.")
    if len(datos) > MAXIMO:
        raise ValidationError(
            f"La hoja trae más de {LIMITE} filas. Divídala en varios archivos y súbalos uno tras otro."
        )
    return Hoja(titulos, datos, crudo["hojas"], [CON_FORMULAS] if crudo["formulas"] else [])


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


def _csv(contenido: bytes) -> list[list[str]]:
    if contenido[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        texto = contenido.decode("utf-16", errors="replace")
    else:
        texto = decodificar(contenido)
    primera = next((linea for linea in texto.splitlines() if linea.strip()), "")
    separador = max(";,\t", key=primera.count)
    try:
        filas = []
        for fila in csv.reader(io.StringIO(texto, newline=""), delimiter=separador):
            filas.append(fila[:200])
            if len(filas) > MAXIMO + 100:
                break
    except csv.Error:
        raise ValidationError(ILEGIBLE) from None
    return filas


def _linea_de_titulos(filas: Sequence[Sequence[str]], tipo: str) -> int | None:
    """The line whose cells name most of our columns: files often carry a title above. The first one, failing that."""
    con_algo = [n for n, fila in enumerate(filas) if any(fila)]
    candidatas = [n for n in con_algo if n < _TITULOS_HASTA]
    if not candidatas:
        return con_algo[0] if con_algo else None
    return max(candidatas, key=lambda n: (len(adivinar(CAMPOS[tipo], filas[n])), -n))


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
