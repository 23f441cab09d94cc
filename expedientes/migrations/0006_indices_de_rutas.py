"""Which file each row names, for the sweep of those that none does. Made while people work."""

from django.contrib.postgres.indexes import HashIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("expedientes", "0005_copias_fallidas")]
    operations = [
        AddIndexConcurrently("documento", HashIndex(fields=["ruta"], name="expedientes_documento_ruta")),
        AddIndexConcurrently(
            "copiapdfa", HashIndex(condition=~Q(ruta=""), fields=["ruta"], name="expedientes_pdfa_ruta")
        ),
        AddIndexConcurrently(
            "indiceelectronico",
            HashIndex(condition=~Q(ruta_pdf=""), fields=["ruta_pdf"], name="expedientes_indice_ruta"),
        ),
    ]
