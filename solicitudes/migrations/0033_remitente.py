"""Who says to have written what did not come by the portal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0031_siguiente_con_su_catalogo")]
    operations = [
        migrations.AddField(
            model_name="mensaje",
            name="remitente",
            field=models.CharField(blank=True, max_length=300, null=True),
        ),
    ]
