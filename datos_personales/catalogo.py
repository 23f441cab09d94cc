"""The class of every column (A08): `datos/columnas.csv`, one row per column, written by hand and read by a test.

- publica: of catalogues and signed acts, as Ley 1712 de 2014 wants them; interna: of the work, about no person in
  particular; secreta: it opens a door, and never leaves; personal: about a person (Ley 1581 de 2012).
- `titular` says whose: lookups to the person joined by «|». One that begins with «=» is a text that holds their mail.
- `al_suprimir` says what a suppression does with it, and `porque` why what is kept must be kept.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model

CLASES = frozenset({"publica", "interna", "personal", "secreta"})
ACCIONES = frozenset({"", "conservar", "vaciar", "nombre", "correo", "clave", "motivo", "borrar"})


@dataclass(frozen=True, slots=True)
class Columna:
    modelo: str
    columna: str
    clase: str
    titular: str = ""
    al_suprimir: str = ""
    porque: str = ""

    @property
    def titulares(self) -> list[str]:
        return [uno for uno in self.titular.split("|") if uno]

    @property
    def tabla(self) -> type[Model]:
        return apps.get_model(self.modelo)


@cache
def columnas() -> tuple[Columna, ...]:
    with (Path(settings.RAIZ) / "datos" / "columnas.csv").open(encoding="utf-8", newline="") as archivo:
        return tuple(Columna(**fila) for fila in csv.DictReader(archivo))


def por_titular() -> dict[tuple[str, str], list[Columna]]:
    """Columns that say something of a person, by how the person is found. Shape: (model, lookup) → columns."""
    grupos: dict[tuple[str, str], list[Columna]] = {}
    for columna in columnas():
        for titular in columna.titulares:
            grupos.setdefault((columna.modelo, titular), []).append(columna)
    return grupos


def desajustes() -> Iterator[str]:
    """What the catalogue does not say of the models, or says of what is no longer there. Nothing, when all is well."""
    dichas = [(c.modelo, c.columna) for c in columnas()]
    reales = [(m._meta.label, f.name) for m in _modelos() for f in m._meta.concrete_fields]
    for modelo, columna in sorted(set(reales) - set(dichas)):
        yield f"{modelo}.{columna} no tiene clase: agréguela a datos/columnas.csv."
    for modelo, columna in sorted(set(dichas) - set(reales)):
        yield f"{modelo}.{columna} ya no existe: quítela de datos/columnas.csv."
    for modelo, columna in sorted({par for par in dichas if dichas.count(par) > 1}):
        yield f"{modelo}.{columna} está dos veces."
    for c in columnas():
        if c.clase not in CLASES or c.al_suprimir not in ACCIONES:
            yield f"{c.modelo}.{c.columna}: clase o acción desconocida."
        if c.clase == "personal" and not c.al_suprimir:
            yield f"{c.modelo}.{c.columna} es personal y no dice qué se hace al suprimir."
        if (c.al_suprimir == "conservar" or (c.clase == "personal" and not c.titular)) and not c.porque:
            yield f"{c.modelo}.{c.columna} se conserva y no dice por qué."


def _modelos() -> list[Any]:
    return list(apps.get_models(include_auto_created=True))
