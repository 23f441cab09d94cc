"""The reserved ones, few, in the order of the register. Made while people work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("solicitudes", "0022_nada_antes_de_recibirse")]
    operations = [
        AddIndexConcurrently(
            "parte",
            models.Index(
                fields=["-recibido_en", "-solicitud", "-id"],
                name="partes_reservadas",
                condition=models.Q(reservada=True),
            ),
        ),
    ]
