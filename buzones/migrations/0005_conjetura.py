"""Of what stays for a person: what the rules read in it, for the form of whoever decides."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("buzones", "0004_traslados")]
    operations = [
        migrations.AddField(
            model_name="correo",
            name="solicitud_propuesta_id",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="solicitud de la que puede ser"),
        ),
        migrations.AddField(
            model_name="correo",
            name="conjetura",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
