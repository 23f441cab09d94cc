"""Who answers today for each row of a query, whoever asks it: others do not see all the roles of others, and one more
question for each page of a solicitud was too many."""

from django.db import migrations

RESPONDE = """
create function direcciones_responde(asesor bigint, lugar bigint, reservada boolean, dia date, ahora timestamptz)
returns bigint language plpgsql as $$
declare
    nivel text := coalesce(current_setting('app.nivel', true), '');
    quien bigint;
begin
    perform set_config('app.nivel', 'sistema', true);
    quien := direcciones_responsable(asesor, lugar, reservada, dia, ahora);
    perform set_config('app.nivel', nivel, true);
    return quien;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("direcciones", "0009_confianza_sin_instrucciones")]
    operations = [
        migrations.RunSQL(RESPONDE, "drop function direcciones_responde(bigint, bigint, boolean, date, timestamptz);")
    ]
