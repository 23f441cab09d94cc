"""Say which open cases nobody answers for today: always none. Ends with an error when there is any."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alcance import como_sistema
from direcciones.models import Dependencia, Persona
from solicitudes.models import Solicitud
from solicitudes.services.relevo import SinResponsable, sin_responsable


class Command(BaseCommand):
    help = "Comprueba que toda solicitud abierta tiene hoy quien responda por ella."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="una línea de JSON, para otro programa")

    def handle(self, *args: Any, **opciones: Any) -> None:
        sueltas = sin_responsable()
        if opciones["json"]:
            self.stdout.write(json.dumps({"sin_responsable": [asdict(s) for s in sueltas]}))
        elif not sueltas:
            self.stdout.write("Toda solicitud abierta tiene hoy quien responda por ella.")
        else:
            for linea in _en_palabras(sueltas):
                self.stdout.write(linea)
        if sueltas:
            raise CommandError(f"{len(sueltas)} sin responsable.")


def _en_palabras(sueltas: list[SinResponsable]) -> list[str]:
    with como_sistema("nombrar lo que no tiene responsable"):
        radicados = dict(Solicitud.objects.filter(pk__in={s.solicitud for s in sueltas}).values_list("pk", "radicado"))
    lugares = Dependencia.objects.in_bulk({s.dependencia for s in sueltas})
    personas = Persona.objects.in_bulk({s.asesor for s in sueltas if s.asesor})
    return [
        f"{radicados[s.solicitud]} · {lugares[s.dependencia].nombre} · "
        + (f"la tenía {personas[s.asesor]}" if s.asesor else "en la cola y nadie atiende allí")
        for s in sueltas
    ]
