"""The open partes, in the order the queues show them. Made while people work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

ABIERTAS = models.Q(("estado__in", ["asignada", "en_atencion", "en_cola", "en_complemento"]))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("solicitudes", "0011_indice_de_busqueda")]
    operations = [
        AddIndexConcurrently(
            "parte",
            models.Index(
                condition=ABIERTAS,
                fields=["dependencia", "recibido_en", "solicitud", "id"],
                include=["estado", "asesor", "vence", "reservada", "entidad"],
                name="partes_abiertas",
            ),
        ),
        AddIndexConcurrently(
            "parte",
            models.Index(
                condition=ABIERTAS,
                fields=["recibido_en", "solicitud", "id"],
                include=["dependencia", "modalidad", "asesor", "reservada", "entidad"],
                name="partes_abiertas_todas",
            ),
        ),
    ]
