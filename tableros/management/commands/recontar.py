"""Recount the figures of the board from the facts, and the facts from the history, and say what differs."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tableros.historia import Contradiccion, contradicciones
from tableros.recuento import Diferencia, recontar

A_LA_VISTA = 40


class Command(BaseCommand):
    help = (
        "Vuelve a contar las cifras del tablero desde los hechos, y los hechos desde la historia de cada solicitud, y"
        " dice en qué difieren. Termina en 1 si queda algo que difiera."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--aplicar", action="store_true", help="corrige las cifras que difieran")
        parser.add_argument("--json", action="store_true", help="en JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        diferencias, contrarias = recontar(aplicar=options["aplicar"]), contradicciones()
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "diferencias": len(diferencias),
                        "corregidas": bool(diferencias) and options["aplicar"],
                        "filas": [diferencia.como_json() for diferencia in diferencias],
                        "contradicciones": [contraria.como_json() for contraria in contrarias],
                    },
                    ensure_ascii=False,
                )
            )
        else:
            self._decir(diferencias, options["aplicar"])
            self._decir_contrarias(contrarias)
        if contrarias or (diferencias and not options["aplicar"]):
            raise SystemExit(1)

    def _decir(self, diferencias: list[Diferencia], aplicar: bool) -> None:
        for d in diferencias[:A_LA_VISTA]:
            donde = f"{d.familia} {d.periodo or ''} dependencia={d.dependencia} sector={d.sector} clave={d.clave}"
            self.stdout.write(f"{d.medida}: {d.faltan:+d} en {donde}")
        if len(diferencias) > A_LA_VISTA:
            self.stdout.write(f"… y {len(diferencias) - A_LA_VISTA} más")
        corregidas = " Quedaron corregidas." if diferencias and aplicar else ""
        self.stdout.write(f"{len(diferencias)} diferencias entre el tablero y los hechos.{corregidas}")

    def _decir_contrarias(self, contrarias: list[Contradiccion]) -> None:
        for c in contrarias[:A_LA_VISTA]:
            self.stdout.write(f"{c.radicado} (parte {c.parte}), {c.campo}: dice {c.guardado}; su historia, {c.debido}")
        if len(contrarias) > A_LA_VISTA:
            self.stdout.write(f"… y {len(contrarias) - A_LA_VISTA} más")
        que_hacer = " Ninguna se corrige sola: abra cada solicitud y compárela con su historia." if contrarias else ""
        self.stdout.write(f"{len(contrarias)} contradicciones entre las solicitudes y su historia.{que_hacer}")
