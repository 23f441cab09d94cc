"""The register, for SIGA to bring: its numbers with the radicado, the state and the number of the answer of each."""

import os
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exportaciones.siga import FORMATOS, exportar


class Command(BaseCommand):
    help = "Escribe el archivo que SIGA lee: cada número con su radicado, su estado y el número de su respuesta."

    def add_arguments(self, parser: ArgumentParser) -> None:
        desde = "AAAA-MM-DD: recibidas, respondidas o cerradas desde ese día"
        parser.add_argument("--desde", required=True, type=date.fromisoformat, help=desde)
        parser.add_argument("--salida", required=True, type=Path, help="archivo .csv o .xlsx que se escribe")

    def handle(self, *args: Any, **options: Any) -> None:
        salida: Path = options["salida"]
        formato = salida.suffix.lower().removeprefix(".")
        if formato not in FORMATOS:
            raise CommandError("La salida termina en .csv o .xlsx.")
        # Beside it and then in its place: whoever reads that folder never finds half a file.
        parcial = salida.with_name(f".{salida.name}.parcial")
        try:
            with os.fdopen(os.open(parcial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as archivo:
                cuantas = exportar(archivo, formato=formato, desde=options["desde"])
            parcial.replace(salida)
        except OSError as falla:
            raise CommandError(f"No se pudo escribir {salida}: {falla.strerror}.") from None
        finally:
            parcial.unlink(missing_ok=True)
        self.stdout.write(f"{cuantas} solicitudes en {salida}.")
