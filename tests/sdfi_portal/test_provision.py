"""Roles and privileges of the database (security.md §4.2, §4.7): twice the same, and what each may not do."""

import psycopg2
import pytest
from django.core.management import call_command

from sdfi_portal.pila.provision import ROLES, provisionar
from tests.soporte.settings import RUTAS


def entrar(base: str, rol: str):
    conexion = psycopg2.connect(f"host='{RUTAS.sockets}' user={rol} dbname={base}")
    conexion.autocommit = True
    return conexion


@pytest.fixture
def administrador(base_propia):
    conexion = entrar(base_propia, "postgres")
    yield conexion.cursor()
    conexion.close()


def test_repetirla_no_cambia_nada(base_propia, administrador):
    consulta = "select oid, rolname, rolsuper, rolbypassrls, rolcanlogin, rolinherit from pg_roles order by 2"
    administrador.execute(consulta)
    antes = administrador.fetchall()
    provisionar(f"host='{RUTAS.sockets}' user=postgres", base_propia)
    administrador.execute(consulta)
    assert administrador.fetchall() == antes


def test_corrige_un_rol_con_privilegios_de_mas(base_propia, administrador):
    administrador.execute("alter role sdfi_web bypassrls createdb")
    provisionar(f"host='{RUTAS.sockets}' user=postgres", base_propia)
    administrador.execute("select rolbypassrls, rolcreatedb from pg_roles where rolname = 'sdfi_web'")
    assert administrador.fetchone() == (False, False)


def test_atributos_de_cada_rol(administrador):
    administrador.execute(
        "select rolname, rolcanlogin, rolbypassrls, rolsuper or rolcreaterole or rolcreatedb or rolreplication"
        " from pg_roles where rolname = any(%s) order by 1",
        [list(ROLES)],
    )
    assert administrador.fetchall() == [
        ("sdfi_migrador", True, False, False),
        ("sdfi_owner", False, False, False),
        ("sdfi_respaldo", True, True, False),
        ("sdfi_sistema", False, True, False),
        ("sdfi_web", True, False, False),
    ]


def test_solo_el_migrador_puede_ser_dueno_o_sistema(administrador):
    administrador.execute(
        "select roleid::regrole::text, member::regrole::text from pg_auth_members where roleid >= 16384"
    )
    suyos = {(rol, quien) for rol, quien in administrador.fetchall() if rol.startswith("sdfi") and quien != "postgres"}
    assert suyos == {("sdfi_owner", "sdfi_migrador"), ("sdfi_sistema", "sdfi_migrador")}


@pytest.mark.parametrize(
    ("rol", "orden"),
    [
        ("sdfi_web", "create table x (i int)"),
        ("sdfi_web", "create temp table x (i int)"),
        ("sdfi_web", "truncate django_content_type"),
        ("sdfi_web", "create rule r as on delete to django_content_type do instead nothing"),
        ("sdfi_web", "set role sdfi_sistema"),
        ("sdfi_respaldo", "insert into django_migrations (app, name, applied) values ('a', 'b', now())"),
        ("sdfi_respaldo", "delete from django_content_type"),
        ("sdfi_migrador", "drop table django_content_type"),
        ("sdfi_migrador", "select count(*) from django_content_type"),
    ],
)  # fmt: skip
def test_lo_que_un_rol_no_puede(base_propia, rol, orden):
    conexion = entrar(base_propia, rol)
    with pytest.raises((psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ReadOnlySqlTransaction)):
        conexion.cursor().execute(orden)
    conexion.close()


def test_las_tablas_nuevas_nacen_con_lo_justo(base_propia):
    migrador = entrar(base_propia, "sdfi_migrador")
    cursor = migrador.cursor()
    cursor.execute("set role sdfi_owner; create table nueva (id bigserial primary key)")
    cursor.execute(
        "select grantee::regrole::text, string_agg(privilege_type, ' ' order by privilege_type) from pg_class,"
        " aclexplode(relacl) where relname = 'nueva' and grantee <> relowner group by 1 order by 1"
    )
    dml = "DELETE INSERT SELECT UPDATE"
    assert cursor.fetchall() == [("sdfi_respaldo", "SELECT"), ("sdfi_sistema", dml), ("sdfi_web", dml)]
    migrador.close()


def test_provisionar_un_servidor_externo_pone_las_claves(base_propia, administrador, monkeypatch):
    """`manage.py provisionar`: each password is that of the address the portal will use, stored as SCRAM."""
    direccion = "postgresql://{}:{}@/" + base_propia + f"?host={RUTAS.sockets}"
    monkeypatch.setenv("DATABASE_URL_ADMIN", direccion.format("postgres", "x"))
    monkeypatch.setenv("DATABASE_URL", direccion.format("sdfi_web", "una%20clave"))
    monkeypatch.setenv("DATABASE_URL_MIGRADOR", direccion.format("sdfi_migrador", "otra"))
    call_command("provisionar")
    administrador.execute(
        "select rolname, left(rolpassword, 13) from pg_authid where rolpassword is not null order by 1"
    )
    assert administrador.fetchall() == [("sdfi_migrador", "SCRAM-SHA-256"), ("sdfi_web", "SCRAM-SHA-256")]
    administrador.execute("alter role sdfi_web password null; alter role sdfi_migrador password null")
