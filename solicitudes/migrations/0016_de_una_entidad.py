"""The open solicitudes of an entidad, and what somebody filed for another one. Made while people work.

The indexes of whoever filed and registered begin the new ones: writing a solicitud costs one index more, of the open ones alone.
"""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

ABIERTAS = ["asignada", "en_atencion", "en_complemento", "radicada"]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("solicitudes", "0015_escribir_con_turno")]
    operations = [
        AddIndexConcurrently(
            "solicitud",
            models.Index(
                condition=models.Q(estado__in=ABIERTAS),
                fields=["entidad", "-recibido_en", "-id"],
                name="solicitudes_abiertas",
            ),
        ),
        AddIndexConcurrently(
            "solicitud", models.Index(fields=["radicada_por", "entidad"], name="solicitudes_de_quien_radico")
        ),
        AddIndexConcurrently(
            "solicitud", models.Index(fields=["registrada_por", "entidad"], name="solicitudes_de_quien_registro")
        ),
        migrations.AlterField(
            "solicitud",
            "radicada_por",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="solicitudes",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "solicitud",
            "registrada_por",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
