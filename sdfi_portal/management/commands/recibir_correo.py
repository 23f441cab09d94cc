"""The demo's mail server. `servir` starts it; nobody needs to run it by hand."""

import asyncio
import signal
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from sdfi_portal.pila.correo import recibir
from sdfi_portal.pila.rutas import Rutas


class Command(BaseCommand):
    help = "Recibe en esta máquina el correo que el portal envía y lo guarda como archivos .eml, sin enviarlo a nadie."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--puerto", type=int, default=settings.EMAIL_PORT)
        parser.add_argument("--carpeta", type=Path, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        carpeta = options["carpeta"] or Rutas.de(settings.VAR).correo
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            asyncio.run(recibir(options["puerto"], carpeta))
