"""The open partes by the calendar their date was counted with. Made while people work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("solicitudes", "0020_alcance_terminos")]
    operations = [
        AddIndexConcurrently(
            "parte",
            models.Index(
                condition=models.Q(("estado__in", ["asignada", "en_atencion", "en_cola", "en_complemento"])),
                fields=["version_calendario"],
                name="partes_por_recontar",
            ),
        ),
    ]
