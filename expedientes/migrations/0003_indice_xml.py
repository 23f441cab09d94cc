"""The index of the AGN beside the one that was signed. NULL in those signed before: nothing signed is ever edited."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("expedientes", "0002_alcance")]
    operations = [
        migrations.AddField(
            model_name="indiceelectronico",
            name="xml",
            field=models.TextField(null=True, verbose_name="el mismo índice en XML"),
        ),
        migrations.AddField(
            model_name="indiceelectronico",
            name="firma_xml",
            field=models.TextField(null=True, verbose_name="firma RSA del XML, en hexadecimal"),
        ),
    ]
