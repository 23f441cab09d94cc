"""Store the holidays of more years, as the pinned library proposes them. Years already stored are only compared.

llenar_festivos --desde 2041 --hasta 2045
"""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from plazos.fechas import fecha_corrida
from plazos.services import llenar_festivos

PRIMER_ANIO, ULTIMO_ANIO = 1984, 2100  # Ley 51 de 1983 rules from 1984


class Command(BaseCommand):
    help = "Agrega al calendario los festivos de los años que faltan; los ya guardados no se tocan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--desde", type=int, default=2020, help="primer año")
        parser.add_argument("--hasta", type=int, default=2040, help="último año")

    def handle(self, *args: Any, **opciones: Any) -> None:
        desde, hasta = opciones["desde"], opciones["hasta"]
        if not PRIMER_ANIO <= desde <= hasta <= ULTIMO_ANIO:
            raise CommandError(f"Indique años entre {PRIMER_ANIO} y {ULTIMO_ANIO}, el primero en --desde.")
        try:
            llenado = llenar_festivos(desde_anio=desde, hasta_anio=hasta)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        nuevos = ", ".join(map(str, llenado.anios_nuevos)) or "ninguno, ya estaban todos"
        self.stdout.write(f"Años agregados: {nuevos}.")
        for festivo in llenado.solo_en_libreria:
            self.stderr.write(f"Solo en la librería: {fecha_corrida(festivo.fecha)}, {festivo.nombre}.")
        for festivo in llenado.solo_guardados:
            self.stderr.write(f"Solo en el calendario: {fecha_corrida(festivo.fecha)}, {festivo.nombre}.")
        if not llenado.coincide:
            raise CommandError("El calendario guardado manda y no se cambió. Revise la ley de cada diferencia.")
