"""Read every chain again and name the first broken place of each (security.md A04)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from alcance import como_sistema
from bitacora.cadena import Sello, SelloInvalido
from bitacora.verificacion import anotar_lectura, comprobar


class Command(BaseCommand):
    help = (
        "Comprueba que nadie cambió la bitácora, también contra los sellos que guardó el portal, y lo anota en ella. "
        "Termina con error si encuentra una ruptura."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="una línea de JSON")
        parser.add_argument(
            "--sello", type=Path, help="además, el archivo que llegó por correo o que hizo sellar_bitacora"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sellos = [_leer(options["sello"])] if options["sello"] else []
        with como_sistema("verificación de la bitácora"), transaction.atomic():
            lectura = comprobar(*sellos)
            anotar_lectura(lectura)
        if options["json"]:
            self.stdout.write(json.dumps(lectura.como_json(), ensure_ascii=False))
        else:
            for ruptura in lectura.rupturas:
                self.stderr.write(str(ruptura))
            self.stdout.write(
                f"{lectura.sucesos} sucesos en {lectura.cadenas} cadenas, {lectura.motivos_suprimidos} con su motivo "
                f"suprimido; {lectura.sellos} sellos."
            )
            for sello in sellos:
                self.stdout.write(f"Huella de {sello.nombre}: {sello.huella}. Debe ser la que dice el correo.")
        if lectura.rupturas:
            rotas = len({ruptura.cadena for ruptura in lectura.rupturas})
            raise CommandError(f"La bitácora está rota en {rotas} cadenas.")


def _leer(ruta: Path) -> Sello:
    try:
        sello = Sello.leer(ruta.read_bytes(), ruta.name)
    except (OSError, SelloInvalido):
        raise CommandError(
            f"{ruta} no es un sello de la bitácora. Use el archivo tal como llegó por correo."
        ) from None
    if not sello.entero:
        raise CommandError(
            f"{ruta} no está entero: su huella no es la de lo que dice. Use el archivo tal como llegó por correo."
        )
    return sello
