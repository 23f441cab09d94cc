"""T12, T13: the catalogue of PostgreSQL says of every tenant table what we promise of it."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection

from alcance.registro import Clase, clase_de, tablas

pytestmark = pytest.mark.django_db
INQUILINAS = tablas(Clase.INQUILINO)


def filas(sql: str, *valores: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, valores)
        return cursor.fetchall()


def test_every_table_of_the_database_is_classified() -> None:
    en_la_base = {
        tabla
        for (tabla,) in filas(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
        )
    }
    clasificadas = {tabla for clase in Clase for tabla in tablas(clase)}
    assert en_la_base - clasificadas == set()


@pytest.mark.parametrize("tabla", INQUILINAS)
def test_tenant_tables_force_row_security(tabla: str) -> None:
    [(activa, forzada, duenio)] = filas(
        "select relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) from pg_class where oid = %s::regclass",
        tabla,
    )
    assert (activa, forzada, duenio) == (True, True, "sdfi_owner")


@pytest.mark.parametrize("tabla", INQUILINAS)
def test_tenant_policies_guard_reading_and_writing(tabla: str) -> None:
    politicas = filas("select cmd, qual, with_check from pg_policies where tablename = %s", tabla)
    assert politicas
    for orden, usando, con in politicas:
        assert (usando or con) and "app.nivel" in (usando or con)
        assert (usando or "").strip("() ") != "true" and (con or "").strip("() ") != "true"
        if orden == "ALL":
            assert usando and con


@pytest.mark.parametrize("tabla", INQUILINAS)
def test_without_an_alcance_there_is_nothing(tabla: str) -> None:
    assert filas(f"select count(*) from {tabla}") == [(0,)]


def test_the_web_role_owns_nothing_and_bypasses_nothing() -> None:
    [(rol, super_, salta)] = filas("select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
    assert (rol, super_, salta) == ("sdfi_web", False, False)
    assert filas("select relname from pg_class where pg_get_userbyid(relowner) = 'sdfi_web'") == []
    assert (
        filas(
            """select table_name, privilege_type from information_schema.role_table_grants
           where grantee in ('sdfi_web', 'PUBLIC') and table_schema = 'public'
           and privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')"""
        )
        == []
    )


def test_no_view_or_function_bypasses_the_policies() -> None:
    sin_invocador = filas(
        """select relname from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace
           and not coalesce(reloptions::text like '%%security_invoker=true%%', false)"""
    )
    assert sin_invocador == []
    definidas = filas(
        """select p.proname, p.proconfig from pg_proc p where p.prosecdef
           and p.pronamespace = 'public'::regnamespace"""
    )
    # A definer function is allowed only with a search_path of its own.
    assert [nombre for nombre, ajustes in definidas if "search_path" not in str(ajustes)] == []


def _hijas_de_la_solicitud() -> Iterator[str]:
    for modelo in apps.get_models():
        if clase_de(modelo) is Clase.INQUILINO and any(c.name == "solicitud" for c in modelo._meta.concrete_fields):
            yield modelo._meta.db_table


@pytest.mark.parametrize("tabla", sorted(_hijas_de_la_solicitud()))
def test_facts_of_a_solicitud_cannot_be_deleted(tabla: str) -> None:
    """R19: the delete action does not exist for any role."""
    assert filas("select has_table_privilege('sdfi_web', %s, 'DELETE')", tabla) == [(False,)]
