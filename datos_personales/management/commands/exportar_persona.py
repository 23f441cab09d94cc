"""Everything kept about a person, in one command (Ley 1581 de 2012; security.md A07)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from datos_personales.services import exportar
from direcciones.models import Persona


class Command(BaseCommand):
    help = "Todo lo que el portal guarda de una persona, en JSON. También de quien escribió sin tener cuenta."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("correo")
        parser.add_argument("--salida", type=Path, help="archivo; sin él, a la pantalla")

    def handle(self, *args: Any, **options: Any) -> None:
        persona = Persona.objects.filter(correo__iexact=options["correo"]).first()
        texto = json.dumps(exportar(persona=persona, correo=options["correo"]), ensure_ascii=False, indent=1)
        if options["salida"]:
            options["salida"].write_text(texto + "\n", encoding="utf-8")
        else:
            self.stdout.write(texto)
