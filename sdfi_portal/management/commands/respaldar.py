from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sdfi_portal.respaldo import FallaDeRespaldo, respaldar


class Command(BaseCommand):
    help = "Guarda la base de datos y los archivos en una carpeta nueva. Puede hacerse con el portal funcionando."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("destino", type=Path, help="carpeta nueva o vacía")

    def handle(self, *args: Any, destino: Path, **options: Any) -> None:
        try:
            hecho = respaldar(destino)
        except FallaDeRespaldo as falla:
            raise CommandError(str(falla)) from None
        self.stdout.write("Respaldado: {tablas} tablas, {filas} filas, {archivos} archivos.".format(**hecho))
        self.stdout.write("Guarde aparte las llaves: SECRET_KEY y el certificado de firma no van en el respaldo.")
