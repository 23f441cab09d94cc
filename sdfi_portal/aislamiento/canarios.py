"""Look for canaries in everything an answer carries: headers, file names, text, PDF and compressed documents (T05)."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from sdfi_portal.aislamiento.llamadas import Respuesta
from sdfi_portal.aislamiento.objetos import Objeto

# The name of the object is enough: a list may cut the rest, and CSS or a slug change the case.
CANARIO = re.compile(rb"canario-([a-z_]+)-", re.IGNORECASE)
MIEMBRO_MAXIMO = 5 * 1024 * 1024


def ajenos(respuesta: Respuesta, papel: str, objetos: dict[str, Objeto]) -> list[str]:
    """Keys of the objects whose canary is in the answer although this papel may not see them."""
    return sorted(clave for clave in hallados(respuesta) if clave in objetos and papel not in objetos[clave].ven)


def hallados(respuesta: Respuesta) -> set[str]:
    return {hallado.lower().decode() for texto in _textos(respuesta) for hallado in CANARIO.findall(texto)}


def _textos(respuesta: Respuesta) -> Iterator[bytes]:
    yield "\n".join(respuesta.cabeceras.values()).encode()
    yield unquote_to_bytes("\n".join(respuesta.cabeceras.values()))
    yield respuesta.cuerpo
    if respuesta.cuerpo.startswith(b"%PDF"):
        yield _texto_de_pdf(respuesta.cuerpo)
    elif respuesta.cuerpo.startswith(b"PK\x03\x04"):
        yield from _texto_de_zip(respuesta.cuerpo)


def _texto_de_pdf(cuerpo: bytes) -> bytes:
    if not shutil.which("pdftotext"):
        return b""
    orden = ["pdftotext", "-", "-"]
    return subprocess.run(orden, input=cuerpo, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20).stdout


def _texto_de_zip(cuerpo: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(cuerpo)) as contenedor:
        for miembro in contenedor.infolist():
            yield miembro.filename.encode()
            if miembro.file_size <= MIEMBRO_MAXIMO:
                yield contenedor.read(miembro)
