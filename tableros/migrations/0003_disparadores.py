"""The figures follow the facts in their own transaction, whoever writes them (docs/decisiones/0018).

Every trigger is of statement level and appends to `tableros_delta` what the statement changed, already added up: no
row is shared, so no writer waits for another. Old rows count −1 and new ones +1; what did not change cancels out, and
the two are never joined (a plan made for one row would be kept for a million). The functions act as *sistema*: who
files or answers a survey may not read these tables.

`tableros_hechos` says the same from the facts, as one view: the recount adds it up and compares.
"""

from django.db import migrations

LLAVES = ("familia", "sector_id", "periodo", "dependencia_id", "reservada", "clave")
DE_PARTE = ("recibidas", "atendidas", "a_tiempo", "trasladadas", "duplicadas", "no_competencia", "retiradas",
            "abiertas", "en_cola", "esperando")  # fmt: skip
DE_ORDEN = ("inicios", "adelantadas", "con_motivo")
DE_ENCUESTA = ("encuestas", "respondidas", "oportunidad", "pertinencia", "calidad")
MEDIDAS = DE_PARTE + DE_ORDEN + DE_ENCUESTA


def _nombres(*columnas: str, tabla: str = "") -> str:
    return ", ".join(f"{tabla}.{columna}" if tabla else columna for columna in columnas)


def _sumar(medidas: tuple[str, ...], origen: str) -> str:
    """Append to the deltas the sum of `origen`, a query with the keys, `signo` and these measures, but zeros."""
    sumas = ", ".join(f"sum(signo * {medida})" for medida in medidas)
    alguna = " or ".join(f"sum(signo * {medida}) <> 0" for medida in medidas)
    return f"""
    insert into tableros_delta ({_nombres(*LLAVES, *medidas)})
    select {_nombres(*LLAVES)}, {sumas}
    from ({origen}) cambios group by {_nombres(*LLAVES)} having {alguna};
    """


def _celdas_de_partes(tabla: str, signo: int) -> str:
    return f"""
    select {signo} as signo, c.familia, c.periodo, p.dependencia_id, e.sector_id, p.reservada, c.clave,
           {_nombres(*DE_PARTE, tabla="c")}
    from {tabla} p join direcciones_entidad e on e.id = p.entidad_id
    cross join lateral tableros_celdas_de_parte(p.estado, p.recibido_en, p.vence, p.prestada_en, p.cerrada_en,
                                                p.entidad_id, p.tema_id, p.modalidad_id, p.asesor_id) c"""


def _celdas_de_encuestas(encuestas: str, signo: int, partes: str = "solicitudes_parte") -> str:
    """A survey counts where the parte that leads its solicitud is."""
    return f"""
    select {signo} as signo, c.familia, c.periodo, p.dependencia_id, e.sector_id, p.reservada, c.clave,
           {_nombres(*DE_ENCUESTA, tabla="c")}
    from {encuestas} q join {partes} p on p.solicitud_id = q.solicitud_id and p.lidera
    join direcciones_entidad e on e.id = p.entidad_id
    cross join lateral tableros_celdas_de_encuesta(q.creada_en, q.respondida_en, q.oportunidad, q.pertinencia,
                                                   q.calidad, p.entidad_id) c"""


_CEROS = {grupo: ", ".join(f"0 as {medida}" for medida in grupo) for grupo in (DE_PARTE, DE_ORDEN, DE_ENCUESTA)}
_HECHO = "familia, periodo, dependencia_id, sector_id, reservada, clave, entidad_id, parte_id, solicitud_id"
# A start, or an exit from the queue by somebody's hand: the same lines of the history as solicitudes/inversiones.py.
_ES_INICIO = (
    "(m.accion in ('tomar', 'empezar') or (m.accion = 'asignar' and m.persona_id is not null)) and m.datos ? 'lugar'"
)

# The function acts as the system and gives back who was acting; if it fails, the transaction does.
_COMO_SISTEMA = """declare nivel text := coalesce(current_setting('app.nivel', true), '');
begin
    perform set_config('app.nivel', 'sistema', true);"""
_VOLVER = "perform set_config('app.nivel', nivel, true); return null;"

