"""The SQL of `sembrar`: one row of `semilla` decides all of a solicitud; the rest is derived from it, table by table.

Chance is a hash of the row's number: the same N gives the same rows. `{…}` are filled by `sembrar`, once.
"""

# ruff: noqa: S608  what is filled in is ours: names, keys and numbers

AZAR = """
create function pg_temp.azar(n bigint, k int) returns float8 language sql immutable parallel safe as
$$ select (hashint8extended(n, k) & 2147483647) / 2147483648.0 $$;
create function pg_temp.instante(ts timestamp) returns timestamptz language sql immutable parallel safe as
$$ select ts at time zone 'America/Bogota' $$;
create function pg_temp.seis(n bigint) returns text language sql immutable parallel safe as
$$ select lpad(n::text, greatest(6, length(n::text)), '0') $$;
"""

TABLAS = """
create temp table t_dias (idx int primary key, dia date, desde bigint, hasta bigint);
create temp table t_plazos (idx int, tarde bool, fecha_efectiva date, vence date, regla text, frases text,
    horario text, primary key (idx, tarde));
create temp table t_relojes (idx int, tarde bool, dias int, fecha_efectiva date, vence date, vence_en timestamptz,
    regla text, primary key (idx, tarde, dias));
create temp table t_acuerdos (dependencia_id bigint, modalidad_id bigint, ans_id bigint, nombre text, dias int,
    inicio text, fin text, obliga bool);
create temp table t_entidades (ix int primary key, id bigint, nombre text, sector_id bigint, prestadora bool,
    enlace_id bigint, enlace text, cargo text, correo text);
create temp table t_dependencias (ix int primary key, id bigint, nombre text, sector bool, asesores bigint[],
    revisor_id bigint, jefe_id bigint, jefe text, cargo text, temas int);
create temp table t_temas (dependencia_id bigint, k int, id bigint, nombre text, modalidad_id bigint, modalidad text,
    reservado bool, primary key (dependencia_id, k));
create temp table t_asesores (dependencia_id bigint, sector_id bigint, asesor_id bigint,
    primary key (dependencia_id, sector_id));
create temp table t_textos (k int primary key, asunto text, necesidad text, contenido jsonb, busqueda tsvector);
"""

