from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sdfi_portal.pila.rutas import Rutas
from sdfi_portal.respaldo import FallaDeRespaldo, comprobar_bitacora, restaurar


class Command(BaseCommand):
    help = (
        "Restaura un respaldo en una instalación vacía y comprueba que quedó igual, y que nadie había cambiado su "
        "bitácora. Si la habían cambiado, termina con error y lo restaurado queda."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("origen", type=Path, help="carpeta que hizo «respaldar»")

    def handle(self, *args: Any, origen: Path, **options: Any) -> None:
        try:
            hecho = restaurar(origen)
        except FallaDeRespaldo as falla:
            raise CommandError(str(falla)) from None
        Rutas.de(settings.VAR).restaurado.touch()
        self.stdout.write("Restaurado e igual: {tablas} tablas, {filas} filas, {archivos} archivos.".format(**hecho))
        lectura = comprobar_bitacora()
        if lectura.rupturas:
            lineas = "\n".join(map(str, lectura.rupturas))
            raise CommandError(
                f"Lo restaurado es igual al respaldo, pero su bitácora no es como se escribió:\n{lineas}\n"
                "Busque un respaldo anterior que sí lo sea, y avise a la oficina de control."
            )
        self.stdout.write(f"Bitácora comprobada: {lectura.sucesos} sucesos y {lectura.sellos} sellos.")
