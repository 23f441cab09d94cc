"""Documents with which a solicitud was answered (conceptos, their PDF). The room above says which and where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from alcance import Alcance
from solicitudes.models import Solicitud


@dataclass(frozen=True, slots=True)
class DocumentoRespuesta:
    nombre: str
    url: str
    fecha: datetime | None = None
    nota: str = ""


Proveedor = Callable[[Solicitud, Alcance], Sequence[DocumentoRespuesta]]
_proveedores: list[Proveedor] = []


def registrar_documentos(proveedor: Proveedor) -> None:
    """Called by an app above, when it starts."""
    _proveedores.append(proveedor)


def documentos_de(solicitud: Solicitud, alcance: Alcance) -> list[DocumentoRespuesta]:
    """What this person may download of the answer."""
    return [documento for proveedor in _proveedores for documento in proveedor(solicitud, alcance)]
