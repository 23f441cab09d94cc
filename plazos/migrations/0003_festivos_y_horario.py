"""The calendar the portal is born with: holidays of 2020–2040 and the office hours it assumes.

The dates come from a file of this repository, not from the library: installing with another version of it gives the
same legal dates. That file is history; later changes are rows, not edits of the file.
"""

import csv
from datetime import date, time
from pathlib import Path
from typing import Any

from django.db import migrations

from alcance.migraciones import SinBorrado

ARCHIVO = Path(__file__).resolve().parents[2] / "datos" / "festivos_2020_2040.csv"
NORMA = (
    "Decreto Distrital 086 de 2016, Decreto Distrital 842 de 2018 y Resolución 668 de 2023 de la Secretaría General"
)
CONFIANZA = (
    "Supuesto de trabajo, tomado de fuentes públicas y sin confirmar por la entidad: el horario, su norma y que lo "
    "recibido después del cierre se cuente como recibido el siguiente día hábil. Se puede corregir en los catálogos."
)


def sembrar(apps: Any, schema_editor: Any) -> None:
    base = schema_editor.connection.alias
    festivo = apps.get_model("plazos", "FestivoAnual")
    with ARCHIVO.open(encoding="utf-8", newline="") as archivo:
        festivo.objects.using(base).bulk_create(festivo(**fila) for fila in csv.DictReader(archivo))
    apps.get_model("plazos", "HorarioAtencion").objects.using(base).create(
        desde=date(2020, 1, 1), abre=time(7), cierra=time(16, 30), norma=NORMA, confianza=CONFIANZA
    )


def vaciar(apps: Any, schema_editor: Any) -> None:
    for modelo in ("FestivoAnual", "HorarioAtencion"):
        apps.get_model("plazos", modelo).objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("plazos", "0002_version")]

    operations = [
        migrations.RunPython(sembrar, vaciar),
        SinBorrado("plazos_diaextraordinario", "plazos_festivoanual", "plazos_horarioatencion"),
    ]
