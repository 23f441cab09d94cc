"""Print a demo account's second factor: `script/manage codigo_totp directora@demo.example`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cuentas.segundo_factor import codigo_libre
from direcciones.models import Persona


class Command(BaseCommand):
    help = "Imprime el código del segundo factor de una cuenta. Solo en demostración y pruebas."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("correo")

    def handle(self, *args: Any, **opciones: Any) -> None:
        if settings.ES_PRODUCCION:
            raise CommandError("En producción el código solo lo muestra el teléfono de cada persona.")
        persona = Persona.objects.filter(correo__iexact=opciones["correo"]).first()
        if persona is None:
            raise CommandError(f"No hay una persona con el correo {opciones['correo']}.")
        try:
            codigo, espera = codigo_libre(persona)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(codigo)
        if espera:
            self.stderr.write(f"Cada código abre una vez: este empieza a servir en {espera} segundos.")
