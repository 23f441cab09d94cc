"""PDF of our documents: a template and a dataclass in, HTML, bytes and their SHA-256 out (architecture §6)."""

import base64
import builtins
import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from documentos import proceso, taller

PACIENCIA = 24  # seconds; the child stops by itself at 20 s of CPU (check P02)
registro = logging.getLogger("portal.documentos")


class DocumentoNoDisponible(RuntimeError):
    """The PDF could not be made now. Its text is for the person: what happened and how to mend it."""


class DocumentoDesmedido(DocumentoNoDisponible):
    """The text asks for more memory or time than a document may use: retrying will not help."""


class DocumentoIncompleto(DocumentoNoDisponible):
    """Something of it can't be printed: letters that no font has, an image that can't be read."""


class Variante(StrEnum):
    """`borrador` carries the watermark and no signature field; `oficial` is what is reviewed, signed and delivered."""

    BORRADOR = "borrador"
    OFICIAL = "oficial"


class Contexto(Protocol):
    @property
    def imagenes(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Documento:
    html: str
    bytes: builtins.bytes
    sha256: str


def crear_pdf(plantilla: str, contexto: Contexto, *, variante: Variante = Variante.OFICIAL) -> Documento:
    """Render `templates/documentos/<plantilla>.html` and print it. The same input gives the same bytes (P03)."""
    with translation.override("es-co"), timezone.override("America/Bogota"):
        html = render_to_string(f"documentos/{plantilla}.html", {"doc": contexto, "variante": variante.value})
    contenido = imprimir(html, imagenes=contexto.imagenes, estructura=plantilla != "sello")
    return Documento(html=html, bytes=contenido, sha256=hashlib.sha256(contenido).hexdigest())


def imprimir(
    html: str,
    *,
    imagenes: list[str],
    estructura: bool = True,
    adjuntas: Mapping[str, tuple[str, bytes]] | None = None,
    estricto: bool = False,
) -> bytes:
    """The PDF of `html`, made in a limited process. Raises DocumentoNoDisponible or one of those below it.

    `adjuntas`: images of others (name → type and bytes), which the text calls «adjunta/NAME». `estricto`: a PDF that
    leaves anything out is no PDF of it.
    """
    pedido = {
        "html": html,
        "imagenes": imagenes,
        "estructura": estructura,
        "raices": _raices(),
        "adjuntas": {n: [tipo, base64.b64encode(suya).decode()] for n, (tipo, suya) in (adjuntas or {}).items()},
        "estricto": estricto,
    }
    codigo, contenido, quejas = taller.encargar(json.dumps(pedido).encode(), paciencia=PACIENCIA)
    if codigo == 0:
        if quejas:
            registro.warning("recursos negados o avisos al hacer el PDF", extra={"detalle": quejas[:2000]})
        return contenido
    registro.error("no se hizo el PDF", extra={"codigo": codigo, "detalle": quejas[-2000:]})
    raise _error(codigo)


def _raices() -> list[str]:
    """Folders of our own static files: the source tree, and the collected copy of an installation."""
    return [str(Path(raiz)) for raiz in (*settings.STATICFILES_DIRS, settings.STATIC_ROOT) if raiz]


def _error(codigo: int | None) -> DocumentoNoDisponible:
    if codigo == proceso.SIN_BIBLIOTECA:
        return DocumentoNoDisponible(
            "No se pudo hacer el PDF: a este equipo le falta la biblioteca Pango. Quien lo administra debe ejecutar: "
            "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
        )
    if codigo == proceso.SIN_RECURSO:
        return DocumentoNoDisponible(
            "No se pudo hacer el PDF: falta un archivo propio del portal (hoja de estilo o letra). "
            "Avise a quien administra el portal; el detalle quedó en el registro."
        )
    if codigo == proceso.INCOMPLETO:
        return DocumentoIncompleto("Tiene letras o imágenes que el portal no puede imprimir.")
    # None: killed by a limit or out of patience. The code: out of memory by its own account.
    if codigo in {None, proceso.DESMEDIDO}:
        return DocumentoDesmedido(
            "El documento es demasiado grande o complejo para hacerlo en PDF. Acorte el texto o divídalo, y vuelva a "
            "intentarlo."
        )
    return DocumentoNoDisponible(
        "No se pudo hacer el PDF por una falla del portal. Ya quedó en el registro; intente de nuevo en unos minutos."
    )


__all__ = [
    "Contexto",
    "Documento",
    "DocumentoDesmedido",
    "DocumentoIncompleto",
    "DocumentoNoDisponible",
    "Variante",
    "crear_pdf",
    "imprimir",
]
