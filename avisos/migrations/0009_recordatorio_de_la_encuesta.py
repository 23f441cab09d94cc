"""The reminder of the survey, which was written in the code, as a row of the policy."""

from datetime import date
from typing import Any

from django.db import migrations


def sembrar(apps: Any, editor: Any) -> None:
    politica = apps.get_model("avisos", "PoliticaAviso")
    politica.objects.using(editor.connection.alias).create(
        evento="encuestas.invitacion", reloj="encuesta", dias=5, a_quien="entidad", desde=date(2026, 1, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("avisos", "0008_correo_en_minusculas")]

    operations = [migrations.RunPython(sembrar, migrations.RunPython.noop)]
