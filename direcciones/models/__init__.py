"""Who is who: sectores, entidades, dependencias, temas, personas and their memberships."""

from direcciones.models.acuerdos import AcuerdoServicio, Criterio, CriterioAtencion
from direcciones.models.ausencias import Ausencia
from direcciones.models.catalogos import Buzon, Dependencia, Entidad, Modalidad, Sector, SerieDocumental, Tema
from direcciones.models.membresias import AsignacionSector, Encargo, Membresia
from direcciones.models.personas import Persona

__all__ = [
    "AcuerdoServicio",
    "AsignacionSector",
    "Ausencia",
    "Buzon",
    "Criterio",
    "CriterioAtencion",
    "Dependencia",
    "Encargo",
    "Entidad",
    "Membresia",
    "Modalidad",
    "Persona",
    "Sector",
    "SerieDocumental",
    "Tema",
]
