"""Read every chain again and name the first broken place of each (security.md A04)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from alcance import como_sistema
from bitacora.cadena import verificar
from bitacora.models import Cabeza, Suceso


class Command(BaseCommand):
    help = "Comprueba que nadie cambió la bitácora. Termina con error si encuentra una ruptura."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="una línea de JSON")
        parser.add_argument("--sello", type=Path, help="archivo de sellar_bitacora: comprueba que no falte el final")

    def handle(self, *args: Any, **options: Any) -> None:
        sello = json.loads(options["sello"].read_text()) if options["sello"] else None
        with como_sistema("verificación de la bitácora"), transaction.atomic():
            rupturas = list(verificar(sello))
            resumen = {"cadenas": Cabeza.objects.count(), "sucesos": Suceso.objects.count()}
        if options["json"]:
            detalle = [ruptura.como_json() for ruptura in rupturas]
            self.stdout.write(json.dumps(resumen | {"rupturas": detalle}, ensure_ascii=False))
        else:
            for ruptura in rupturas:
                self.stderr.write(f"{ruptura.cadena}, lugar {ruptura.posicion}: {ruptura.que}.")
            self.stdout.write(f"{resumen['sucesos']} sucesos en {resumen['cadenas']} cadenas.")
        if rupturas:
            raise CommandError(f"La bitácora está rota en {len(rupturas)} cadenas.")
