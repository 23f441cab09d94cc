"""Write the day and the month in the entries of before, a few at a time: nobody waits. Stopped half way, it goes on
with those that have none."""

from typing import Any

from django.db import migrations, transaction

from alcance import como_sistema

LOTE = 2_000
LLENAR = """
with lote as materialized (
    select solicitud_id, to_char(recibido_en at time zone 'UTC', '"@"YYYYMMDD')::tsquery as dia
    from solicitudes_indicebusqueda where solicitud_id > %s order by solicitud_id limit %s
), hecho as (
    update solicitudes_indicebusqueda i set texto = i.texto || solicitudes_cuando(i.recibido_en)
    from lote where i.solicitud_id = lote.solicitud_id and not i.texto @@ lote.dia
) select max(solicitud_id) from lote
"""


def llenar(apps: Any, editor: Any) -> None:
    ultimo: int | None = 0
    while ultimo is not None:
        with (
            como_sistema("llenar los días del índice de búsqueda"),
            transaction.atomic(using=editor.connection.alias),
            editor.connection.cursor() as cursor,
        ):
            cursor.execute(LLENAR, [ultimo, LOTE])
            (ultimo,) = cursor.fetchone()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("solicitudes", "0017_dias_en_el_indice")]
    operations = [migrations.RunPython(llenar, migrations.RunPython.noop)]
