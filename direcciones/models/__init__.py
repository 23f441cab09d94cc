"""Who is who: sectores, entidades, dependencias, temas, personas and their memberships."""

from direcciones.models.catalogos import Buzon, Dependencia, Entidad, Modalidad, Sector, SerieDocumental, Tema
from direcciones.models.membresias import AsignacionSector, Encargo, Membresia
from direcciones.models.personas import Persona

__all__ = [
    "AsignacionSector",
    "Buzon",
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
