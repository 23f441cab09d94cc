"""The lines of the history that a change of the calendar wrote, by themselves. Made while people work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("solicitudes", "0026_responsables")]
    operations = [
        AddIndexConcurrently(
            "movimiento",
            models.Index(fields=["id"], name="movimientos_reflujo", condition=models.Q(accion="reflujo")),
        ),
    ]
