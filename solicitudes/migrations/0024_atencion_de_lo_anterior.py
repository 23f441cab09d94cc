"""What was delivered before 0020 has no instant of attention: it is the one of its delivery. A few at a time, so nobody
waits; stopped half way, it goes on with those that have none."""

from typing import Any

from django.db import migrations, transaction

from alcance import como_sistema

LOTE = 2_000
# The trigger of 0020 works it out, as of any write.
LLENAR = """
with lote as materialized (
    select id from solicitudes_parte where id > %s order by id limit %s
), hecho as (
    update solicitudes_parte p set atencion_en = p.prestada_en from lote
    where p.id = lote.id and p.prestada_en is not null and p.atencion_en is null
) select max(id) from lote
"""


def llenar(apps: Any, editor: Any) -> None:
    ultimo: int | None = 0
    while ultimo is not None:
        with (
            como_sistema("llenar cuándo se atendió lo de antes"),
            transaction.atomic(using=editor.connection.alias),
            editor.connection.cursor() as cursor,
        ):
            cursor.execute(LLENAR, [ultimo, LOTE])
            (ultimo,) = cursor.fetchone()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("solicitudes", "0023_indice_reservadas")]
    operations = [migrations.RunPython(llenar, migrations.RunPython.noop)]
