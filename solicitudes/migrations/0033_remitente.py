"""Who says to have written what did not come by the portal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0032_enlace_privado")]
    operations = [
        migrations.AddField(
            model_name="mensaje",
            name="remitente",
            field=models.CharField(blank=True, max_length=300, null=True),
        ),
    ]
