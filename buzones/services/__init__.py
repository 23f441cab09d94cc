"""Read the mailboxes, keep what they bring, and send on what is for others."""

from buzones.services.conciliar import conciliar, por_conciliar
from buzones.services.guardar import guardar
from buzones.services.leer import Lectura, leer_casilla, por_leer
from buzones.services.procesar import procesar_pendientes
from buzones.services.proponer import proponer_enlace, vencer_propuestas
from buzones.services.salud import salud
from buzones.services.trasladar import recordar_traslados, retirar_traslado, trasladar

__all__ = [
    "Lectura",
    "conciliar",
    "guardar",
    "leer_casilla",
    "por_conciliar",
    "por_leer",
    "procesar_pendientes",
    "proponer_enlace",
    "recordar_traslados",
    "retirar_traslado",
    "salud",
    "trasladar",
    "vencer_propuestas",
]
