"""How bytes leave the portal: always as an attachment, never as a page (security.md U08).

Who may have them is decided before, by the view that asks its model through the tenant.
"""

import io
from typing import IO, Any

from django.http import FileResponse

from archivos import almacen
from archivos.models import ArchivoBase


class NoDescargable(RuntimeError):
    """The antivirus has not cleared the file. The page that links to it shows its state and no link."""


def responder_archivo(archivo: ArchivoBase) -> FileResponse:
    """The download of an uploaded file, with the type of our own table."""
    if not archivo.se_puede_descargar:
        raise NoDescargable(f"«{archivo.nombre}» está {archivo.get_estado_antivirus_display().lower()}.")
    return responder(almacen.abrir(archivo.ruta), nombre=archivo.nombre, servido=archivo.tipo_servido)


def responder(contenido: bytes | IO[Any], *, nombre: str, servido: str) -> FileResponse:
    """Any private document (a constancia, a concepto) under the same rules."""
    flujo = io.BytesIO(contenido) if isinstance(contenido, bytes) else contenido
    return FileResponse(
        flujo,
        as_attachment=True,
        filename=nombre,
        content_type=servido,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
