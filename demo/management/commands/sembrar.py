"""`sembrar --solicitudes N`: what the bench measures on. A production has no such command."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from rendimiento.sembrar import sembrar


class Command(BaseCommand):
    help = "Llena una base vacía con miles o un millón de solicitudes, para medir. Una instalación real lo rechaza."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--solicitudes", type=int, default=10_000, help="cuántas (de 100 a 1000000)")

    def handle(self, *args: Any, **options: Any) -> None:
        cuantas = options["solicitudes"]
        if not 100 <= cuantas <= 1_000_000:
            raise CommandError("Siembre entre 100 y 1000000 solicitudes.")
        principio = time.monotonic()
        try:
            sembrar(cuantas, decir=lambda texto: self.stdout.write(f"{time.monotonic() - principio:6.1f} s  {texto}"))
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{cuantas} solicitudes en {time.monotonic() - principio:.0f} s.")