# One row per solicitud, in the order of reception. `f` says how far an open one has come: 0 the oldest, 1 the newest.
SEMILLA = """
create temp table semilla as
with llegadas as (
    select d.idx, n, d.dia + make_interval(secs => 25200 + (n - d.desde) * 36000 / (d.hasta - d.desde + 1)) as local
    from t_dias d cross join lateral generate_series(d.desde, d.hasta) n
), sorteo as (
    select l.n, l.idx, l.local, l.local::time > '16:30' as tarde, e.id as entidad_id, e.sector_id, e.ix as entidad_ix,
        e.prestadora, e.enlace_id,
        case when pg_temp.azar(n, 1) < .80 then 'portal' when pg_temp.azar(n, 1) < .88 then 'correo'
             when pg_temp.azar(n, 1) < .93 then 'siga' when pg_temp.azar(n, 1) < .97 then 'telefono'
             else 'presencial' end as canal,
        case when e.prestadora then ({prestadoras})[1 + floor(pg_temp.azar(n, 3) * {n_prestadoras})::int]
             else 1 + floor(pg_temp.azar(n, 3) * {n_dependencias})::int end as ix1,
        case when pg_temp.azar(n, 6) < .08 and not e.prestadora
             then 1 + floor(pg_temp.azar(n, 14) * {n_dependencias})::int
             end as ix2,
        pg_temp.azar(n, 12) < .42 as pide_concepto,
        case when n > {cerradas} then (n - {cerradas})::float8 / {abiertas} end as f,
        1 + (hashint8extended(n, 15) & 1048575)::int % {n_textos} as texto,
        pg_temp.azar(n, 13) < .005 as rara,
        n % 200 = 0 as larga,
        lag(n) over (partition by e.id order by n) as anterior
    from llegadas l join t_entidades e on e.ix = 1 + floor(power(pg_temp.azar(n, 2), 1.2) * {n_entidades})::int
), destino as (
    select s.*, d1.id as dep1, d1.sector as sector1, t1.id as tema1, t1.reservado as reservada,
        case when pide_concepto then {concepto} when t1.modalidad = 'concepto' then {asesoria} else t1.modalidad_id end
            as modalidad_id,
        d2.id as dep2, d2.sector as sector2, t2.id as tema2, t2.modalidad_id as modalidad2,
        case when d1.sector then a1.asesor_id
             else d1.asesores[1 + floor(pg_temp.azar(n, 5) * cardinality(d1.asesores))::int] end as asesor1,
        case when d2.sector then a2.asesor_id
             else d2.asesores[1 + floor(pg_temp.azar(n, 16) * cardinality(d2.asesores))::int] end as asesor2,
        2 + case when pg_temp.azar(n, 9) < .1 then 9 + floor(pg_temp.azar(n, 8) * 6)
                 else floor(pg_temp.azar(n, 8) * 9) end::int as dt,
        case when f is null then case
                 when d2.id is not null or pg_temp.azar(n, 7) < .91 then 'atendida'
                 when pg_temp.azar(n, 7) < .93 then 'no_competencia'
                 when pg_temp.azar(n, 7) < .95 and anterior is not null then 'duplicada'
                 when pg_temp.azar(n, 7) < .975 then 'retirada' else 'trasladada' end
             when f > .4 then 'en_espera'
             when pg_temp.azar(n, 7) < .2 then 'en_complemento' else 'en_atencion' end as hecho
    from sorteo s
    join t_dependencias d1 on d1.ix = s.ix1
    join t_temas t1 on t1.dependencia_id = d1.id and t1.k = floor(pg_temp.azar(n, 4) * d1.temas)::int
    left join t_dependencias d2 on d2.ix = s.ix2 and s.ix2 <> s.ix1
    left join t_temas t2 on t2.dependencia_id = d2.id and t2.k = floor(pg_temp.azar(n, 17) * d2.temas)::int
    left join t_asesores a1 on a1.dependencia_id = d1.id and a1.sector_id = s.sector_id
    left join t_asesores a2 on a2.dependencia_id = d2.id and a2.sector_id = s.sector_id
), fechas as (
    select s.*, pg_temp.instante(s.local) as recibido_en,
        pg_temp.instante(s.local + case when canal = 'portal' then interval '0' else interval '25 minutes' end)
            as radicado_en,
        case when hecho <> 'en_espera' then pg_temp.instante(d1.dia + s.local::time) end as tomada_en,
        case when f is null then pg_temp.instante(dt.dia + s.local::time) end as prestada_en,
        pide_concepto and hecho in ('atendida', 'en_atencion') as con_concepto,
        pg_temp.azar(n, 18) < .6 as respondio, s.idx + s.dt as idx_fin
    from destino s
    left join t_dias d1 on d1.idx = s.idx + 1
    left join t_dias dt on dt.idx = s.idx + s.dt
)
select s.*, p.fecha_efectiva, p.vence,
    case when hecho = 'en_espera' then case when sector1 then 'asignada' else 'en_cola' end else hecho end as estado1,
    case when dep2 is null then null when hecho = 'en_espera' then case when sector2 then 'asignada' else 'en_cola' end
         when hecho = 'en_complemento' then 'en_atencion' else hecho end as estado2,
    -- The survey ends the solicitud: when it is answered, or ten business days after the last parte.
    case when hecho = 'atendida' then pg_temp.instante(c.dia + s.local::time + interval '1 hour') end as fin_encuesta,
    row_number() over (partition by extract(year from s.radicado_en at time zone 'America/Bogota')
                       order by s.radicado_en, s.n) + {primero} as numero,
    extract(year from s.radicado_en at time zone 'America/Bogota')::int as anio
from fechas s
join t_plazos p on p.idx = s.idx and p.tarde = s.tarde
left join t_dias c on c.idx = s.idx_fin + case when respondio then 2 else 11 end;
update semilla set fin_encuesta = null where fin_encuesta > {ahora};
create index on semilla (n);

create temp table t_conceptos as
select s.n, s.estado1 = 'atendida' as enviado,
    case when s.estado1 = 'atendida' then 'notificado'
         when pg_temp.azar(n, 19) < .4 then 'en_proyeccion' when pg_temp.azar(n, 19) < .7 then 'en_revision'
         else 'para_firma' end as estado,
    case when s.reservada then 'reservado' when pg_temp.azar(n, 20) < .45 then 'publico'
         when pg_temp.azar(n, 20) < .8 then 'entidades' when pg_temp.azar(n, 20) < .9 then 'sda'
         else 'reservado' end as audiencia,
    s.tomada_en + interval '3 hours' as creado_en, s.tomada_en + interval '5 hours' as congelado_en
from semilla s where s.con_concepto;
alter table t_conceptos add numero bigint, add anio int;
update t_conceptos c set numero = x.numero, anio = x.anio from (
    select n, extract(year from congelado_en at time zone 'America/Bogota')::int as anio,
        row_number() over (partition by extract(year from congelado_en at time zone 'America/Bogota')
                           order by congelado_en, n) + {primero} as numero
    from t_conceptos where estado <> 'en_proyeccion') x where x.n = c.n;
create index on t_conceptos (n);
analyze semilla;
analyze t_conceptos;
"""

CONTADORES = """
insert into solicitudes_contador (serie, anio, ultimo)
select '{serie}', anio, max(numero) from semilla group by anio
union all select '{serie_conceptos}', anio, max(numero) from t_conceptos where numero is not null group by anio
"""

