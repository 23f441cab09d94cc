"""What the surveys answered before 0007 said. One statement, as the recount mends: what the facts say less what was kept
already, in one snapshot; right whatever others write meanwhile."""

from importlib import import_module

from django.db import migrations

NUEVAS = import_module("tableros.migrations.0007_resolvio_y_aplicara").NUEVAS
LLAVES = ", ".join(import_module("tableros.migrations.0003_disparadores").LLAVES)
_nuevas, _menos, _sumas = (", ".join(como.format(n) for n in NUEVAS) for como in ("{}", "-{}", "sum({})"))
LLENAR = f"""
create function tableros_llenar() returns void language plpgsql set statement_timeout = 0 as $$
begin
    perform set_config('app.nivel', 'sistema', true);
    insert into tableros_delta ({LLAVES}, {_nuevas})
    select {LLAVES}, {_sumas}
    from (
        select {LLAVES}, {_nuevas} from tableros_hechos where encuestas > 0
        union all
        select {LLAVES}, {_menos} from tableros_resumen where sector_id <> 0 and familia in ('mes', 'entidad')
        union all
        select {LLAVES}, {_menos} from tableros_delta where familia in ('mes', 'entidad')
    ) todo
    group by {LLAVES} having {" or ".join(f"sum({n}) <> 0" for n in NUEVAS)};
    perform set_config('app.nivel', '', true);
end $$;
set local statement_timeout = 0;
select tableros_llenar();
drop function tableros_llenar();
"""


class Migration(migrations.Migration):
    dependencies = [("tableros", "0007_resolvio_y_aplicara")]
    operations = [migrations.RunSQL(LLENAR, migrations.RunSQL.noop)]
