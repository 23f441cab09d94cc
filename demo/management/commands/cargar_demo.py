"""`cargar_demo`: catalogues, one account per role and the 42 example requests."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.cargar import cargar


class Command(BaseCommand):
    help = "Carga los datos de demostración. Una instalación real los rechaza."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cuenta = cargar()
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        for nombre, cantidad in cuenta.items():
            self.stdout.write(f"{nombre}: {cantidad}")