# The partes of the rows of one batch: the temporary table the rest of the batch reads.
LOTE = """
drop table if exists lote;
create temp table lote as
select s.n, 0 as orden, {parte} + 2 * s.n as parte_id, {solicitud} + s.n as solicitud_id, s.dep1 as dependencia_id,
    s.sector1 as sector, s.tema1 as tema_id, s.modalidad_id, s.estado1 as estado,
    case when s.estado1 <> 'en_cola' then s.asesor1 end as asesor_id
from semilla s where s.n between %(desde)s and %(hasta)s
union all
select s.n, 1, {parte} + 2 * s.n + 1, {solicitud} + s.n, s.dep2, s.sector2, s.tema2, s.modalidad2, s.estado2,
    case when s.estado2 <> 'en_cola' then s.asesor2 end
from semilla s where s.n between %(desde)s and %(hasta)s and s.dep2 is not null;
create index on lote (n);
analyze lote;
"""

_HORA = """replace(replace({texto}, '{muestra_iso}', to_char(s.local, '"T"HH24:MI:SS')), '{muestra}',
    case when extract(hour from s.local) = 13 then 'a la ' else 'a las ' end || to_char(s.local, 'FMHH12:MI')
    || case when extract(second from s.local) = 0 then '' else to_char(s.local, ':SS') end
    || case when extract(hour from s.local) < 12 then ' a. m.' else ' p. m.' end)"""

SOLICITUDES = f"""
insert into solicitudes_solicitud (id, radicado, clave_radicacion, entidad_id, modelo, estado, radicada_por_id,
    remitente_nombre, remitente_cargo, remitente_correo, remitente_telefono, canal, registrada_por_id, evidencia,
    siga_entrada, siga_salida, recibido_en, radicado_en, fecha_efectiva, vence, regla_plazo, asunto, necesidad,
    antecedentes, preguntas, modalidad_id, motivo_fecha, logistica, reservada, motivo_reserva, dependencias, temas,
    responsables, duplicada_de_id, cerrada_en)
select {{solicitud}} + s.n, 'AT-' || s.anio || '-' || pg_temp.seis(s.numero), gen_random_uuid(), s.entidad_id,
    'demanda',
    case when s.estado1 = 'atendida' then case when s.fin_encuesta is null then 'atendida' else 'cerrada' end
         when s.hecho = 'en_espera' then
             case when 'asignada' in (s.estado1, s.estado2) then 'asignada' else 'radicada' end
         else s.estado1 end,
    case when s.canal = 'portal' then s.enlace_id end, e.enlace, e.cargo, e.correo, '', s.canal,
    case when s.canal <> 'portal' then {{ventanilla}} end,
    case when s.canal <> 'portal' then 'Registro ' || s.n || ' de ventanilla' else '' end,
    case when s.canal = 'siga' then '1-' || s.anio || '-' || lpad(s.n::text, 7, '0') else '' end, '',
    s.recibido_en, s.radicado_en, s.fecha_efectiva, s.vence,
    {_HORA.format(texto="p.regla", muestra="{muestra}", muestra_iso="{muestra_iso}")}::jsonb,
    case when s.rara then 'Microfilmación. ' else '' end || x.asunto, x.necesidad, '',
    array['¿Qué procedimiento debemos seguir?', '¿Qué norma lo rige?'], s.modalidad_id, '', '{{{{}}}}', s.reservada,
    case when s.reservada then 'Reservada por su tema' else '' end,
    array_remove(array[s.dep1, s.dep2], null), array_remove(array[s.tema1, s.tema2], null),
    coalesce((select array_agg(distinct l.asesor_id order by l.asesor_id) from lote l
              where l.n = s.n and l.asesor_id is not null), '{{{{}}}}'),
    case when s.estado1 = 'duplicada' then {{solicitud}} + s.anterior end,
    case when s.estado1 = 'atendida' then s.fin_encuesta end
from semilla s join t_entidades e on e.ix = s.entidad_ix join t_plazos p on p.idx = s.idx and p.tarde = s.tarde
join t_textos x on x.k = s.texto
where s.n between %(desde)s and %(hasta)s order by s.n
"""

PARTES = """
insert into solicitudes_parte (id, solicitud_id, entidad_id, dependencia_id, tema_id, otros_temas, modalidad_id,
    lidera, estado, asesor_id, recibido_en, vence, reservada, asignada_en, primera_atencion_en, programada_para,
    prestada_en, cerrada_en, complemento_hasta, resultado)
select l.parte_id, l.solicitud_id, s.entidad_id, l.dependencia_id, l.tema_id, '{{}}', l.modalidad_id, l.orden = 0,
    l.estado, l.asesor_id, s.recibido_en, s.vence, s.reservada,
    case when l.asesor_id is null then null when l.sector then s.radicado_en else s.tomada_en end,
    s.tomada_en + interval '10 minutes', null,
    case when l.estado = 'atendida' then s.prestada_en end, s.prestada_en,
    case when l.estado = 'en_complemento' then s.vence end,
    case when l.estado = 'atendida' then 'Se respondió lo pedido y se explicó cómo aplicarlo.' else '' end
from lote l join semilla s on s.n = l.n order by l.parte_id
"""

