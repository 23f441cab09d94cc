"""A portrait of a database: what it holds and who may do what in it. Two equal portraits are two equal databases.

Backups carry one, and a restore is good only when the restored database gives the same (F15).
"""

import re
from typing import Any

from psycopg2 import sql

SIN_FORMA = re.compile(r"::(text|character varying)(\[\])?|[()\s]")
Retrato = dict[str, list[list[Any]]]

# Each query gives rows of plain values, sorted, without identifiers that change from one cluster to another.
CATALOGO = {
    "tablas": """
        select c.relname, pg_get_userbyid(c.relowner), c.relkind::text, c.relrowsecurity, c.relforcerowsecurity
        from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
          and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
        order by 1""",
    "columnas": """
        select table_name, rank() over (partition by table_name order by ordinal_position), column_name, udt_name,
               is_nullable, column_default, is_generated, identity_generation
        from information_schema.columns where table_schema = 'public'
          and table_name not in (select c.relname from pg_class c join pg_depend d on d.objid = c.oid
                                 where d.deptype = 'e')
        order by 1, 2""",
    "politicas": """
        select tablename, policyname, permissive, array_to_string(roles, ','), cmd, qual, with_check
        from pg_policies where schemaname = 'public' order by 1, 2""",
    "restricciones": """
        select conrelid::regclass::text, conname, convalidated, pg_get_constraintdef(oid)
        from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2""",
    "indices": "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public' order by 1, 2",
    "disparadores": """
        select tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid)
        from pg_trigger where not tgisinternal order by 1, 2""",
    "funciones": """
        select p.oid::regprocedure::text, pg_get_userbyid(p.proowner), p.prosecdef, md5(p.prosrc)
        from pg_proc p where p.pronamespace = 'public'::regnamespace
          and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
        order by 1""",
    "permisos": """
        select c.relname, coalesce(nullif(g.grantee, 0)::regrole::text, 'public'), g.privilege_type, g.is_grantable
        from pg_class c, aclexplode(c.relacl) g where c.relnamespace = 'public'::regnamespace order by 1, 2, 3""",
    "permisos_de_columna": """
        select a.attrelid::regclass::text, a.attname, g.grantee::regrole::text, g.privilege_type
        from pg_attribute a join pg_class c on c.oid = a.attrelid, aclexplode(a.attacl) g
        where c.relnamespace = 'public'::regnamespace order by 1, 2, 3, 4""",
    "permisos_de_funcion": """
        select p.oid::regprocedure::text, coalesce(nullif(g.grantee, 0)::regrole::text, 'public'), g.privilege_type
        from pg_proc p, aclexplode(p.proacl) g where p.pronamespace = 'public'::regnamespace order by 1, 2, 3""",
    "permisos_futuros": """
        select pg_get_userbyid(d.defaclrole), d.defaclobjtype::text, g.grantee::regrole::text, g.privilege_type
        from pg_default_acl d, aclexplode(d.defaclacl) g order by 1, 2, 3, 4""",
    "permisos_de_esquema": """
        select n.nspname, coalesce(nullif(g.grantee, 0)::regrole::text, 'public'), g.privilege_type
        from pg_namespace n, aclexplode(n.nspacl) g where n.nspname = 'public' order by 1, 2, 3""",
    "extensiones": "select extname, extversion from pg_extension order by 1",
}


def retratar(cursor: Any) -> Retrato:
    """The portrait of the database this cursor is connected to, inside its transaction."""
    cursor.execute("set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local bytea_output = 'hex'")
    retrato = {}
    for nombre, consulta in CATALOGO.items():
        cursor.execute(consulta)
        retrato[nombre] = [[_sin_forma(valor) for valor in fila] for fila in cursor.fetchall()]
    retrato["filas"] = [_filas(cursor, tabla[0]) for tabla in retrato["tablas"] if tabla[2] == "r"]
    retrato["secuencias"] = _secuencias(cursor)
    return retrato


def _sin_forma(valor: Any) -> Any:
    """An expression without its casts and brackets: the server writes `in (…)` in another way once it is restored."""
    return SIN_FORMA.sub("", valor) if isinstance(valor, str) else valor


def _filas(cursor: Any, tabla: str) -> list[Any]:
    """Count and digest of the rows, whatever their order on disk."""
    orden = "select count(*), md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) from {} t"
    cursor.execute(sql.SQL(orden).format(sql.Identifier(tabla)))
    return [tabla, *cursor.fetchone()]


def _secuencias(cursor: Any) -> list[list[Any]]:
    cursor.execute("select sequencename from pg_sequences where schemaname = 'public' order by 1")
    estados = []
    for (secuencia,) in cursor.fetchall():
        cursor.execute(sql.SQL("select last_value, is_called from {}").format(sql.Identifier(secuencia)))
        estados.append([secuencia, *cursor.fetchone()])
    return estados


def diferencias(antes: Retrato, despues: Retrato) -> list[str]:
    """What differs, one line per row of the portrait, for a person to read."""
    lineas = []
    for parte in sorted({*antes, *despues}):
        viejas, nuevas = (sorted(map(repr, retrato.get(parte, []))) for retrato in (antes, despues))
        lineas += [f"{parte}: falta {fila}" for fila in viejas if fila not in nuevas]
        lineas += [f"{parte}: sobra {fila}" for fila in nuevas if fila not in viejas]
    return lineas
