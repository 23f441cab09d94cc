"""An export is its person's alone: whoever asked writes it, and so does the job, with their alcance. Never deleted."""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado


class Migration(migrations.Migration):
    dependencies = [("exportaciones", "0001_initial")]
    operations = [
        ActivarRLS("exportaciones_exportacion", "persona_id = {persona}"),
        SinBorrado("exportaciones_exportacion"),
    ]
