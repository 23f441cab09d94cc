"""A permission for the direct link with SIGA. Only the choices change: nothing is written to the table."""

import django.contrib.postgres.fields
from django.db import migrations, models

PERMISOS = [
    ("leer_solicitudes", "Leer solicitudes, su historia y sus mensajes"),
    ("radicar", "Radicar solicitudes"),
    ("registrar", "Registrar lo que llegó por otro canal y anotar los números SIGA"),
    ("escribir_mensajes", "Escribir mensajes en las solicitudes"),
    ("leer_registro", "Leer el registro"),
    ("leer_tablero", "Leer las cifras del tablero"),
    ("exportar", "Pedir y descargar exportaciones del registro"),
    ("leer_catalogos", "Leer catálogos: entidades, dependencias, temas, festivos"),
]


class Migration(migrations.Migration):
    dependencies = [("api", "0004_disparadores_webhooks")]
    operations = [
        migrations.AlterField(
            "token",
            "permisos",
            django.contrib.postgres.fields.ArrayField(models.CharField(choices=PERMISOS, max_length=20), size=None),
        ),
    ]
