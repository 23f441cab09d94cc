from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0005_alcance_archivos")]
    operations = [
        migrations.AddField(
            model_name="constanciaradicacion",
            name="radicado",
            field=models.CharField(default="", max_length=20, unique=True),
            preserve_default=False,
        ),
    ]
