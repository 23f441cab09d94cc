"""The last answers, of everybody and of an entidad, and the surveys of some days. Made while people work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

CONTESTADA = models.Q(respondida_en__isnull=False)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("encuestas", "0002_alcance")]
    operations = [
        AddIndexConcurrently("encuesta", models.Index(fields=["creada_en"], name="encuestas_creadas")),
        AddIndexConcurrently(
            "encuesta",
            models.Index(
                condition=CONTESTADA, fields=["-respondida_en", "-id", "creada_en"], name="encuestas_contestadas"
            ),
        ),
        AddIndexConcurrently(
            "encuesta",
            models.Index(
                condition=CONTESTADA,
                fields=["entidad", "-respondida_en", "-id", "creada_en"],
                name="encuestas_de_entidad",
            ),
        ),
    ]
