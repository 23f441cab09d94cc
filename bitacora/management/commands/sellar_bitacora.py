"""Write the heads of all chains to a file outside the database: a later check detects a cut tail (A04)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from bitacora.cadena import sellar


class Command(BaseCommand):
    help = "Guarda afuera de la base de datos el último lugar de cada cadena."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--salida", type=Path, help="archivo; sin él, a la pantalla")

    def handle(self, *args: Any, **options: Any) -> None:
        with como_sistema("sello de la bitácora"), transaction.atomic():
            sello = sellar() | {"en": timezone.now().isoformat()}
        texto = json.dumps(sello, ensure_ascii=False, sort_keys=True)
        if options["salida"]:
            options["salida"].write_text(texto + "\n")
        else:
            self.stdout.write(texto)
