"""What the bank lists and offers to filter by, without reading all that was published. Made while people work."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

PUBLICADOS = models.Q(("estado__in", ["notificado", "sustituido"]))


def _indice(nombre: str, *campos: str) -> AddIndexConcurrently:
    return AddIndexConcurrently(
        "concepto", models.Index(condition=PUBLICADOS, fields=list(campos), include=["audiencia"], name=nombre)
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("conceptos", "0004_busqueda")]
    operations = [
        _indice("conceptos_banco_recientes", "-notificado_en", "-id"),
        _indice("conceptos_banco_tema", "tema", "-notificado_en"),
        _indice("conceptos_banco_lugar", "dependencia", "-notificado_en"),
        RemoveIndexConcurrently("concepto", "conceptos_banco"),
    ]
