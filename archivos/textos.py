"""Plain text, CSV and saved mail: text all the way, and not a page or a program that calls itself text."""

import re
from typing import IO

from archivos.errores import Rehuso

_CONTROLES = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
_OTRA_COSA = re.compile(
    r"\s*(<!doctype|<html|<head|<body|<svg|<script|<iframe|<\?|<!--|\{\\rtf|#!|%!ps|@echo)", re.IGNORECASE
)
_CABECERA_CORREO = re.compile(
    rb"^(from|to|date|subject|received|message-id|mime-version|return-path):", re.IGNORECASE | re.MULTILINE
)
_PRIMERA_CABECERA = re.compile(rb"\s*([!-9;-~]+:|From )")


def es_texto(flujo: IO[bytes]) -> bool:
    """True for UTF-8, UTF-16 with its mark, or an 8-bit code without control characters."""
    flujo.seek(0)
    datos = flujo.read()
    if datos[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        try:
            datos = datos.decode("utf-16").encode()
        except UnicodeDecodeError:
            return False
    return not _CONTROLES.search(datos) and not _OTRA_COSA.match(datos[:512].decode("latin-1").removeprefix("ï»¿"))


def es_correo(flujo: IO[bytes]) -> bool:
    """True when the file starts with mail headers (RFC 5322)."""
    flujo.seek(0)
    cabeza = flujo.read(65536).replace(b"\r\n", b"\n").removeprefix(b"\xef\xbb\xbf").partition(b"\n\n")[0]
    return bool(_PRIMERA_CABECERA.match(cabeza)) and len(set(_CABECERA_CORREO.findall(cabeza.lower()))) >= 2


def revisar_correo(flujo: IO[bytes]) -> None:
    if not es_correo(flujo):
        raise Rehuso("contenido", "no es un correo guardado. En su programa de correo use «Guardar como» y súbalo.")
