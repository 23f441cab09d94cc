"""The starts of before 0010, in one statement. A parte that is being reserved at that very moment keeps what it said
before: the recount mends it."""

from importlib import import_module

from django.db import migrations

_INICIOS = import_module("tableros.migrations.0010_inicios")
LLENAR = f"""
create function tableros_llenar() returns void language plpgsql set statement_timeout = 0 as $$
begin
    perform set_config('app.nivel', 'sistema', true);
    {_INICIOS.INSERTAR} {_INICIOS.DEBIDOS} on conflict do nothing;
    perform set_config('app.nivel', '', true);
end $$;
set local statement_timeout = 0;
select tableros_llenar();
drop function tableros_llenar();
"""


class Migration(migrations.Migration):
    dependencies = [("tableros", "0010_inicios")]
    operations = [migrations.RunSQL(LLENAR, migrations.RunSQL.noop)]
