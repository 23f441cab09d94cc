"""`cargar_demo`: catalogues, one account per role and two years of solicitudes, the 42 examples among them."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from demo.cargar import GRANDE, NORMAL, Pedido, cargar
from demo.cuentas import carteles
from sdfi_portal.pila.rutas import Rutas


class Command(BaseCommand):
    help = "Carga los datos de demostración: dos años hasta hoy. Una instalación real los rechaza."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--grande", action="store_true", help=f"{GRANDE} solicitudes en vez de {NORMAL}")
        parser.add_argument("--trozo", action="store_true", help="solo las semanas recientes; lo demás, otro día")
        parser.add_argument("--despacio", action="store_true", help="cede el paso a quien usa el portal")
        parser.add_argument("--procesos", type=int, default=2, help="cuántos trabajan a la vez (2)")

    def handle(self, *args: Any, **options: Any) -> None:
        pedido = Pedido(GRANDE if options["grande"] else NORMAL, options["procesos"], options["trozo"])
        os.nice(10 if options["despacio"] else 0)
        inicio = time.monotonic()
        try:
            cuenta = cargar(self._avisar, pedido)
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        # script/server prints it each time it starts.
        Rutas.de(settings.VAR).cuentas_demo.write_text(carteles(), encoding="utf-8")
        for nombre, cantidad in cuenta.items():
            self.stdout.write(f"{nombre}: {cantidad}")
        self.stdout.write(f"segundos: {time.monotonic() - inicio:.1f}")

    def _avisar(self, texto: str) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{texto}", ending="")
            self.stdout.flush()
