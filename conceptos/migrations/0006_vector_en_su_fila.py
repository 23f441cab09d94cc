"""The vector of a concepto stays in its row: ranking all that a word finds went out of the table for each one, and
that was most of what the bank's search cost. What was there before, a few at a time: nobody waits."""

from typing import Any

from django.db import migrations, transaction

from alcance import como_sistema

LOTE = 1_000
# Joined to nothing it is written again, where it goes now. Stopped half way, it goes on with those that are outside.
LLENAR = """
with lote as materialized (select id from conceptos_concepto where id > %s order by id limit %s),
hecho as (
    update conceptos_concepto c set busqueda = c.busqueda || ''::tsvector
    from lote where c.id = lote.id and pg_column_toast_chunk_id(c.busqueda) is not null
) select max(id) from lote
"""


def llenar(apps: Any, editor: Any) -> None:
    ultimo: int | None = 0
    while ultimo is not None:
        with (
            como_sistema("traer los vectores del banco a su fila"),
            transaction.atomic(using=editor.connection.alias),
            editor.connection.cursor() as cursor,
        ):
            cursor.execute(LLENAR, [ultimo, LOTE])
            (ultimo,) = cursor.fetchone()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("conceptos", "0005_banco")]
    operations = [
        migrations.RunSQL(
            "alter table conceptos_concepto alter column busqueda set storage main;",
            "alter table conceptos_concepto alter column busqueda set storage extended;",
        ),
        migrations.RunPython(llenar, migrations.RunPython.noop),
    ]