CREAR = f"""
create function tableros_mes(instante timestamptz) returns date language sql immutable as $$
    select date_trunc('month', instante at time zone 'America/Bogota')::date
$$;

create function tableros_celdas_de_parte(
    estado text, recibido_en timestamptz, vence date, prestada_en timestamptz, cerrada_en timestamptz,
    entidad bigint, tema bigint, modalidad bigint, asesor bigint
) returns table (familia text, periodo date, clave bigint, {", ".join(f"{m} int" for m in DE_PARTE)})
language sql immutable as $$
    select f.familia, h.periodo, f.clave, h.recibidas, h.atendidas, h.a_tiempo, h.trasladadas, h.duplicadas,
           h.no_competencia, h.retiradas, 0, 0, 0
    from (values ('mes', 0::bigint), ('entidad', entidad), ('tema', tema), ('modalidad', modalidad)) f (familia, clave)
    cross join (
        select tableros_mes(recibido_en), 1, 0, 0, 0, 0, 0, 0
        union all
        select tableros_mes(prestada_en), 0, 1, ((prestada_en at time zone 'America/Bogota')::date <= vence)::int,
               0, 0, 0, 0
        where estado = 'atendida' and prestada_en is not null
        union all
        select tableros_mes(cerrada_en), 0, 0, 0, (estado = 'trasladada')::int, (estado = 'duplicada')::int,
               (estado = 'no_competencia')::int, (estado = 'retirada')::int
        where estado in ('trasladada', 'duplicada', 'no_competencia', 'retirada') and cerrada_en is not null
    ) h (periodo, recibidas, atendidas, a_tiempo, trasladadas, duplicadas, no_competencia, retiradas)
    union all
    select f.familia, f.periodo, f.clave, 0, 0, 0, 0, 0, 0, 0,
           1, (estado = 'en_cola')::int, (estado = 'en_complemento')::int
    from (values ('recibo', (recibido_en at time zone 'America/Bogota')::date, 0::bigint), ('vence', vence, 0),
                 ('asesor', date '1970-01-01', coalesce(asesor, 0))) f (familia, periodo, clave)
    where estado in ('en_cola', 'asignada', 'en_atencion', 'en_complemento')
$$;

create function tableros_celdas_de_encuesta(
    creada_en timestamptz, respondida_en timestamptz, oportunidad int, pertinencia int, calidad int, entidad bigint
) returns table (familia text, periodo date, clave bigint, {", ".join(f"{m} int" for m in DE_ENCUESTA)})
language sql immutable as $$
    select f.familia, tableros_mes(creada_en), f.clave, 1, (respondida_en is not null)::int,
           coalesce(oportunidad, 0), coalesce(pertinencia, 0), coalesce(calidad, 0)
    from (values ('mes', 0::bigint), ('entidad', entidad)) f (familia, clave)
$$;

create view tableros_hechos with (security_invoker = true) as
    select c.familia, c.periodo, p.dependencia_id, e.sector_id, p.reservada, c.clave, p.entidad_id,
           p.id as parte_id, p.solicitud_id, {_nombres(*DE_PARTE, tabla="c")}, {_CEROS[DE_ORDEN]}, {
    _CEROS[DE_ENCUESTA]
}
    from solicitudes_parte p join direcciones_entidad e on e.id = p.entidad_id
    cross join lateral tableros_celdas_de_parte(p.estado, p.recibido_en, p.vence, p.prestada_en, p.cerrada_en,
                                                p.entidad_id, p.tema_id, p.modalidad_id, p.asesor_id) c
    union all
    select 'mes', tableros_mes(m.en), (m.datos #>> '{{lugar,de,0}}')::bigint, e.sector_id, p.reservada, 0, p.entidad_id,
           p.id, p.solicitud_id, {_CEROS[DE_PARTE]}, 1, (i.movimiento_id is not null)::int,
           (i.con_motivo is true)::int, {_CEROS[DE_ENCUESTA]}
    from solicitudes_movimiento m join solicitudes_parte p on p.id = m.parte_id and p.solicitud_id = m.solicitud_id
    join direcciones_entidad e on e.id = p.entidad_id
    left join tableros_inversion i on i.movimiento_id = m.id
    where {_ES_INICIO}
    union all
    select c.familia, c.periodo, p.dependencia_id, e.sector_id, p.reservada, c.clave, p.entidad_id,
           p.id, p.solicitud_id, {_CEROS[DE_PARTE]}, {_CEROS[DE_ORDEN]}, {_nombres(*DE_ENCUESTA, tabla="c")}
    from encuestas_encuesta q join solicitudes_parte p on p.solicitud_id = q.solicitud_id and p.lidera
    join direcciones_entidad e on e.id = p.entidad_id
    cross join lateral tableros_celdas_de_encuesta(q.creada_en, q.respondida_en, q.oportunidad, q.pertinencia,
                                                   q.calidad, p.entidad_id) c;

create function tableros_partes() returns trigger language plpgsql set jit = off as $$
{_COMO_SISTEMA}
    if tg_op = 'INSERT' then
        {_sumar(DE_PARTE, _celdas_de_partes("nuevas", 1))}
        {_VOLVER}
    end if;
    {_sumar(DE_PARTE, _celdas_de_partes("viejas", -1) + " union all " + _celdas_de_partes("nuevas", 1))}
    -- The rare ones: what hangs from the parte moves with it.
    if exists (select id, lidera, dependencia_id, reservada from viejas
               except select id, lidera, dependencia_id, reservada from nuevas) then
        {
    _sumar(
        DE_ENCUESTA,
        _celdas_de_encuestas("encuestas_encuesta", -1, "viejas")
        + " union all "
        + _celdas_de_encuestas("encuestas_encuesta", 1, "nuevas"),
    )
}
    end if;
    if exists (select id, reservada from viejas except select id, reservada from nuevas) then
        {
    _sumar(
        DE_ORDEN,
        f'''
            select x.signo, h.familia, h.periodo, h.dependencia_id, h.sector_id, x.reservada, h.clave,
                   {_nombres(*DE_ORDEN, tabla="h")}
            from (select -1 as signo, id, solicitud_id, reservada from viejas
                  union all select 1, id, solicitud_id, reservada from nuevas) x
            join tableros_hechos h on h.solicitud_id = x.solicitud_id and h.parte_id = x.id and h.inicios > 0''',
    )
}
        update tableros_inversion i set reservada = n.reservada from nuevas n
        where i.parte_id = n.id and i.reservada <> n.reservada;
    end if;
    {_VOLVER}
end $$;

create function tableros_encuestas() returns trigger language plpgsql set jit = off as $$
{_COMO_SISTEMA}
    if tg_op = 'INSERT' then
        {_sumar(DE_ENCUESTA, _celdas_de_encuestas("nuevas", 1))}
        {_VOLVER}
    end if;
    if not exists (select id, creada_en, respondida_en, oportunidad, pertinencia, calidad from viejas
                   except select id, creada_en, respondida_en, oportunidad, pertinencia, calidad from nuevas) then
        {_VOLVER}
    end if;
    -- Whoever moves the leading parte holds its solicitud: after this lock, what is read of it is the last word.
    perform 1 from solicitudes_solicitud s where s.id in (select solicitud_id from nuevas)
    order by s.id for no key update;
    {_sumar(DE_ENCUESTA, _celdas_de_encuestas("viejas", -1) + " union all " + _celdas_de_encuestas("nuevas", 1))}
    {_VOLVER}
end $$;

create function tableros_inicios() returns trigger language plpgsql set jit = off as $$
{_COMO_SISTEMA}
    if not exists (select 1 from nuevas where accion in ('tomar', 'empezar', 'asignar')) then
        {_VOLVER}
    end if;
    -- Whoever moves holds the turn of the tray (solicitudes/services/turnos.py): what waits there now is what waited
    -- when this one left it. A history written in bulk is judged by `recontar`.
    insert into tableros_inversion (movimiento_id, parte_id, dependencia_id, entidad_id, reservada, en, con_motivo)
    select m.id, p.id, (m.datos #>> '{{lugar,de,0}}')::bigint, p.entidad_id, p.reservada, m.en, false
    from nuevas m join solicitudes_parte p on p.id = m.parte_id
    where {_ES_INICIO} and case m.de
        when 'en_cola' then exists (
            select 1 from solicitudes_parte o
            where o.estado = 'en_cola' and o.dependencia_id = (m.datos #>> '{{lugar,de,0}}')::bigint
              and (o.recibido_en, o.solicitud_id) < (p.recibido_en, p.solicitud_id) and o.id <> p.id)
        when 'asignada' then exists (
            select 1 from solicitudes_parte o
            where o.estado = 'asignada' and o.asesor_id = (m.datos #>> '{{lugar,de,1}}')::bigint
              and (o.recibido_en, o.solicitud_id) < (p.recibido_en, p.solicitud_id) and o.id <> p.id)
        else false end
    on conflict do nothing;
    {
    _sumar(
        DE_ORDEN,
        f'''
        select 1 as signo, 'mes' as familia, tableros_mes(m.en) as periodo,
               (m.datos #>> '{{lugar,de,0}}')::bigint as dependencia_id, e.sector_id, p.reservada, 0 as clave,
               1 as inicios, (i.movimiento_id is not null)::int as adelantadas, (i.con_motivo is true)::int as con_motivo
        from nuevas m join solicitudes_parte p on p.id = m.parte_id
        join direcciones_entidad e on e.id = p.entidad_id
        left join tableros_inversion i on i.movimiento_id = m.id
        where {_ES_INICIO}''',
    )
}
    {_VOLVER}
end $$;

create function tableros_motivos() returns trigger language plpgsql set jit = off as $$
{_COMO_SISTEMA}
    with motivadas as (
        update tableros_inversion i set con_motivo = true
        from nuevas x where i.parte_id = x.parte_id and i.en = x.en and not i.con_motivo
        returning i.dependencia_id, i.entidad_id, i.reservada, i.en
    )
    insert into tableros_delta ({_nombres(*LLAVES)}, con_motivo)
    select 'mes', e.sector_id, tableros_mes(m.en), m.dependencia_id, m.reservada, 0, count(*)
    from motivadas m join direcciones_entidad e on e.id = m.entidad_id group by 1, 2, 3, 4, 5, 6;
    {_VOLVER}
end $$;

create function tableros_sectores() returns trigger language plpgsql set jit = off as $$
{_COMO_SISTEMA}
    -- Once in years, and for a moment: nobody writes a fact of either sector while they are moved.
    lock table solicitudes_parte, encuestas_encuesta in share mode;
    {
    _sumar(
        MEDIDAS,
        f'''
        select x.signo, h.familia, h.periodo, h.dependencia_id, x.sector_id, h.reservada, h.clave,
               {_nombres(*MEDIDAS, tabla="h")}
        from (values (-1, old.sector_id), (1, new.sector_id)) x (signo, sector_id)
        cross join tableros_hechos h where h.entidad_id = new.id''',
    )
}
    {_VOLVER}
end $$;

create trigger tableros_partes_nuevas after insert on solicitudes_parte
    referencing new table as nuevas for each statement execute function tableros_partes();
create trigger tableros_partes_cambiadas after update on solicitudes_parte
    referencing old table as viejas new table as nuevas for each statement execute function tableros_partes();
create trigger tableros_encuestas_nuevas after insert on encuestas_encuesta
    referencing new table as nuevas for each statement execute function tableros_encuestas();
create trigger tableros_encuestas_cambiadas after update on encuestas_encuesta
    referencing old table as viejas new table as nuevas for each statement execute function tableros_encuestas();
create trigger tableros_inicios after insert on solicitudes_movimiento
    referencing new table as nuevas for each statement execute function tableros_inicios();
create trigger tableros_motivos after insert on solicitudes_excepcionorden
    referencing new table as nuevas for each statement execute function tableros_motivos();
create trigger tableros_sectores after update on direcciones_entidad
    for each row when (old.sector_id is distinct from new.sector_id) execute function tableros_sectores();

alter table tableros_delta set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
alter table tableros_resumen set (fillfactor = 70);
"""
# What was there before. The inversions of a history older than these triggers are found by `recontar --aplicar`.
LLENAR = f"""
create function tableros_llenar() returns void language plpgsql as $$
begin
    perform set_config('app.nivel', 'sistema', true);
    insert into tableros_delta ({_nombres(*LLAVES, *MEDIDAS)})
    select {_nombres(*LLAVES)}, {", ".join(f"sum({m})" for m in MEDIDAS)}
    from tableros_hechos group by {_nombres(*LLAVES)};
    perform set_config('app.nivel', '', true);
end $$;
select tableros_llenar();
drop function tableros_llenar();
"""
QUITAR = """
drop trigger tableros_partes_nuevas on solicitudes_parte;
drop trigger tableros_partes_cambiadas on solicitudes_parte;
drop trigger tableros_encuestas_nuevas on encuestas_encuesta;
drop trigger tableros_encuestas_cambiadas on encuestas_encuesta;
drop trigger tableros_inicios on solicitudes_movimiento;
drop trigger tableros_motivos on solicitudes_excepcionorden;
drop trigger tableros_sectores on direcciones_entidad;
drop function tableros_partes(), tableros_encuestas(), tableros_inicios(), tableros_motivos(), tableros_sectores();
drop view tableros_hechos;
drop function tableros_celdas_de_parte, tableros_celdas_de_encuesta, tableros_mes;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tableros", "0002_alcance"),
        ("solicitudes", "0008_productos_de_la_sesion"),
        ("encuestas", "0002_alcance"),
        ("direcciones", "0004_membresias_terminadas"),
    ]
    operations = [migrations.RunSQL(CREAR, QUITAR), migrations.RunSQL(LLENAR, migrations.RunSQL.noop)]
