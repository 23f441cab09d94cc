"""The newest partes of a tema, of everybody and of one entidad. Made while people work.

Two indexes that others contain go away: writing a parte costs the same.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("direcciones", "0004_membresias_terminadas"),
        ("solicitudes", "0012_partes_abiertas"),
    ]
    operations = [
        AddIndexConcurrently(
            "parte", models.Index(fields=["tema", "-recibido_en", "-solicitud", "-id"], name="partes_tema")
        ),
        AddIndexConcurrently(
            "parte",
            models.Index(fields=["tema", "entidad", "-recibido_en", "-solicitud", "-id"], name="partes_tema_entidad"),
        ),
        migrations.AlterField(
            "parte",
            "tema",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="direcciones.tema"
            ),
        ),
        migrations.AlterField(
            "parte",
            "entidad",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="direcciones.entidad"
            ),
        ),
    ]
