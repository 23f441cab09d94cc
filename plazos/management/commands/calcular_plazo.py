"""Compute one term, or those of a CSV file, and explain it.

    calcular_plazo --recibido 2026-03-25T10:00 --dias 10
    calcular_plazo --recibido 2026-03-25T10:00 --dias 10 --json
    calcular_plazo --archivo datos/casos_terminos.csv > plazos.jsonl
    otra_orden | calcular_plazo --archivo -

The calendar is the one of the database. Without a database it refuses, because what was decreed since would be
missing; `--sin-base` asks for the calendar the portal was born with, and every answer says so. A database that has no
tables yet holds no decree either: there the initial calendar is the calendar.
"""

import csv
import io
import json
import os
import re
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from psycopg2.errors import UndefinedTable

from plazos.calendario import ErrorDePlazo
from plazos.fechas import BOGOTA
from plazos.inicial import calendario_inicial, horario_inicial
from plazos.services import reglas_vigentes
from plazos.terminos import Plazo, calcular_plazo

Calcular = Callable[[datetime, int], Plazo]
# Ours, and those of datos/casos_terminos.csv.
COLUMNAS_RECIBIDO = ("recibido", "recibido_en_bogota")
COLUMNAS_DIAS = ("dias", "dias_habiles")
SIN_BASE = (
    "No se pudo leer el calendario de la base de datos. Use script/manage calcular_plazo, que la enciende, o agregue "
    "--sin-base para calcular con el calendario inicial, sin los cambios registrados después."
)


class Command(BaseCommand):
    help = "Calcula cuándo vence un plazo en días hábiles y explica por qué, día por día."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recibido", help="fecha y hora de recepción; sin zona horaria, es la de Bogotá")
        parser.add_argument("--dias", help="días hábiles del plazo")
        parser.add_argument("--json", action="store_true", help="una línea JSON en vez de texto")
        parser.add_argument(
            "--archivo", help="CSV con columnas recibido,dias: una línea JSON por fila; - es la entrada"
        )
        parser.add_argument("--dependencia", default="", help="código de la dependencia cuyo horario rige")
        parser.add_argument("--sin-base", action="store_true", help="usa el calendario inicial, sin base de datos")

    def handle(self, *args: Any, **opciones: Any) -> None:
        uno_solo = opciones["recibido"] is not None and opciones["dias"] is not None
        if uno_solo == (opciones["archivo"] is not None):
            raise CommandError(
                "Indique --recibido y --dias, o bien --archivo con la ruta de un CSV (- para la entrada)."
            )
        try:
            calcular = _con_calendario_inicial() if opciones["sin_base"] else self._con_base(opciones["dependencia"])
            if opciones["archivo"] is None:
                self._calcular_uno(calcular, opciones)
            else:
                self._calcular_archivo(calcular, opciones["archivo"])
        except csv.Error as error:
            raise CommandError(f"El archivo no es un CSV válido ({error}). Guárdelo de nuevo como CSV.") from None
        except BrokenPipeError:  # whoever reads us (`| head`) has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _con_base(self, dependencia_codigo: str) -> Calcular:
        try:
            reglas = reglas_vigentes()
        except DatabaseError as error:
            if isinstance(error.__cause__, UndefinedTable):
                self.stderr.write("La base de datos aún no tiene tablas: se usa el calendario inicial.")
                return _con_calendario_inicial()
            raise CommandError(SIN_BASE, returncode=2) from None
        except ErrorDePlazo as error:
            raise CommandError(str(error), returncode=2) from None
        return lambda recibido, dias: calcular_plazo(
            recibido, dias, reglas.calendario, reglas.horarios, dependencia_codigo=dependencia_codigo
        )

    def _calcular_uno(self, calcular: Calcular, opciones: dict[str, Any]) -> None:
        try:
            plazo = calcular(leer_instante(opciones["recibido"]), leer_dias(opciones["dias"]))
        except ErrorDePlazo as error:
            raise CommandError(str(error)) from None
        if opciones["json"]:
            self._escribir_json(plazo)
        else:
            pasos = "\n".join(f"  {paso.texto}" for paso in plazo.explicacion)
            self.stdout.write(f"{plazo.como_texto()}\n{plazo.calendario}.\n\nDía por día:\n{pasos}")

    def _calcular_archivo(self, calcular: Calcular, ruta: str) -> None:
        malas = total = 0
        with _abrir(ruta) as archivo:
            for linea, recibido, dias in _leer_filas(archivo):
                total += 1
                try:
                    self._escribir_json(calcular(leer_instante(recibido), leer_dias(dias)))
                except ErrorDePlazo as error:
                    malas += 1
                    self.stderr.write(f"Línea {linea}: {error}")
        if malas:
            raise CommandError(f"No se pudieron calcular {malas} de {total} filas. Corríjalas y vuelva a intentarlo.")

    def _escribir_json(self, plazo: Plazo) -> None:
        self.stdout.write(json.dumps(plazo.como_dict(), ensure_ascii=False))


