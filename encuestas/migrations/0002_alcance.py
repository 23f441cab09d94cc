"""Results are for whoever sees the solicitud; the link opens exactly its own row."""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado

POR_ENLACE = "token_sha256 = {token}"


class Migration(migrations.Migration):
    dependencies = [("encuestas", "0001_initial"), ("solicitudes", "0002_alcance")]
    operations = [
        ActivarRLS(
            "encuestas_encuesta",
            f"{POR_ENLACE} or ({{entidad}} is null"
            " and exists (select 1 from solicitudes_solicitud s where s.id = solicitud_id))",
            # Only the link answers; staff read.
            POR_ENLACE,
        ),
        SinBorrado("encuestas_encuesta"),
    ]
