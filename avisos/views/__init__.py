"""Pages of the notices."""

from avisos.views.centro import abrir, leer_todos, lista

__all__ = ["abrir", "leer_todos", "lista"]
