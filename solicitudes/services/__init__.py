"""Every write of a solicitud that means something."""

from solicitudes.services.asignacion import asignar_por_sector, reasignar
from solicitudes.services.cola import atender_siguiente, empezar_a_atender, turno
from solicitudes.services.radicacion import DatosSolicitud, Recepcion, radicar
from solicitudes.services.transiciones import NoSePuede, acciones_posibles, mover

__all__ = [
    "DatosSolicitud",
    "NoSePuede",
    "Recepcion",
    "acciones_posibles",
    "asignar_por_sector",
    "atender_siguiente",
    "empezar_a_atender",
    "mover",
    "radicar",
    "reasignar",
    "turno",
]
