"""Claiming looks at once whether who claims is there and attends, under the turn of their tray: whoever ends their role
waits for that turn. So what is written after may go with the commit, where a refusal could no longer be told in words.
"""

from django.db import migrations

LA_SIGUIENTE = """
create function solicitudes_la_siguiente(dependencia bigint, persona bigint, dia date, ahora timestamptz)
returns bigint language plpgsql as $$
begin
    if direcciones_ausente(persona, dia) then
        return null;
    end if;
    -- As `solicitudes_parte_se_asigna` will (migration 0026).
    if not (direcciones_atiende(persona, dependencia, dia, ahora)
            or direcciones_atiende(persona, dependencia, current_date, clock_timestamp())) then
        raise check_violation using constraint = 'solicitudes_parte_asesor_presente',
            message = 'No se le asigna nada a quien está ausente o ya no atiende allí.';
    end if;
    return solicitudes_la_siguiente(dependencia, persona);
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0028_sin_contar"), ("direcciones", "0008_presentes")]
    operations = [
        migrations.RunSQL(LA_SIGUIENTE, "drop function solicitudes_la_siguiente(bigint, bigint, date, timestamptz);"),
    ]
