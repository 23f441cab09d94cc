"""A clock that could not be counted says why and when it was tried: it stops neither filing nor the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0027_indice_reflujo")]
    operations = [
        migrations.AddField("termino", "no_contado", models.TextField(blank=True, null=True)),
        migrations.AddField("termino", "no_contado_en", models.DateTimeField(blank=True, null=True)),
    ]
