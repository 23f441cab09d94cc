"""Pages of the notices."""

from avisos.views.centro import abrir, leer_todos, lista
from avisos.views.libro import libro

__all__ = ["abrir", "leer_todos", "libro", "lista"]
