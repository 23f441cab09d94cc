"""What was answered to an entidad, in the order of its list. Made while people work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("solicitudes", "0036_hasta_donde_se_barrio")]
    operations = [
        AddIndexConcurrently(
            "solicitud",
            models.Index(
                fields=["entidad", "-recibido_en", "-id"],
                name="solicitudes_terminadas",
                condition=~models.Q(estado__in=["asignada", "en_atencion", "en_complemento", "radicada"]),
            ),
        ),
    ]
