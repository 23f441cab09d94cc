import django.utils.timezone
from django.db import migrations, models

from alcance.migraciones import SoloAnexar


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ModeloTexto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hecho_en", models.DateTimeField(default=django.utils.timezone.now)),
                ("contenido", models.BinaryField()),
                ("ejemplos", models.PositiveIntegerField()),
                ("medidas", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "modelo de textos",
                "verbose_name_plural": "modelos de textos",
                "ordering": ["-id"],
            },
        ),
        SoloAnexar("clasificador_modelotexto"),
    ]
