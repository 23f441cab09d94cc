"""Pages of the notices."""

from avisos.views.centro import abrir, leer_todos, lista
from avisos.views.direcciones import direccion, direcciones
from avisos.views.libro import libro, reintentar
from avisos.views.politicas import nueva, politica, politicas
from avisos.views.preferencias import preferencias

__all__ = [
    "abrir", "direccion", "direcciones", "leer_todos", "libro", "lista", "nueva", "politica", "politicas",
    "preferencias", "reintentar",
]  # fmt: skip
