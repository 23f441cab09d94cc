"""What other rooms use of the outbox: leave a fact, say how it is handed over, and hand over what is due."""

from bandeja.services.anotar import Hecho, anotar, anotar_varios, dejar
from bandeja.services.entregar import entregar, entregar_larga, hay_largas, tomar
from bandeja.services.manejadores import (
    Aplazada,
    Efecto,
    EntregaDudosa,
    EntregaFallida,
    EntregaRechazada,
    manejador,
)
from bandeja.services.reparar import descartar, muerta, muertas, reintentar, reintentar_todas
from bandeja.services.salud import latir, pendiente_desde, salud
from bandeja.services.sonda import sonda

__all__ = [
    "Aplazada",
    "Efecto",
    "EntregaDudosa",
    "EntregaFallida",
    "EntregaRechazada",
    "Hecho",
    "anotar",
    "anotar_varios",
    "dejar",
    "descartar",
    "entregar",
    "entregar_larga",
    "hay_largas",
    "latir",
    "manejador",
    "muerta",
    "muertas",
    "pendiente_desde",
    "reintentar",
    "reintentar_todas",
    "salud",
    "sonda",
    "tomar",
]
