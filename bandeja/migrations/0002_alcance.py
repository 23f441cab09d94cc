"""Whoever acts may leave a fact; only the system takes, reads and closes it. Facts are never deleted.

`anotar` inserts with ON CONFLICT DO NOTHING without a target and without RETURNING: with either of them PostgreSQL
also asks for the right to read the row.
"""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado


class Migration(migrations.Migration):
    dependencies = [("bandeja", "0001_initial")]
    operations = [
        ActivarRLS("bandeja_entrega", "false", "{persona} is not null"),
        SinBorrado("bandeja_entrega", "bandeja_latido"),
    ]
