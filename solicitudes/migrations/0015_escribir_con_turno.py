"""What is written with a turn in the hand, in one order each: filing, and moving a parte. Others wait meanwhile.

They run as whoever calls them, under the same policies and constraints; their statements are planned once per
connection.
"""

from django.db import migrations

RADICAR = """
create function solicitudes_radicar(hoja jsonb) returns void language plpgsql as $$
declare
    tomado int;
begin
    insert into solicitudes_contador as c (serie, anio, ultimo)
    values (hoja ->> 'serie', (hoja ->> 'anio')::int, (hoja ->> 'primero')::int)
    on conflict (serie, anio) do update set ultimo = c.ultimo + 1 returning ultimo into tomado;
    if tomado <> (hoja ->> 'numero')::int then
        raise exception 'Alguien tomó el número % sin esperar su turno.', hoja ->> 'numero';
    end if;
    insert into solicitudes_solicitud
    select * from jsonb_populate_record(null::solicitudes_solicitud, hoja -> 'solicitud');
    insert into solicitudes_parte
    select * from jsonb_populate_recordset(null::solicitudes_parte, hoja -> 'partes');
    insert into solicitudes_movimiento
    select * from jsonb_populate_record(null::solicitudes_movimiento,
        hoja -> 'movimiento' || jsonb_build_object('id', nextval('solicitudes_movimiento_id_seq')));
    if hoja ? 'constancia' then
        insert into solicitudes_constanciaradicacion
        select * from jsonb_populate_record(null::solicitudes_constanciaradicacion,
            hoja -> 'constancia' || jsonb_build_object('id', nextval('solicitudes_constanciaradicacion_id_seq')));
        update solicitudes_borrador set solicitud_id = (hoja -> 'solicitud' ->> 'id')::bigint
        where id = (hoja ->> 'borrador')::bigint;
    end if;
end $$;
"""

# The solicitud first, always: two partes moved at once would otherwise wait for each other. Each statement of the
# function sees what was committed before it, so the other partes are read as they are under that lock.
TOMAR = """
create function solicitudes_tomar(
    cual bigint, out movimiento bigint, out todas jsonb, out parte solicitudes_parte, out solicitud solicitudes_solicitud
) returns setof record language plpgsql as $$
begin
    select s.* into solicitud from solicitudes_solicitud s
    where s.id = (select p.solicitud_id from solicitudes_parte p where p.id = cual) for no key update;
    if not found then
        return;
    end if;
    select p.* into parte from solicitudes_parte p where p.id = cual for no key update;
    select jsonb_agg(jsonb_build_array(p.id, p.estado, p.dependencia_id, p.asesor_id) order by p.lidera desc, p.id)
    into todas from solicitudes_parte p where p.solicitud_id = solicitud.id;
    movimiento := nextval('solicitudes_movimiento_id_seq');
    return next;
end $$;
"""
# What «Atender la siguiente» gives: of their own tray or of the queue, whichever came first.
LA_SIGUIENTE = """
create function solicitudes_la_siguiente(dependencia bigint, persona bigint) returns bigint language plpgsql as $$
begin
    return (
        select id from (
            (select p.id, p.recibido_en, p.solicitud_id from solicitudes_parte p
             where p.asesor_id = persona and p.dependencia_id = dependencia and p.estado = 'asignada'
             order by p.recibido_en, p.solicitud_id limit 1)
            union all
            (select p.id, p.recibido_en, p.solicitud_id from solicitudes_parte p
             where p.dependencia_id = dependencia and p.estado = 'en_cola'
             order by p.recibido_en, p.solicitud_id limit 1)
        ) candidatas order by recibido_en, solicitud_id limit 1
    );
end $$;
"""
MOVER = """
create function solicitudes_mover(hoja jsonb) returns void language plpgsql as $$
declare
    p solicitudes_parte := jsonb_populate_record(null::solicitudes_parte, hoja -> 'parte');
    s solicitudes_solicitud := jsonb_populate_record(null::solicitudes_solicitud, hoja -> 'solicitud');
begin
    update solicitudes_parte set
        estado = p.estado, asesor_id = p.asesor_id, asignada_en = p.asignada_en, cerrada_en = p.cerrada_en,
        complemento_hasta = p.complemento_hasta, primera_atencion_en = p.primera_atencion_en,
        prestada_en = p.prestada_en, resultado = p.resultado, dependencia_id = p.dependencia_id,
        tema_id = p.tema_id, otros_temas = p.otros_temas
    where id = p.id;
    update solicitudes_solicitud set
        estado = s.estado, dependencias = s.dependencias, responsables = s.responsables, cerrada_en = s.cerrada_en
    where id = s.id;
    insert into solicitudes_movimiento
    select * from jsonb_populate_record(null::solicitudes_movimiento, hoja -> 'movimiento');
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0014_borradores_resueltos")]
    operations = [
        migrations.RunSQL(RADICAR, "drop function solicitudes_radicar(jsonb);"),
        migrations.RunSQL(TOMAR, "drop function solicitudes_tomar(bigint);"),
        migrations.RunSQL(LA_SIGUIENTE, "drop function solicitudes_la_siguiente(bigint, bigint);"),
        migrations.RunSQL(MOVER, "drop function solicitudes_mover(jsonb);"),
    ]
