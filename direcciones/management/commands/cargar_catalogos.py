"""`cargar_catalogos`: sectores, entidades, dependencias, temas and modalidades of `datos/`."""

from typing import Any

from django.core.management.base import BaseCommand

from alcance import como_sistema
from direcciones.catalogos import cargar_catalogos


class Command(BaseCommand):
    help = "Carga los catálogos de datos/. Se puede repetir: no pisa lo que alguien haya editado."

    def handle(self, *args: Any, **options: Any) -> None:
        with como_sistema("carga de catálogos"):
            for nombre, cantidad in cargar_catalogos().items():
                self.stdout.write(f"{nombre}: {cantidad}")
