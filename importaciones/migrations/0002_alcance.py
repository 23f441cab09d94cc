"""Third net of imports: only the administrador of the portal; and nothing of an import is deleted but a rehearsal."""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado

DEL_ADMINISTRADOR = "{rol} = 'administrador'"


class Migration(migrations.Migration):
    dependencies = [("importaciones", "0001_inicial")]
    operations = [
        ActivarRLS("importaciones_importacion", DEL_ADMINISTRADOR),
        ActivarRLS("importaciones_filaimportada", DEL_ADMINISTRADOR),
        ActivarRLS("importaciones_mapeo", DEL_ADMINISTRADOR),
        SinBorrado("importaciones_importacion", "importaciones_mapeo"),
    ]
