"""The inversions that nobody explained, which should be none: the register lists them. Made while people work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tableros", "0005_alcance_suscripcion")]
    operations = [
        AddIndexConcurrently(
            "inversion",
            models.Index(
                condition=models.Q(con_motivo=False), fields=["dependencia_id"], name="inversiones_sin_motivo"
            ),
        ),
    ]