def leer_instante(texto: str) -> datetime:
    """ISO 8601 with its hour; without a time zone it is Bogotá's."""
    limpio = texto.strip()
    ejemplo = "Escríbala como 2026-03-25T10:00 o 2026-03-25 10:00."
    try:
        instante = datetime.fromisoformat(limpio)
    except ValueError:
        raise ErrorDePlazo(f"La fecha de recepción «{limpio}» no es válida. {ejemplo}") from None
    if len(limpio) <= len("2026-03-25"):
        raise ErrorDePlazo(f"A la fecha de recepción «{limpio}» le falta la hora. {ejemplo}")
    return instante if instante.tzinfo else instante.replace(tzinfo=BOGOTA)


def leer_dias(texto: str) -> int:
    limpio = texto.strip()
    if not re.fullmatch(r"\d{1,4}", limpio, re.ASCII):
        raise ErrorDePlazo(f"Los días hábiles «{limpio}» no son válidos. Escriba un número entero, por ejemplo 10.")
    return int(limpio)


def _con_calendario_inicial() -> Calcular:
    calendario, horarios = calendario_inicial(), (horario_inicial(),)
    return lambda recibido, dias: calcular_plazo(recibido, dias, calendario, horarios)


@contextmanager
def _abrir(ruta: str) -> Iterator[TextIO]:
    """A CSV as spreadsheets write it: perhaps with a byte order mark, perhaps with notes in another encoding."""
    forma: dict[str, Any] = {"encoding": "utf-8-sig", "errors": "replace", "newline": ""}
    if ruta == "-":
        yield io.TextIOWrapper(sys.stdin.buffer, **forma)
        return
    try:
        archivo = open(ruta, **forma)  # noqa: SIM115 closed below; only opening may be blamed on the path
    except OSError as error:
        raise CommandError(f"No se pudo leer {ruta}: {error.strerror}. Revise la ruta.") from None
    with archivo:
        yield archivo


def _leer_filas(archivo: TextIO) -> Iterator[tuple[int, str, str]]:
    """Line number, reception and days of each row, one at a time; empty rows are left out."""
    primera = archivo.readline()
    lector = csv.reader(chain([primera], archivo), delimiter=";" if primera.count(";") > primera.count(",") else ",")
    encabezado = [columna.strip().lower() for columna in next(lector, [])]
    recibido, dias = _columna(encabezado, COLUMNAS_RECIBIDO), _columna(encabezado, COLUMNAS_DIAS)
    for fila in lector:
        if any(celda.strip() for celda in fila):
            completa = fila + [""] * len(encabezado)  # a short row lacks its last cells
            yield lector.line_num, completa[recibido], completa[dias]


def _columna(encabezado: list[str], nombres: tuple[str, ...]) -> int:
    for nombre in nombres:
        if nombre in encabezado:
            return encabezado.index(nombre)
    raise CommandError(f"El archivo no tiene la columna «{nombres[0]}». La primera línea debe decir: recibido,dias")
