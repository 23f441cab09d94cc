"""The day of the reminder is no longer written: the policy says it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("encuestas", "0003_indices")]

    operations = [
        migrations.AlterField("encuesta", "recordar_el", models.DateField(blank=True, null=True)),
    ]
