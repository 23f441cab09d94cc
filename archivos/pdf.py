"""What we do with each thing a PDF may carry (security.md U03). The reading happens in a child process with limits."""

import subprocess
import sys
from pathlib import Path
from typing import IO

from archivos.errores import Rehuso

FIRMA = b"%PDF-"
_LECTOR = Path(__file__).with_name("rasgos_pdf.py")
_ESPERA = 30
_IMPRIMA = "Imprímalo como PDF y suba esa copia."

REHUSADOS = {
    "cifrado": "tiene contraseña. Guárdelo sin contraseña y vuelva a subirlo.",
    "danado": "el PDF está dañado. Ábralo, guárdelo de nuevo y vuelva a subirlo.",
    "javascript": f"contiene instrucciones que se ejecutan solas (JavaScript). {_IMPRIMA}",
    "lanza": f"intenta abrir otro programa. {_IMPRIMA}",
    "contenido_activo": f"contiene un formulario o contenido activo. {_IMPRIMA}",
}
# Accepted, and the people who attend the request are told.
SENALADOS = {
    "restringido": "Restringe la impresión o la copia.",
    "reparado": "Tiene daños leves: algunas páginas pueden faltar.",
    "adjuntos": "Lleva otros archivos por dentro.",
    "envia_datos": "Puede enviar datos a otro sitio o abrir otro documento.",
    "accion_al_abrir": "Hace algo al abrirse.",
}


def revisar(flujo: IO[bytes]) -> tuple[str, ...]:
    """Refuse what the policy refuses; return the marks of what it only points out."""
    rasgos = _leer_rasgos(flujo)
    for rasgo, motivo in REHUSADOS.items():
        if rasgo in rasgos:
            raise Rehuso(rasgo, motivo)
    return tuple(rasgo for rasgo in SENALADOS if rasgo in rasgos)


def contar_paginas(flujo: IO[bytes]) -> int:
    """How many pages it has; 1 when they can't be counted."""
    cuentas = [rasgo.removeprefix("paginas=") for rasgo in _leer_rasgos(flujo) if rasgo.startswith("paginas=")]
    return int(cuentas[0]) if cuentas else 1


def dice_ser_pdfa(flujo: IO[bytes]) -> bool:
    """Whether its metadata claim PDF/A. Nobody checks here that it is one."""
    return "pdfa" in _leer_rasgos(flujo)


def _leer_rasgos(flujo: IO[bytes]) -> set[str]:
    flujo.seek(0)
    try:
        proceso = subprocess.run(
            [sys.executable, "-I", str(_LECTOR)],
            input=flujo.read(),
            capture_output=True,
            timeout=_ESPERA,
            env={"LC_ALL": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"danado"}
    palabras = proceso.stdout.decode().split()
    # Without the last word the child was cut short: memory, time or a fault in the reader.
    return set(palabras[:-1]) if palabras[-1:] == ["fin"] else {"danado"}
