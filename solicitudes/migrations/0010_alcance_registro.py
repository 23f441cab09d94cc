"""Third net of the search index and of the saved views, and the triggers that keep the copies.

The index row is written with its solicitud, whoever writes it and by whatever way (docs/decisiones/0016). Its policy
is that of the solicitud, over copies of the same columns: a search reads thousands of rows and joins none of them.
"""

from importlib import import_module

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado, condicion

# One sentence for both tables: a solicitud and its entry are never seen by different people.
_ANTES = import_module("solicitudes.migrations.0002_alcance")
SOLICITUD_VER = _ANTES.SOLICITUD_VER
# The parte's own policy, word for word but for `offset 0`: without it the planner may read every solicitud into a
# hash to answer for the few partes that are reserved.
POR_SOLICITUD = "exists (select 1 from solicitudes_solicitud s where s.id = solicitud_id offset 0)"
PARTE_VER = _ANTES.PARTE_VER.replace(_ANTES.POR_SOLICITUD, POR_SOLICITUD)
PARTE_ESCRIBIR = _ANTES.PARTE_ESCRIBIR.replace(_ANTES.POR_SOLICITUD, POR_SOLICITUD)
VISTA_VER = "persona_id = {persona} or dependencia_id = any({dependencias}::bigint[])"

# Without accents for whoever types without (stack.md §3). Conceptos makes it too: whichever comes first.
CONFIGURACION = """
do $$ begin
    if not exists (select 1 from pg_ts_config where cfgname = 'es_na') then
        create text search configuration public.es_na (copy = pg_catalog.spanish);
        alter text search configuration public.es_na
            alter mapping for hword, hword_part, word with unaccent, spanish_stem;
    end if;
end $$;
"""

# Whole numbers are lexemes of their own: the parser would cut «1-2026-12345» into pieces. The radicado whole is not
# here (its column is unique): only its consecutive number, without zeros.
VECTOR = """
create function solicitudes_vector(s solicitudes_solicitud, e direcciones_entidad) returns tsvector
language sql stable parallel safe as $$
    select to_tsvector('pg_catalog.spanish', t) || to_tsvector('public.es_na', t) || array_to_tsvector(claves)
    from (select
        concat_ws(E'\\n', s.asunto, s.necesidad, array_to_string(s.preguntas, E'\\n'), s.antecedentes,
                  e.nombre, e.sigla) as t,
        array_remove(array[
            ltrim(substring(s.radicado from '[0-9]+$'), '0'),
            lower(s.siga_entrada), lower(s.siga_salida), lower(e.sigla)
        ], '') as claves
    ) x
$$;
"""

# As the system, like whoever files or moves: the writer may not reach the row (a reserved one, a renamed entidad).
COMO_SISTEMA = """
create function {nombre}() returns trigger language plpgsql as $$
declare antes text := coalesce(current_setting('app.nivel', true), '');
begin
    perform set_config('app.nivel', 'sistema', true);
    {hacer}
    perform set_config('app.nivel', antes, true);
    return null;
end $$;
"""
INSERTAR = """
insert into solicitudes_indicebusqueda (solicitud_id, entidad_id, recibido_en, dependencias, responsables,
                                        radicada_por_id, registrada_por_id, reservada, texto)
select s.id, s.entidad_id, s.recibido_en, s.dependencias, s.responsables, s.radicada_por_id, s.registrada_por_id,
       s.reservada, solicitudes_vector(s, e)
"""
FUNCIONES = {
    "solicitudes_indice_insertar": f"""{INSERTAR}
        from solicitudes_solicitud s join direcciones_entidad e on e.id = s.entidad_id
        where s.id in (select id from nuevas);""",
    "solicitudes_indice_copiar": """
        update solicitudes_indicebusqueda set entidad_id = new.entidad_id, recibido_en = new.recibido_en,
            dependencias = new.dependencias, responsables = new.responsables, reservada = new.reservada,
            radicada_por_id = new.radicada_por_id, registrada_por_id = new.registrada_por_id
        where solicitud_id = new.id;""",
    "solicitudes_indice_texto": """
        update solicitudes_indicebusqueda i set texto = solicitudes_vector(new, e)
        from direcciones_entidad e where i.solicitud_id = new.id and e.id = new.entidad_id;""",
    "solicitudes_indice_entidad": """
        update solicitudes_indicebusqueda i set texto = solicitudes_vector(s, new)
        from solicitudes_solicitud s where s.entidad_id = new.id and i.solicitud_id = s.id;""",
    "solicitudes_parte_sesion": """
        update solicitudes_parte p set medio = u.medio, productos = u.productos
        from (
            select n.parte_id, coalesce(a.medio, '') as medio,
                   array(select jsonb_array_elements_text(a.productos)) as productos
            from (select distinct parte_id from nuevas) n
            left join lateral (
                select x.medio, x.productos from solicitudes_actuacion x
                where x.parte_id = n.parte_id and x.estado <> 'cancelada' order by x.id desc limit 1
            ) a on true
        ) u
        where p.id = u.parte_id and (p.medio, p.productos) is distinct from (u.medio, u.productos);""",
}
COPIADAS = [
    "entidad_id", "recibido_en", "dependencias", "responsables", "reservada", "radicada_por_id", "registrada_por_id",
]  # fmt: skip
DEL_TEXTO = [
    "radicado", "asunto", "necesidad", "antecedentes", "preguntas", "entidad_id", "siga_entrada", "siga_salida",
]  # fmt: skip