# The clock of the lineamiento, of every parte; what its dependencia promises, of the open ones and of the long ones:
# of all it would be two rows more of a kilobyte for each. They end as the trigger `relojes_de_parte` ends them.
TERMINOS = """
insert into solicitudes_termino (solicitud_id, parte_id, reloj, ans_id, nombre, dias, inicio, fin, empieza_en,
    fecha_efectiva, vence, vence_en, obliga, cumplido_en, suspensiones, regla, version_calendario, cerrado)
select l.solicitud_id, l.parte_id, r.reloj, r.ans_id, r.nombre, r.dias, r.inicio, r.fin,
    case when t.idx is not null then s.recibido_en end, t.fecha_efectiva, t.vence, t.vence_en, r.obliga, c.cumplido_en,
    '[]', coalesce(replace(t.regla, '{muestra_iso}', to_char(s.local, '"T"HH24:MI:SS'))::jsonb, '{{}}'),
    {version_calendario}, c.cumplido_en is not null or s.f is null
from lote l join semilla s on s.n = l.n join solicitudes_parte p on p.id = l.parte_id
cross join lateral (
    select 'lineamiento' as reloj, null::bigint as ans_id, '{lineamiento}' as nombre, 10 as dias,
        'recepcion' as inicio, 'entregada' as fin, true as obliga
    union all
    select 'ans', a.ans_id, a.nombre, a.dias, a.inicio, a.fin, a.obliga from t_acuerdos a
    where a.dependencia_id = l.dependencia_id and a.modalidad_id = l.modalidad_id and (s.f is not null or s.larga)
) r
cross join lateral (select case when r.fin = 'asignada' then p.asignada_en when r.fin = 'entregada' then p.prestada_en
    when r.fin in ('acta', 'informe') and p.estado = 'atendida' then p.cerrada_en end as cumplido_en) c
left join t_relojes t on t.idx = s.idx and t.tarde = s.tarde and t.dias = r.dias
    and r.inicio in ('recepcion', 'datos_completos')
order by l.parte_id, r.ans_id nulls first
"""

