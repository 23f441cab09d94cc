"""Which mailboxes are read, what each brought, and what each message is."""

from buzones.models.casillas import Casilla, Conciliacion, EstadoCasilla
from buzones.models.correos import Adjunto, Correo
from buzones.models.decisiones import Decision
from buzones.models.llegadas import Llegada
from buzones.models.propuestas import PropuestaEnlace
from buzones.models.traslados import CanalExterno, Traslado

__all__ = [
    "Adjunto",
    "CanalExterno",
    "Casilla",
    "Conciliacion",
    "Correo",
    "Decision",
    "EstadoCasilla",
    "Llegada",
    "PropuestaEnlace",
    "Traslado",
]
