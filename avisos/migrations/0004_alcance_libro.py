"""The ledger is written by the system alone and read by whom it tells, by the heads and by oversight; preferences are
each person's. Nothing of it is deleted."""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado

VER = "persona_id = {persona} or {nivel} in ('todas', 'auditor') or dependencias && {jefaturas}"
# The person who reads a notice has no right over the ledger: as the system, like the copies of solicitudes.
LEIDO = """
create function avisos_envio_leido() returns trigger language plpgsql as $$
declare antes text := coalesce(current_setting('app.nivel', true), '');
begin
    perform set_config('app.nivel', 'sistema', true);
    update avisos_envio set leido_en = new.leido_en where aviso_id = new.id and leido_en is distinct from new.leido_en;
    perform set_config('app.nivel', antes, true);
    return null;
end $$;
create trigger envio_leido after update on avisos_aviso
    for each row when (old.leido_en is distinct from new.leido_en) execute function avisos_envio_leido();
"""
QUITAR_LEIDO = """
drop trigger envio_leido on avisos_aviso;
drop function avisos_envio_leido();
"""


class Migration(migrations.Migration):
    dependencies = [("avisos", "0003_politicas_y_libro")]
    operations = [
        ActivarRLS("avisos_envio", VER, "false"),
        ActivarRLS("avisos_preferenciaaviso", "persona_id = {persona}"),
        SinBorrado("avisos_envio", "avisos_preferenciaaviso", "avisos_politicaaviso"),
        migrations.RunSQL(LEIDO, QUITAR_LEIDO),
    ]
