"""Read the mailboxes and keep what they bring."""

from buzones.services.conciliar import conciliar, por_conciliar
from buzones.services.guardar import guardar
from buzones.services.leer import Lectura, leer_casilla, por_leer

__all__ = ["Lectura", "conciliar", "guardar", "leer_casilla", "por_conciliar", "por_leer"]
