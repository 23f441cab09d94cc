"""The portafolio as a document (R90)."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from direcciones.portafolio import Portafolio
from documentos.contextos import Membrete
from documentos.pdf import Documento, crear_pdf
from plazos.fechas import fecha_corrida


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextoPortafolio:
    membrete: Membrete
    titulo: str
    portafolio: Portafolio
    version: str
    demostracion: bool
    codigo_legible: str = ""  # nobody has to verify it: it is public and dated

    @property
    def imagenes(self) -> list[str]:
        return []


@lru_cache(maxsize=16)
def pdf_del_portafolio(portafolio: Portafolio) -> Documento:
    """The same portafolio gives the same bytes; the page is public, so each process prints it once per version."""
    contexto = ContextoPortafolio(
        membrete=Membrete.institucional(settings.IDENTIDAD),
        titulo="Portafolio de asistencia técnica",
        portafolio=portafolio,
        version=fecha_corrida(portafolio.version),
        demostracion=settings.ES_DEMO,
    )
    return crear_pdf("portafolio", contexto)