def _cambian(columnas: list[str]) -> str:
    viejas, nuevas = (", ".join(f"{cual}.{columna}" for columna in columnas) for cual in ("old", "new"))
    return f"({viejas}) is distinct from ({nuevas})"


DISPARADORES = f"""
create trigger indice_insertar after insert on solicitudes_solicitud referencing new table as nuevas
    for each statement execute function solicitudes_indice_insertar();
create trigger indice_copiar after update on solicitudes_solicitud
    for each row when ({_cambian(COPIADAS)}) execute function solicitudes_indice_copiar();
create trigger indice_texto after update on solicitudes_solicitud
    for each row when ({_cambian(DEL_TEXTO)}) execute function solicitudes_indice_texto();
create trigger indice_entidad after update on direcciones_entidad
    for each row when ({_cambian(["nombre", "sigla"])}) execute function solicitudes_indice_entidad();
create trigger parte_sesion_nueva after insert on solicitudes_actuacion referencing new table as nuevas
    for each statement execute function solicitudes_parte_sesion();
create trigger parte_sesion_cambiada after update on solicitudes_actuacion referencing new table as nuevas
    for each statement execute function solicitudes_parte_sesion();
"""
QUITAR_DISPARADORES = """
drop trigger indice_insertar on solicitudes_solicitud;
drop trigger indice_copiar on solicitudes_solicitud;
drop trigger indice_texto on solicitudes_solicitud;
drop trigger indice_entidad on direcciones_entidad;
drop trigger parte_sesion_nueva on solicitudes_actuacion;
drop trigger parte_sesion_cambiada on solicitudes_actuacion;
"""
# Room for the copies that change with every move: no index has them, so the row is rewritten in its page (HOT).
HOLGURA = "alter table solicitudes_indicebusqueda set (fillfactor = 80);"
# Who shares a view lets others read it, not change it nor take it away.
VISTA_SOLO_SUYA = """
create policy solicitudes_vista_cambiar on solicitudes_vista as restrictive for update using {suya};
create policy solicitudes_vista_borrar on solicitudes_vista as restrictive for delete using {suya};
""".format(suya=condicion("persona_id = {persona}"))
QUITAR_VISTA_SOLO_SUYA = """
drop policy solicitudes_vista_cambiar on solicitudes_vista;
drop policy solicitudes_vista_borrar on solicitudes_vista;
"""


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0009_registro"), ("direcciones", "0002_alcance")]
    operations = [
        migrations.RunSQL(CONFIGURACION, migrations.RunSQL.noop),
        migrations.RunSQL(HOLGURA, migrations.RunSQL.noop),
        ActivarRLS("solicitudes_parte", PARTE_VER, PARTE_ESCRIBIR),
        # Nobody but the triggers writes it.
        ActivarRLS("solicitudes_indicebusqueda", SOLICITUD_VER, "false"),
        SinBorrado("solicitudes_indicebusqueda"),
        ActivarRLS("solicitudes_vista", VISTA_VER, "persona_id = {persona}"),
        migrations.RunSQL(VISTA_SOLO_SUYA, QUITAR_VISTA_SOLO_SUYA),
        migrations.RunSQL(VECTOR, "drop function solicitudes_vector;"),
        *(
            migrations.RunSQL(COMO_SISTEMA.format(nombre=nombre, hacer=hacer), f"drop function {nombre};")
            for nombre, hacer in FUNCIONES.items()
        ),
        migrations.RunSQL(DISPARADORES, QUITAR_DISPARADORES),
    ]
