"""The drafts that a concepto made unnecessary, counted without reading the others. Made while people work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("solicitudes", "0013_partes_parecidas")]
    operations = [
        AddIndexConcurrently(
            "borrador",
            models.Index(
                condition=~models.Q(resuelto_por=""),
                fields=["resuelto_por"],
                include=["persona"],
                name="borradores_resueltos",
            ),
        )
    ]
