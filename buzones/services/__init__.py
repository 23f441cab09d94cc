"""Read the mailboxes and keep what they bring."""

from buzones.services.guardar import guardar
from buzones.services.leer import Lectura, leer_casilla, por_leer

__all__ = ["Lectura", "guardar", "leer_casilla", "por_leer"]
