"""`script/manage probar_aislamiento [--json] [--completa]`: nobody sees what is not theirs (issue: Tenancy; R90)."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sdfi_portal.aislamiento.mundo import OtraCorrida
from sdfi_portal.aislamiento.prueba import Resultado, probar


class Command(BaseCommand):
    help = "Llama cada página con cada rol sobre objetos propios, ajenos e inexistentes, y no deja rastro."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Una sola línea de JSON.")
        parser.add_argument("--completa", action="store_true", help="También PUT, PATCH y DELETE, y el recorrido.")

    def handle(self, *args: Any, **opciones: Any) -> None:
        try:
            resultado = probar(completa=opciones["completa"])
        except OtraCorrida as ocupada:
            raise CommandError(str(ocupada)) from None
        self.stdout.write(_json(resultado) if opciones["json"] else _informe(resultado))
        if resultado.discrepancias:
            raise SystemExit(1)


def _json(resultado: Resultado) -> str:
    return json.dumps(
        {
            "llamadas": resultado.llamadas,
            "discrepancias": len(resultado.discrepancias),
            "tablas_inquilino": resultado.tablas_inquilino,
            "tablas_rls": resultado.tablas_rls,
            "urls": resultado.urls,
            "papeles": resultado.papeles,
            "objetos": resultado.objetos,
            "detalle": [asdict(discrepancia) for discrepancia in resultado.discrepancias],
        },
        ensure_ascii=False,
    )


def _informe(resultado: Resultado) -> str:
    lineas = [str(discrepancia) for discrepancia in resultado.discrepancias]
    lineas += [
        f"{resultado.urls} URL × {resultado.papeles} papeles × {resultado.objetos} objetos",
        f"Llamadas: {resultado.llamadas}",
        f"Discrepancias: {len(resultado.discrepancias)}",
        f"Tablas de inquilino: {resultado.tablas_inquilino}; con seguridad por filas forzada: {resultado.tablas_rls}"
        f" ({resultado.porcentaje_rls:.0f} %)",
    ]
    return "\n".join(lineas)
