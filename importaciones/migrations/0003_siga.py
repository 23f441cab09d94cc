"""Files of SIGA: their own kind, which the window also runs; and whether numbers that were there are replaced."""

from django.db import migrations, models

from alcance.migraciones import ActivarRLS

TIPOS = [
    ("entidades", "Entidades"),
    ("enlaces", "Enlaces"),
    ("asesores", "Asesores"),
    ("solicitudes", "Solicitudes abiertas"),
    ("siga", "Archivo de SIGA"),
]
QUIEN_IMPORTA = "{rol} = 'administrador' or ({rol} = 'ventanilla' and tipo = 'siga')"
# Of a row, its import under its own policy.
DE_SU_FILA = (
    "{rol} = 'administrador' or ({rol} = 'ventanilla' and exists"
    " (select 1 from importaciones_importacion i where i.id = importacion_id and i.tipo = 'siga'))"
)


class Migration(migrations.Migration):
    dependencies = [("importaciones", "0002_alcance")]
    operations = [
        migrations.AlterField("importacion", "tipo", models.CharField(choices=TIPOS, max_length=12)),
        migrations.AlterField("mapeo", "tipo", models.CharField(choices=TIPOS, max_length=12)),
        migrations.AddField(
            "importacion",
            "reemplaza",
            models.BooleanField("reemplazar los números SIGA que ya estaban", default=False, db_default=False),
        ),
        ActivarRLS("importaciones_importacion", QUIEN_IMPORTA),
        ActivarRLS("importaciones_filaimportada", DE_SU_FILA),
        ActivarRLS("importaciones_mapeo", QUIEN_IMPORTA),
    ]