# Written by instant, as they would have been. `lugar` is what the count of inversions reads.
MOVIMIENTOS = """
insert into solicitudes_movimiento (id, solicitud_id, parte_id, accion, de, a, texto, motivo, datos, persona_id, rol,
    interno, en)
select {movimiento} + row_number() over (order by en, n, paso), solicitud_id, parte_id, accion, de, a, texto, motivo,
    datos, persona_id, rol, interno, en
from (
    select s.n, 0 as paso, {solicitud} + s.n as solicitud_id, null::bigint as parte_id, 'radicar' as accion, '' as de,
        'radicada' as a, case when s.canal = 'portal' then 'Radicó la solicitud'
             else 'Registró la solicitud recibida por otro canal' end as texto, '' as motivo,
        jsonb_build_object('canal', s.canal, 'recibido_en', s.recibido_en, 'tratamiento_datos', '') as datos,
        case when s.canal = 'portal' then s.enlace_id else {ventanilla} end as persona_id,
        case when s.canal = 'portal' then 'enlace' else 'ventanilla' end as rol, false as interno, s.radicado_en as en
    from semilla s where s.n between %(desde)s and %(hasta)s
  union all
    select l.n, 1, l.solicitud_id, l.parte_id, 'asignar', 'en_cola', 'asignada', 'La asignó a ' || p.nombre, '',
        jsonb_build_object('por', 'sector', 'lugar', jsonb_build_object(
            'de', jsonb_build_array(l.dependencia_id, null), 'a', jsonb_build_array(l.dependencia_id, l.asesor_id))),
        null, '', false, s.radicado_en
    from lote l join semilla s on s.n = l.n join direcciones_persona p on p.id = l.asesor_id where l.sector
  union all
    select l.n, 2, l.solicitud_id, l.parte_id, case when l.sector then 'empezar' else 'tomar' end,
        case when l.sector then 'asignada' else 'en_cola' end, 'en_atencion', 'Empezó a atenderla', '',
        jsonb_build_object('lugar', jsonb_build_object(
            'de', jsonb_build_array(l.dependencia_id, case when l.sector then l.asesor_id end),
            'a', jsonb_build_array(l.dependencia_id, l.asesor_id))),
        l.asesor_id, 'asesor', false, s.tomada_en
    from lote l join semilla s on s.n = l.n where s.tomada_en is not null
  union all
    select l.n, 3, l.solicitud_id, l.parte_id, 'pedir_complemento', 'en_atencion', 'en_complemento',
        'Pidió información a la entidad', '', pg_temp.lugar(l.dependencia_id, l.asesor_id), l.asesor_id, 'asesor',
        false, s.tomada_en + interval '1 hour'
    from lote l join semilla s on s.n = l.n where l.orden = 0 and ({espero})
  union all
    select l.n, 4, l.solicitud_id, l.parte_id, 'complementar', 'en_complemento', 'en_atencion',
        'La entidad respondió lo que se le pidió', '', pg_temp.lugar(l.dependencia_id, l.asesor_id), s.enlace_id,
        'enlace', false, s.tomada_en + interval '4 hours'
    from lote l join semilla s on s.n = l.n where l.orden = 0 and ({espero}) and s.hecho <> 'en_complemento'
  union all
    select l.n, 5 + g, l.solicitud_id, l.parte_id, 'programar', 'en_atencion', 'en_atencion',
        'Programó una sesión con la entidad', '', '{{}}', l.asesor_id, 'asesor', false,
        s.tomada_en + interval '2 hours' + g * interval '7 minutes'
    from lote l join semilla s on s.n = l.n
    cross join lateral generate_series(1, case when s.larga then 15 when {hubo_sesion} then 1 else 0 end) g
    where l.orden = 0 and s.tomada_en is not null
  union all
    select l.n, 30 + g.paso, l.solicitud_id, l.parte_id, 'concepto.' || g.accion, g.de, g.a, g.texto, '', '{{}}',
        case g.quien when 'asesor' then l.asesor_id when 'revisor' then d.revisor_id when 'jefe' then d.jefe_id end,
        coalesce(nullif(g.quien, 'jefe'), 'subdirector'), g.interno, s.tomada_en + g.paso * interval '5 hours'
    from lote l join semilla s on s.n = l.n join t_conceptos c on c.n = l.n
    join t_dependencias d on d.id = l.dependencia_id
    cross join (values (1, 'enviar_a_revision', 'en_proyeccion', 'en_revision', 'Envió a revisión el concepto',
                        'asesor', true, 1),
                       (2, 'aprobar', 'en_revision', 'para_firma', 'Aprobó el concepto', 'revisor', true, 2),
                       (3, 'firmar', 'para_firma', 'firmado', 'Firmó el concepto', 'jefe', false, 3),
                       (4, 'notificar', 'firmado', 'notificado', 'Se envió el concepto', null, false, 3))
        g(paso, accion, de, a, texto, quien, interno, hasta)
    where l.orden = 0 and g.hasta <= case c.estado when 'en_revision' then 1 when 'para_firma' then 2
                                      when 'notificado' then 3 else 0 end
  union all
    select l.n, 40, l.solicitud_id, l.parte_id,
        case l.estado when 'atendida' then 'atender' when 'no_competencia' then 'declarar_no_competencia'
             when 'duplicada' then 'marcar_duplicada' when 'retirada' then 'retirar' else 'trasladar_fuera' end,
        'en_atencion', l.estado,
        case l.estado when 'atendida' then 'La respondió' when 'no_competencia'
             then 'Respondió que no es de su competencia'
             when 'duplicada' then 'La marcó como duplicada' when 'retirada' then 'La entidad la retiró'
             else 'La trasladó a otra entidad' end,
        case when l.estado = 'atendida' then '' else 'Así se acordó con la entidad' end,
        pg_temp.lugar(l.dependencia_id, l.asesor_id),
        case when l.estado = 'retirada' then s.enlace_id
             when l.estado in ('no_competencia', 'trasladada') then d.jefe_id
             else l.asesor_id end,
        case when l.estado = 'retirada' then 'enlace'
             when l.estado in ('no_competencia', 'trasladada') then 'subdirector'
             else 'asesor' end,
        false, s.prestada_en
    from lote l join semilla s on s.n = l.n join t_dependencias d on d.id = l.dependencia_id
    where s.prestada_en is not null
  union all
    select s.n, 50, {solicitud} + s.n, null, 'cerrar', 'atendida', 'cerrada', 'Se cerró la solicitud', '', '{{}}',
        null, '', false, s.fin_encuesta
    from semilla s where s.n between %(desde)s and %(hasta)s and s.fin_encuesta is not null
) m order by en, n, paso
"""

LUGAR = """
create function pg_temp.lugar(d bigint, a bigint) returns jsonb language sql immutable as
$$ select jsonb_build_object('lugar',
       jsonb_build_object('de', jsonb_build_array(d, a), 'a', jsonb_build_array(d, a))) $$
"""
ESPERO = "s.hecho = 'en_complemento' or (s.f is null and pg_temp.azar(s.n, 10) < .25)"
HUBO_SESION = "s.f is null and not s.con_concepto and s.estado1 = 'atendida' and pg_temp.azar(s.n, 21) < .6"

