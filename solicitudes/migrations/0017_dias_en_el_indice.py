"""The day and the month that a solicitud came, among the lexemes it is searched by: a search looks first at what is
recent (docs/decisiones/0016). Nobody types them: no word, number or prefix begins with «@».
"""

from importlib import import_module

from django.db import migrations

_ANTES = import_module("solicitudes.migrations.0010_alcance_registro")
CUANDO = """
create function solicitudes_cuando(recibido_en timestamptz) returns tsvector
language sql stable parallel safe as $$
    select array_to_tsvector(array[to_char(t, '"@"YYYYMM'), to_char(t, '"@"YYYYMMDD')])
    from (select recibido_en at time zone 'UTC') x (t)
$$;
"""
VECTOR = _ANTES.VECTOR.replace("create function", "create or replace function")
CON_CUANDO = VECTOR.replace(
    "array_to_tsvector(claves)", "array_to_tsvector(claves) || solicitudes_cuando(s.recibido_en)"
)
DISPARADOR = """
drop trigger indice_texto on solicitudes_solicitud;
create trigger indice_texto after update on solicitudes_solicitud
    for each row when ({cambian}) execute function solicitudes_indice_texto();
"""
# Whoever is writing ends first: what is written from here on has its day, and the rest is filled afterwards.
ESPERAR = "lock table solicitudes_solicitud, solicitudes_indicebusqueda in share row exclusive mode;"


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0016_de_una_entidad")]
    operations = [
        migrations.RunSQL(ESPERAR, migrations.RunSQL.noop),
        migrations.RunSQL(CUANDO, "drop function solicitudes_cuando;"),
        migrations.RunSQL(CON_CUANDO, VECTOR),
        migrations.RunSQL(
            DISPARADOR.format(cambian=_ANTES._cambian([*_ANTES.DEL_TEXTO, "recibido_en"])),
            DISPARADOR.format(cambian=_ANTES._cambian(_ANTES.DEL_TEXTO)),
        ),
    ]
