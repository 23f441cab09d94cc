"""Train the classifier with the catalogue and past requests. Ends with an error when the new one is worse."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clasificador.services import Entrenamiento, entrenar_y_guardar


class Command(BaseCommand):
    help = "Entrena el clasificador de textos con el catálogo y lo ya atendido, y lo pone en uso si no es peor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="una línea de JSON, para otro programa")
        parser.add_argument("--aunque-peor", action="store_true", help="lo pone en uso aunque acierte menos")

    def handle(self, *args: Any, **opciones: Any) -> None:
        hecho = entrenar_y_guardar(aunque_peor=opciones["aunque_peor"])
        if opciones["json"]:
            self.stdout.write(json.dumps(hecho.como_json(), ensure_ascii=False))
        else:
            for linea in _en_palabras(hecho):
                self.stdout.write(linea)
        if hecho.guardado is None:
            raise CommandError(f"Sigue en uso el anterior. {'; '.join(hecho.peores)}.")


def _en_palabras(hecho: Entrenamiento) -> list[str]:
    de_donde = [f"{cuantos} de {nombre}" for nombre, cuantos in hecho.fuentes.items()]
    lineas = [f"Ejemplos: {', '.join(de_donde) or 'ninguno; solo el catálogo'}."]
    for objetivo, cifras in hecho.medidas.items():
        lineas.append(
            f"{objetivo}: acierta {cifras['exactitud']:.1%}; entre tres, {cifras['entre_tres']:.1%} "
            f"(de {cifras['cuantos']:.0f} que no había visto)".replace(".", ",")
        )
    if hecho.guardado is not None:
        lineas.append(f"En uso el modelo {hecho.guardado}, de {hecho.bytes / 1000:.0f} kB.")
    return lineas
