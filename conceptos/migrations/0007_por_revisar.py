"""What waits for its review, found without reading every concepto. Made while people work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("conceptos", "0006_vector_en_su_fila")]
    operations = [
        AddIndexConcurrently(
            "concepto",
            models.Index(
                condition=models.Q(("estado", "en_revision")), fields=["dependencia"], name="conceptos_por_revisar"
            ),
        ),
    ]
