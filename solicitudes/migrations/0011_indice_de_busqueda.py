"""Fill the search index and the copies of the sessions with what was there before, then index: nobody waits."""

from importlib import import_module
from typing import Any

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models, transaction
from django.db.models import Q

from alcance import como_sistema

LOTE = 2_000
INSERTAR = import_module("solicitudes.migrations.0010_alcance_registro").INSERTAR
# The solicitudes are held while they are copied: a change made meanwhile would find no entry to change.
INDICE = f"""
with lote as materialized (
    select s.* from solicitudes_solicitud s where s.id > %s order by s.id limit %s for share
), hecho as ({INSERTAR}
    from solicitudes_solicitud s join lote on lote.id = s.id join direcciones_entidad e on e.id = s.entidad_id
    on conflict do nothing
) select max(id) from lote
"""
SESIONES = """
with lote as materialized (select p.id from solicitudes_parte p where p.id > %s order by p.id limit %s),
hecho as (
    update solicitudes_parte p set medio = a.medio, productos = array(select jsonb_array_elements_text(a.productos))
    from lote, lateral (
        select x.medio, x.productos from solicitudes_actuacion x
        where x.parte_id = lote.id and x.estado <> 'cancelada' order by x.id desc limit 1
    ) a
    where p.id = lote.id
) select max(id) from lote
"""


def llenar(apps: Any, editor: Any) -> None:
    for orden in (INDICE, SESIONES):
        ultimo: int | None = 0
        while ultimo is not None:
            with (
                como_sistema("llenar el índice de búsqueda y las copias de las sesiones"),
                transaction.atomic(using=editor.connection.alias),
                editor.connection.cursor() as cursor,
            ):
                cursor.execute(orden, [ultimo, LOTE])
                (ultimo,) = cursor.fetchone()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("solicitudes", "0010_alcance_registro")]
    operations = [
        migrations.RunPython(llenar, migrations.RunPython.noop),
        AddIndexConcurrently(
            "indicebusqueda",
            django.contrib.postgres.indexes.GinIndex(fields=["texto"], name="indice_texto", fastupdate=False),
        ),
        AddIndexConcurrently(
            "indicebusqueda", models.Index(fields=["-recibido_en", "-solicitud"], name="indice_recientes")
        ),
        AddIndexConcurrently(
            "parte", models.Index(fields=["-recibido_en", "-solicitud", "-id"], name="partes_consolidado")
        ),
        AddIndexConcurrently(
            "parte",
            models.Index(condition=Q(prestada_en__isnull=False), fields=["prestada_en"], name="partes_prestadas"),
        ),
        AddIndexConcurrently(
            "parte",
            models.Index(condition=Q(cerrada_en__isnull=False), fields=["cerrada_en"], name="partes_cerradas"),
        ),
    ]
