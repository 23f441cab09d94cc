"""`cargar_demo`: catalogues, one account per role and the 42 example requests."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from demo.cargar import cargar
from demo.cuentas import carteles
from sdfi_portal.pila.rutas import Rutas


class Command(BaseCommand):
    help = "Carga los datos de demostración. Una instalación real los rechaza."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cuenta = cargar()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        # script/server prints it each time it starts.
        Rutas.de(settings.VAR).cuentas_demo.write_text(carteles(), encoding="utf-8")
        for nombre, cantidad in cuenta.items():
            self.stdout.write(f"{nombre}: {cantidad}")
