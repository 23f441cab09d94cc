"""What has still to be signed, found without reading every signature. Made while people work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("conceptos", "0007_por_revisar")]
    operations = [
        AddIndexConcurrently(
            "firma",
            models.Index(condition=models.Q(("sha256_firmado", "")), fields=["en", "id"], name="conceptos_por_sellar"),
        ),
    ]
