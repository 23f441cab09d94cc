"""Compare every stored file with the size and SHA-256 kept when it was received (security.md U11)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from alcance import como_sistema
from archivos.models import modelos_con_archivos
from archivos.services import verificar


class Command(BaseCommand):
    help = "Compara los archivos guardados con su huella SHA-256."

    def handle(self, *args: Any, **options: Any) -> None:
        fallas = 0
        for modelo in modelos_con_archivos():
            with como_sistema("verificación de archivos"), transaction.atomic():
                for pk, motivo in verificar(modelo):
                    fallas += 1
                    self.stderr.write(f"{modelo._meta.label} {pk}: {motivo}")
        if fallas:
            raise CommandError(f"{fallas} archivos no coinciden con su huella.")
        self.stdout.write("Todos los archivos coinciden con su huella.")
