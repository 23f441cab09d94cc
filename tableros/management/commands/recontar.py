"""Recount the figures of the board from the facts and the history, and say what differs."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tableros.recuento import Diferencia, recontar

A_LA_VISTA = 40


class Command(BaseCommand):
    help = "Vuelve a contar las cifras del tablero desde los hechos y dice en qué difieren. Termina en 1 si difieren."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--aplicar", action="store_true", help="corrige lo que difiera")
        parser.add_argument("--json", action="store_true", help="en JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        diferencias = recontar(aplicar=options["aplicar"])
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "diferencias": len(diferencias),
                        "corregidas": bool(diferencias) and options["aplicar"],
                        "filas": [diferencia.como_json() for diferencia in diferencias],
                    },
                    ensure_ascii=False,
                )
            )
        else:
            self._decir(diferencias, options["aplicar"])
        if diferencias and not options["aplicar"]:
            raise SystemExit(1)

    def _decir(self, diferencias: list[Diferencia], aplicar: bool) -> None:
        for d in diferencias[:A_LA_VISTA]:
            donde = f"{d.familia} {d.periodo or ''} dependencia={d.dependencia} sector={d.sector} clave={d.clave}"
            self.stdout.write(f"{d.medida}: {d.faltan:+d} en {donde}")
        if len(diferencias) > A_LA_VISTA:
            self.stdout.write(f"… y {len(diferencias) - A_LA_VISTA} más")
        corregidas = " Quedaron corregidas." if diferencias and aplicar else ""
        self.stdout.write(f"{len(diferencias)} diferencias entre el tablero y los hechos.{corregidas}")
