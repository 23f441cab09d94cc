"""Compare each mailbox with its ledger now, and bring what the ledger lacks."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from buzones.conexion import BuzonCaido
from buzones.models import Casilla
from buzones.services import conciliar


class Command(BaseCommand):
    help = "Comprueba que todo lo que hay en cada buzón está en el libro. Termina con error si alguno no cuadra."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--buzon", help="solo la casilla de ese nombre")
        parser.add_argument("--json", action="store_true", help="una línea de JSON por casilla")

    def handle(self, *args: Any, **options: Any) -> None:
        casillas = Casilla.objects.vigentes().filter(activa=True).exclude(conexion="").order_by("nombre")
        if options["buzon"]:
            elegidas = casillas.filter(nombre=options["buzon"])
            if not elegidas:
                nombres = ", ".join(casillas.values_list("nombre", flat=True)) or "ninguna"
                raise CommandError(f"No hay una casilla «{options['buzon']}» que se lea. Las que se leen: {nombres}.")
            casillas = elegidas
        mal = 0
        for casilla in casillas:
            dicho = self._una(casilla)
            mal += not dicho["bien"]
            self.stdout.write(json.dumps(dicho, ensure_ascii=False) if options["json"] else _en_palabras(dicho))
        if mal:
            raise CommandError(f"No cuadran: {mal}.")

    def _una(self, casilla: Casilla) -> dict[str, Any]:
        try:
            hecha = conciliar(casilla.pk)
        except BuzonCaido as falla:
            return {"casilla": casilla.nombre, "bien": False, "falla": str(falla)}
        return {
            "casilla": casilla.nombre,
            "bien": hecha.bien,
            "en_servidor": hecha.en_servidor,
            "en_libro": hecha.en_libro,
            "recuperados": hecha.recuperados,
            "faltan": hecha.faltan,
        }


def _en_palabras(dicho: dict[str, Any]) -> str:
    if "falla" in dicho:
        return f"{dicho['casilla']}: {dicho['falla']}"
    como = "cuadra" if dicho["bien"] else "NO cuadra"
    return (
        f"{dicho['casilla']}: {como}. En el buzón {dicho['en_servidor']}, en el libro {dicho['en_libro']}, "
        f"recuperados hoy {dicho['recuperados']}, sin traer {len(dicho['faltan'])}."
    )
