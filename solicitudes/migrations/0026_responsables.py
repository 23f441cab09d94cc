"""No case without an active responsible: nothing is given to who is away or does not attend, whoever writes it; and a
view that says what nobody answers for."""

from django.db import migrations

# The day of the assignment, by the clock of whoever assigns: a history may be rebuilt.
CON_RESPONSABLE = """
create function solicitudes_parte_se_asigna() returns trigger language plpgsql as $$
declare
    cuando timestamptz := coalesce(new.asignada_en, clock_timestamp());
    dia date := (cuando at time zone 'America/Bogota')::date;
begin
    if new.asesor_id is null or new.estado not in ('asignada', 'en_atencion', 'en_complemento') then
        return new;
    end if;
    if new.asesor_id is not distinct from old.asesor_id
       and old.estado in ('asignada', 'en_atencion', 'en_complemento') then
        return new;
    end if;
    if direcciones_ausente(new.asesor_id, dia)
       or not (direcciones_atiende(new.asesor_id, new.dependencia_id, dia, cuando)
               or direcciones_atiende(new.asesor_id, new.dependencia_id, current_date, clock_timestamp())) then
        raise check_violation using constraint = 'solicitudes_parte_asesor_presente',
            message = 'No se le asigna nada a quien está ausente o ya no atiende allí.';
    end if;
    return new;
end $$;
create trigger parte_se_asigna before update of asesor_id, estado on solicitudes_parte
    for each row execute function solicitudes_parte_se_asigna();
"""
QUITAR_CON_RESPONSABLE = """
drop trigger parte_se_asigna on solicitudes_parte;
drop function solicitudes_parte_se_asigna();
"""
# Claiming, by who is away: nothing. The function of before stays for the pages that still call it.
LA_SIGUIENTE = """
create function solicitudes_la_siguiente(dependencia bigint, persona bigint, dia date) returns bigint
language plpgsql as $$
begin
    if direcciones_ausente(persona, dia) then
        return null;
    end if;
    return solicitudes_la_siguiente(dependencia, persona);
end $$;
"""
# Each pair of person and place is asked once, however many cases it has.
SIN_RESPONSABLE = """
create function solicitudes_sin_responsable_en(dia_ date, ahora timestamptz)
returns table (parte_id bigint, solicitud_id bigint, dependencia_id bigint, asesor_id bigint)
language sql stable as $$
    with en_mano as materialized (
        select distinct p.asesor_id, p.dependencia_id, p.reservada from solicitudes_parte p
        where p.estado in ('asignada', 'en_atencion', 'en_complemento')
    ), sueltas as materialized (
        select m.* from en_mano m
        where direcciones_responsable(m.asesor_id, m.dependencia_id, m.reservada, dia_, ahora) is null
    ), colas as materialized (
        select distinct p.dependencia_id from solicitudes_parte p where p.estado = 'en_cola'
    ), solas as materialized (
        select c.dependencia_id from colas c
        where direcciones_quien_queda(c.dependencia_id, false, dia_, ahora) is null
    )
    select p.id, p.solicitud_id, p.dependencia_id, p.asesor_id from solicitudes_parte p
    join sueltas s on s.asesor_id = p.asesor_id and s.dependencia_id = p.dependencia_id and s.reservada = p.reservada
    where p.estado in ('asignada', 'en_atencion', 'en_complemento')
    union all
    select p.id, p.solicitud_id, p.dependencia_id, p.asesor_id from solicitudes_parte p
    join solas s on s.dependencia_id = p.dependencia_id
    where p.estado = 'en_cola'
$$;
create view solicitudes_sin_responsable with (security_invoker = true) as
    select s.* from (select clock_timestamp() as ahora) r,
        solicitudes_sin_responsable_en((r.ahora at time zone 'America/Bogota')::date, r.ahora) s;
"""
QUITAR_SIN_RESPONSABLE = """
drop view solicitudes_sin_responsable;
drop function solicitudes_sin_responsable_en(date, timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0025_relojes_de_la_parte"), ("direcciones", "0008_presentes")]
    operations = [
        migrations.RunSQL(CON_RESPONSABLE, QUITAR_CON_RESPONSABLE),
        migrations.RunSQL(LA_SIGUIENTE, "drop function solicitudes_la_siguiente(bigint, bigint, date);"),
        migrations.RunSQL(SIN_RESPONSABLE, QUITAR_SIN_RESPONSABLE),
    ]