MENSAJES = """
insert into solicitudes_mensaje (id, solicitud_id, parte_id, clave, tipo, texto, autor_id, de_la_entidad, interno, en)
select {mensaje} + row_number() over (order by en, n, paso), solicitud_id, parte_id, gen_random_uuid(), tipo, texto,
    autor_id, entidad, tipo = 'nota', en
from (
    select l.n, g.paso, l.solicitud_id, l.parte_id, g.tipo, g.texto,
        case when g.entidad then s.enlace_id else l.asesor_id end as autor_id, g.entidad,
        case when g.tipo = 'respuesta' then s.prestada_en - interval '1 minute'
             else s.tomada_en + g.minuto * interval '1 minute' end as en
    from lote l join semilla s on s.n = l.n
    cross join (values
        (1, 'mensaje', 'Recibimos su solicitud y ya la estamos atendiendo. Le escribiremos si falta algo.', false, 10),
        (2, 'mensaje', 'Gracias. Quedamos atentos; el equipo puede reunirse esta semana.', true, 50),
        (3, 'complemento_pedido', 'Por favor envíe el documento que menciona en su solicitud.', false, 60),
        (4, 'complemento', 'Enviamos el documento que nos pidieron.', true, 240),
        (5, 'nota', 'Revisar los antecedentes de la misma entidad antes de responder.', false, 30),
        (6, 'respuesta', 'Damos respuesta a lo pedido: la norma aplicable, el procedimiento y los pasos siguientes.',
            false, 0)) g(paso, tipo, texto, entidad, minuto)
    where l.orden = 0 and s.tomada_en is not null and case g.paso
        when 3 then {espero} when 4 then ({espero}) and s.hecho <> 'en_complemento'
        when 5 then pg_temp.azar(s.n, 22) < .2 when 6 then l.estado = 'atendida' else true end
) m order by en, n, paso
"""

CUANTOS_ARCHIVOS = "case when s.larga then 5 else floor(pg_temp.azar(s.n, 11) * 2.5)::int end"
_BYTES = "20000 + (hashint8extended(s.n * 8 + k, 31) & 2097151)"
_HUELLA = "encode(sha256(convert_to('semilla ' || s.n || ' ' || k, 'UTF8')), 'hex')"
ARCHIVOS = f"""
insert into solicitudes_archivo (nombre, tipo, bytes, sha256, ruta, senales, estado_antivirus, antivirus_detalle,
    revisado_en, subido_en, subido_por_id, solicitud_id, es_evidencia)
select 'Anexo ' || k || '.pdf', 'pdf', {_BYTES}, {_HUELLA}, 'semilla/' || s.n || '/' || k, '[]', 'sin_antivirus', '',
    null, s.radicado_en, s.enlace_id, {{solicitud}} + s.n, false
from semilla s cross join lateral generate_series(1, {CUANTOS_ARCHIVOS}) k
where s.n between %(desde)s and %(hasta)s order by s.n, k
"""

# The canonical text that `huella_de` would write: sorted keys and no spaces.
CONSTANCIAS = f"""
insert into solicitudes_constanciaradicacion (solicitud_id, codigo, radicado, datos, huella, registrada_por_id,
    emitida_en)
select c.solicitud_id, upper(substr(md5('constancia ' || c.solicitud_id), 1, 16)), c.radicado, c.datos::jsonb,
    encode(sha256(convert_to(c.datos, 'UTF8')), 'hex'), c.registrada_por_id, c.radicado_en
from (
    select o.id as solicitud_id, o.radicado, o.registrada_por_id, o.radicado_en,
        '{{{{"archivos":[' || coalesce((select string_agg('{{{{"bytes":' || {_BYTES} || ',"nombre":"Anexo ' || k
            || '.pdf","sha256":"' || {_HUELLA} || '"}}}}', ',' order by k)
            from generate_series(1, {CUANTOS_ARCHIVOS}) k), '')
        || '],"asunto":' || to_json(o.asunto) || ',"canal":"' || (case s.canal when 'portal' then 'Portal'
            when 'correo' then 'Correo institucional' when 'telefono' then 'Teléfono'
            when 'presencial' then 'Presencial' else 'SIGA' end) || '","cargo":' || to_json(o.remitente_cargo)
        || ',"demostracion":{{demostracion}},"dependencias":['
        || to_json(d1.nombre) || coalesce(',' || to_json(d2.nombre), '')
        || '],"dias":10,"entidad":' || to_json(e.nombre) || ',"fecha_efectiva":"' || s.fecha_efectiva
        || '","frases":' || {_HORA.format(texto="p.frases", muestra="{muestra}", muestra_iso="{muestra_iso}")}
        || ',"horario":' || p.horario || ',"modalidad":' || to_json(m.nombre) || ',"por_donde":"'
        || (case s.canal when 'portal' then 'por el portal' when 'correo' then 'por correo institucional'
            when 'telefono' then 'por teléfono' when 'presencial' then 'en persona' else 'por SIGA' end)
        || '","radicado":"' || o.radicado || '","radicado_en":"'
        || to_char(o.radicado_en at time zone 'America/Bogota', 'YYYY-MM-DD"T"HH24:MI:SS') || '-05:00","recibido_en":"'
        || to_char(s.local, 'YYYY-MM-DD"T"HH24:MI:SS') || '-05:00","remitente":' || to_json(o.remitente_nombre)
        || ',"reservada":' || o.reservada || ',"siga":"' || o.siga_entrada || '","temas":[' || to_json(t1.nombre)
        || coalesce(',' || to_json(t2.nombre), '') || '],"vence":"' || s.vence || '"}}}}' as datos
    from semilla s join solicitudes_solicitud o on o.id = {{solicitud}} + s.n
    join t_entidades e on e.ix = s.entidad_ix join t_plazos p on p.idx = s.idx and p.tarde = s.tarde
    join t_dependencias d1 on d1.id = s.dep1 left join t_dependencias d2 on d2.id = s.dep2
    join direcciones_tema t1 on t1.id = s.tema1 left join direcciones_tema t2 on t2.id = s.tema2
    join direcciones_modalidad m on m.id = s.modalidad_id
    where s.n between %(desde)s and %(hasta)s
) c order by c.solicitud_id
"""

