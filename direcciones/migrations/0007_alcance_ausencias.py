"""Who is away: the staff read it like the directory; it is written by an administrator, by whoever is away and by the
heads. And who covers somebody on a day, following those who cover those who cover."""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado

VER = (
    "persona_id = {persona} or {nivel} in ('todas', 'auditor') or cardinality({dependencias}) > 0"
    " or {rol} = 'ventanilla'"
)
# A head, of people of the dependencias they head.
ESCRIBIR = (
    "{rol} = 'administrador' or persona_id = {persona} or exists (select 1 from direcciones_membresia m"
    " where m.persona_id = direcciones_ausencia.persona_id and m.dependencia_id = any({jefaturas}::bigint[]))"
)
# Themselves when present; nobody (null) when a chain ends in somebody away without a substitute, or goes round.
REEMPLAZO = """
create function direcciones_reemplazo(cual bigint, dia date) returns bigint language sql stable as $$
    with recursive cadena as (
        select cual as persona, array[cual] as vistos
        union all
        select a.suplente_id, c.vistos || a.suplente_id
        from cadena c
        join lateral (
            select suplente_id from direcciones_ausencia
            where persona_id = c.persona and anulada_en is null and dia between desde and hasta
            order by desde desc, id desc limit 1
        ) a on a.suplente_id is not null and a.suplente_id <> all (c.vistos)
        where cardinality(c.vistos) <= 10
    )
    select c.persona from cadena c
    where not exists (
        select 1 from direcciones_ausencia a
        where a.persona_id = c.persona and a.anulada_en is null and dia between a.desde and a.hasta
    )
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("direcciones", "0006_acuerdos_y_ausencias")]
    operations = [
        ActivarRLS("direcciones_ausencia", VER, ESCRIBIR),
        SinBorrado("direcciones_ausencia", "direcciones_acuerdoservicio", "direcciones_criterioatencion"),
        migrations.RunSQL(REEMPLAZO, "drop function direcciones_reemplazo(bigint, date);"),
    ]
