"""Third net of the clocks, what counts as attended, and filing with the clocks in the same message."""

from importlib import import_module

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado

_ALCANCE = import_module("solicitudes.migrations.0002_alcance")
_TURNO = import_module("solicitudes.migrations.0015_escribir_con_turno")

# Whatever writes the parte, and whichever column it knows: the instant that counts follows from the others.
ATENCION = """
create function solicitudes_parte_atencion() returns trigger language plpgsql as $$
begin
    new.atencion_en := case new.criterio
        when 'programada' then least(new.programada_en, new.realizada_en, new.prestada_en)
        when 'realizada' then least(new.realizada_en, new.prestada_en)
        else new.prestada_en
    end;
    if new.prestada_en is null then
        new.sin_efecto_en := null;
    end if;
    return new;
end $$;
create trigger parte_atencion before insert or
    update of criterio, programada_en, realizada_en, prestada_en, atencion_en, sin_efecto_en on solicitudes_parte
    for each row execute function solicitudes_parte_atencion();
"""
QUITAR_ATENCION = """
drop trigger parte_atencion on solicitudes_parte;
drop function solicitudes_parte_atencion();
"""
# Of a legal term, and never beyond double of it. Nobody unsays it: what may change is whether its notice left.
PRORROGA = """
create function solicitudes_prorroga_dentro() returns trigger language plpgsql as $$
declare
    suyo solicitudes_termino;
begin
    select * into suyo from solicitudes_termino where id = new.termino_id;
    if suyo.reloj is distinct from 'legal' or suyo.solicitud_id <> new.solicitud_id then
        raise check_violation using message = 'Solo se amplía el término legal de la misma solicitud.';
    end if;
    if new.dias > suyo.dias then
        raise check_violation using message = 'Una prórroga no pasa del doble del término.';
    end if;
    return new;
end $$;
create trigger prorroga_dentro before insert or update on solicitudes_prorroga
    for each row execute function solicitudes_prorroga_dentro();
"""
QUITAR_PRORROGA = """
drop trigger prorroga_dentro on solicitudes_prorroga;
drop function solicitudes_prorroga_dentro();
"""
RADICAR = _TURNO.RADICAR.replace("create function", "create or replace function")
CON_TERMINOS = RADICAR.replace(
    "    insert into solicitudes_movimiento\n",
    """    insert into solicitudes_termino
    select fila.* from jsonb_array_elements(coalesce(hoja -> 'terminos', '[]')) uno,
        jsonb_populate_record(null::solicitudes_termino,
            uno || jsonb_build_object('id', nextval('solicitudes_termino_id_seq'))) fila;
    insert into solicitudes_movimiento
""",
)


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0019_terminos")]
    operations = [
        ActivarRLS("solicitudes_termino", _ALCANCE.POR_SOLICITUD, _ALCANCE.HIJA_ESCRIBIR),
        ActivarRLS("solicitudes_prorroga", _ALCANCE.POR_SOLICITUD, _ALCANCE.HIJA_ESCRIBIR),
        SinBorrado("solicitudes_termino", "solicitudes_prorroga", "solicitudes_reflujo"),
        migrations.RunSQL(ATENCION, QUITAR_ATENCION),
        migrations.RunSQL(PRORROGA, QUITAR_PRORROGA),
        migrations.RunSQL(CON_TERMINOS, RADICAR),
    ]