ACTUACIONES = """
insert into solicitudes_actuacion (solicitud_id, parte_id, modalidad_id, estado, medio, lugar, asunto, programada_para,
    inicio, fin, participantes, productos, resultado, proveedor, contrato, motivo_cancelacion, registrada_por_id,
    registrada_en)
select l.solicitud_id, l.parte_id, l.modalidad_id, 'realizada',
    (array['presencial', 'telefonica', 'virtual'])[1 + s.n %% 3],
    (array['Sala de juntas, piso 3', '601 381 3000', 'https://reunion.example/sala'])[1 + s.n %% 3],
    'Sesión de asistencia técnica', s.prestada_en - interval '3 hours', s.prestada_en - interval '3 hours',
    s.prestada_en - interval '1 hour', '[]', '[]', 'Se acordaron los pasos y las fechas.', '', '', '', l.asesor_id,
    s.tomada_en + interval '2 hours'
from lote l join semilla s on s.n = l.n where l.orden = 0 and {hubo_sesion} order by l.n
"""

CONCEPTOS = """
insert into conceptos_concepto (id, solicitud_id, parte_id, entidad_id, dependencia_id, tema_id, autor_id, estado,
    numero, codigo, asunto, respuesta_corta, normas, audiencia, motivo_audiencia, siga_salida, creado_en,
    para_firma_en, firmado_en, notificado_en, motivo_anulacion, contenido, ruta_firmada, sha256_firmado, busqueda)
select {concepto_id} + s.n, l.solicitud_id, l.parte_id, s.entidad_id, l.dependencia_id, l.tema_id, l.asesor_id,
    c.estado, {numero}, {codigo}, {asunto}, x.contenido ->> 'respuesta_corta',
    array(select jsonb_array_elements_text(x.contenido -> 'normas')), case when c.enviado then c.audiencia else '' end,
    case when c.enviado and c.audiencia = 'reservado' then 'Contiene información de terceros' else '' end, '',
    c.creado_en, case when c.estado in ('para_firma', 'notificado') then s.tomada_en + interval '10 hours' end,
    case when c.enviado then s.tomada_en + interval '15 hours' end,
    case when c.enviado then s.tomada_en + interval '20 hours' end, '',
    case when c.enviado then x.contenido || jsonb_build_object('asunto', {asunto}) else '{{}}' end,
    case when c.enviado then 'semilla/conceptos/' || s.n else '' end, case when c.enviado then {huella} else '' end,
    case when c.enviado then setweight(to_tsvector('spanish', {asunto} || ' ' || {numero}), 'A')
        || setweight(to_tsvector('es_na', {asunto} || ' ' || {numero}), 'A') || x.busqueda end
from t_conceptos c join semilla s on s.n = c.n join lote l on l.n = s.n and l.orden = 0
join t_textos x on x.k = s.texto order by s.n
"""
NUMERO = "'C-' || c.anio || '-' || pg_temp.seis(c.numero)"
CODIGO = "case when c.numero is not null then upper(substr(md5('concepto ' || c.n), 1, 16)) end"
ASUNTO = "(case when s.rara then 'Microfilmación. ' else '' end || x.asunto)"
HUELLA_CONCEPTO = "encode(sha256(convert_to('concepto ' || s.n, 'UTF8')), 'hex')"

