"""What PostgreSQL's catalogue says of the third net (security.md T13). Every finding is a sentence."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from alcance.registro import Clase, tablas

_SIN_CANDADO = """
    select relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner), count(p.polname)
      from pg_class c left join pg_policy p on p.polrelid = c.oid
     where c.relname = any(%s) and c.relnamespace = 'public'::regnamespace
     group by c.oid, relname, relrowsecurity, relforcerowsecurity, relowner
"""
_POLITICAS_ABIERTAS = """
    select tablename, policyname from pg_policies
     where schemaname = 'public' and tablename = any(%s)
       and (btrim(coalesce(qual, ''), '() ') = 'true' or btrim(coalesce(with_check, ''), '() ') = 'true')
"""
_VISTAS = """
    select relname from pg_class
     where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace
       and not coalesce(reloptions::text like '%%security_invoker=true%%', false)
"""
_FUNCIONES = """
    select p.proname from pg_proc p join pg_roles r on r.oid = p.proowner
     where p.prosecdef and p.pronamespace = 'public'::regnamespace
       and (r.rolsuper or r.rolbypassrls
            or coalesce(array_to_string(p.proconfig, ','), '') not like '%%search_path=%%')
"""
_ROL = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
_DUENO = "select relname from pg_class where relowner = (select oid from pg_roles where rolname = current_user)"
_PRIVILEGIOS = """
    select distinct table_name, privilege_type from information_schema.role_table_grants
     where table_schema = 'public' and grantee in (current_user, 'PUBLIC')
       and privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')
"""


def tablas_inquilino() -> list[str]:
    return tablas(Clase.INQUILINO)


def tablas_con_candado() -> list[str]:
    """Tenant tables with row-level security enabled and forced."""
    return sorted(
        nombre for nombre, activa, forzada, *_ in _filas(_SIN_CANDADO, [tablas_inquilino()]) if activa and forzada
    )


def hallazgos() -> Iterator[str]:
    """Everything in the catalogue that contradicts what we promise. Nothing, when all is well."""
    for nombre, activa, forzada, dueno, politicas in _filas(_SIN_CANDADO, [tablas_inquilino()]):
        if not (activa and forzada):
            yield f"La tabla {nombre} no tiene seguridad por filas forzada."
        if not politicas:
            yield f"La tabla {nombre} no tiene política."
        if dueno != "sdfi_owner":
            yield f"La tabla {nombre} es de {dueno}, no de sdfi_owner."
    for tabla, politica in _filas(_POLITICAS_ABIERTAS, [tablas_inquilino()]):
        yield f"La política {politica} de {tabla} deja pasar todo."
    for (vista,) in _filas(_VISTAS):
        yield f"La vista {vista} no es security_invoker."
    for (funcion,) in _filas(_FUNCIONES):
        yield f"La función {funcion} es SECURITY DEFINER sin search_path propio o de un rol que salta las políticas."
    yield from _del_rol()


def _del_rol() -> Iterator[str]:
    if _filas(_ROL) != [(False,)]:
        yield "El rol de la web salta la seguridad por filas."
    for (nombre,) in _filas(_DUENO):
        yield f"El rol de la web es dueño de {nombre}."
    for tabla, privilegio in _filas(_PRIVILEGIOS):
        yield f"El rol de la web tiene {privilegio} sobre {tabla}."


def _filas(sql: str, valores: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, valores)
        return list(cursor.fetchall())