VERSIONES = """
insert into conceptos_version (id, concepto_id, numero, contenido, guardado, autor_id, guardada_en, congelada_en,
    sha256, ruta)
select {version} + s.n, {concepto_id} + s.n, 1, x.contenido || jsonb_build_object('asunto', {asunto}), 3, l.asesor_id,
    c.creado_en, case when c.numero is not null then c.congelado_en end,
    case when c.numero is not null then {huella} else '' end,
    case when c.numero is not null then 'semilla/versiones/' || s.n else '' end
from t_conceptos c join semilla s on s.n = c.n join lote l on l.n = s.n and l.orden = 0
join t_textos x on x.k = s.texto order by s.n
"""
REVISIONES = """
insert into conceptos_revision (concepto_id, version_id, autor_id, revisor_id, aprueba, observaciones, motivo,
    sha256, en)
select {concepto_id} + s.n, {version} + s.n, l.asesor_id, d.revisor_id, true, '{{}}', '', {huella},
    s.tomada_en + interval '10 hours'
from t_conceptos c join semilla s on s.n = c.n join lote l on l.n = s.n and l.orden = 0
join t_dependencias d on d.id = l.dependencia_id where c.estado in ('para_firma', 'notificado') order by s.n
"""
FIRMAS = """
insert into conceptos_firma (concepto_id, version_id, firmante_id, nombre, cargo, segundo_factor_en, sha256_revisado,
    en,
    sha256_firmado, ruta, anclas)
select {concepto_id} + s.n, {version} + s.n, d.jefe_id, d.jefe, d.cargo, s.tomada_en + interval '15 hours', {huella},
    s.tomada_en + interval '15 hours', {huella}, 'semilla/conceptos/' || s.n, ''
from t_conceptos c join semilla s on s.n = c.n join lote l on l.n = s.n and l.orden = 0
join t_dependencias d on d.id = l.dependencia_id where c.enviado order by s.n
"""
VERIFICACIONES = """
insert into conceptos_verificacion (codigo, numero, asunto, dependencia, firmante, cargo, firmado_en, sha256_revisado,
    sha256_firmado, sustituido_por, en_el_banco, anclas)
select {codigo}, {numero}, case when c.audiencia = 'reservado' then '' else {asunto} end, d.nombre, d.jefe, d.cargo,
    s.tomada_en + interval '15 hours', {huella}, {huella}, '', c.audiencia = 'publico', ''
from t_conceptos c join semilla s on s.n = c.n join lote l on l.n = s.n and l.orden = 0
join t_dependencias d on d.id = l.dependencia_id join t_textos x on x.k = s.texto where c.enviado order by s.n
"""
# The secret of a link needs the portal's key, which SQL has not: the links of these surveys open nothing.
ENCUESTAS = """
insert into encuestas_encuesta (solicitud_id, entidad_id, correo, nonce, token_sha256, creada_en, recordar_el, vence,
    respondida_en, cerrada_en, oportunidad, pertinencia, calidad, resolvio, aplicara, mejoraria)
select {solicitud} + s.n, s.entidad_id, e.correo, md5('encuesta ' || s.n),
    encode(sha256(convert_to('encuesta ' || s.n, 'UTF8')), 'hex'), s.prestada_en, r.dia, v.dia,
    case when s.respondio then s.fin_encuesta end, s.fin_encuesta,
    case when s.respondio and s.fin_encuesta is not null then 5 - floor(power(pg_temp.azar(s.n, 23), 2) * 5)::int end,
    case when s.respondio and s.fin_encuesta is not null then 5 - floor(power(pg_temp.azar(s.n, 24), 2) * 5)::int end,
    case when s.respondio and s.fin_encuesta is not null then 5 - floor(power(pg_temp.azar(s.n, 25), 2) * 5)::int end,
    case when s.respondio and s.fin_encuesta is not null
         then (array['si', 'si', 'si', 'en_parte', 'no'])[1 + s.n %% 5]
         else '' end,
    case when s.respondio and s.fin_encuesta is not null then (array['si', 'si', 'en_parte'])[1 + s.n %% 3]
         else '' end, ''
from semilla s join t_entidades e on e.ix = s.entidad_ix join t_dias r on r.idx = s.idx_fin + 5
join t_dias v on v.idx = s.idx_fin + 10
where s.n between %(desde)s and %(hasta)s and s.hecho = 'atendida' order by s.n
"""

POR_LOTE = (
    ("solicitudes", SOLICITUDES), ("partes", PARTES), ("terminos", TERMINOS), ("movimientos", MOVIMIENTOS),
    ("mensajes", MENSAJES), ("archivos", ARCHIVOS), ("constancias", CONSTANCIAS), ("actuaciones", ACTUACIONES),
    ("conceptos", CONCEPTOS),
    ("versiones", VERSIONES), ("revisiones", REVISIONES), ("firmas", FIRMAS), ("verificaciones", VERIFICACIONES),
    ("encuestas", ENCUESTAS),
)  # fmt: skip
INDICE = "solicitudes_indicebusqueda"  # written by a trigger, with its solicitud
TABLAS_SEMBRADAS = (
    "solicitudes_solicitud", "solicitudes_parte", "solicitudes_termino", "solicitudes_movimiento",
    "solicitudes_mensaje", "solicitudes_archivo", "solicitudes_constanciaradicacion", "solicitudes_actuacion",
    "solicitudes_contador",
    "conceptos_concepto", "conceptos_version", "conceptos_revision", "conceptos_firma", "conceptos_verificacion",
    "encuestas_encuesta", INDICE,
)  # fmt: skip
