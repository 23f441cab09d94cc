"""Roles, database, extensions and default privileges. Safe to repeat: it runs at every start (security.md §4.2, §4.7).

sdfi_owner     owns the tables; nobody logs in as it
sdfi_sistema   bypasses row-level security; data migrations only; nobody logs in as it
sdfi_migrador  logs in to migrate; a member of both, inherits neither
sdfi_web       logs in for web and tasks; reads and writes rows, changes no schema, row-level security applies
sdfi_respaldo  logs in to back up; reads everything, writes nothing
"""

import logging
from collections.abc import Mapping
from typing import Any

import psycopg2
from psycopg2 import sql

bitacora = logging.getLogger(__name__)
EXTENSIONES = ("unaccent", "pg_trgm", "btree_gin", "citext")
COMUN = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
ROLES = {
    "sdfi_owner": f"NOLOGIN NOBYPASSRLS {COMUN}",
    "sdfi_sistema": f"NOLOGIN BYPASSRLS {COMUN}",
    "sdfi_migrador": f"LOGIN NOBYPASSRLS NOINHERIT {COMUN}",
    "sdfi_web": f"LOGIN NOBYPASSRLS {COMUN}",
    "sdfi_respaldo": f"LOGIN BYPASSRLS {COMUN}",
}
# Privileges on whatever sdfi_owner creates from now on. Migrations revoke what must not be (SinBorrado, SoloAnexar).
PRIVILEGIOS = """
    alter default privileges for role sdfi_owner in schema public
        grant select, insert, update, delete on tables to sdfi_web, sdfi_sistema;
    alter default privileges for role sdfi_owner in schema public grant usage on sequences to sdfi_web;
    alter default privileges for role sdfi_owner in schema public
        grant usage, select, update on sequences to sdfi_sistema;
    alter default privileges for role sdfi_owner in schema public grant select on tables to sdfi_respaldo;
    alter default privileges for role sdfi_owner in schema public grant select on sequences to sdfi_respaldo;
    revoke create on schema public from public;
    grant usage, create on schema public to sdfi_owner;
    grant usage on schema public to sdfi_web, sdfi_sistema, sdfi_respaldo, sdfi_migrador;
"""
# `tsvector @@ tsquery` both ways round. They answer yes or no and complain of nothing that they read.
SIN_FUGAS = (
    "alter function pg_catalog.ts_match_vq(tsvector, tsquery) leakproof",
    "alter function pg_catalog.ts_match_qv(tsquery, tsvector) leakproof",
)


def provisionar(dsn: Mapping[str, Any] | str, base: str, claves: Mapping[str, str] | None = None) -> None:
    """Leave the server at `dsn` (an administrator's connection) ready for `migrate` on `base`.

    `claves` gives the password of each role that logs in by network; a role without one keeps what it has.
    """
    with _conectar(dsn) as cursor:
        _crear_roles(cursor, claves or {})
        _crear_extensiones(cursor)
        crear_base(cursor, base)
    with _conectar(dsn, base) as cursor:
        _crear_extensiones(cursor)
        cursor.execute(PRIVILEGIOS)
        _permitir_indices_de_texto(cursor)


class _conectar:
    """An autocommitting cursor that closes its connection (CREATE DATABASE refuses a transaction)."""

    def __init__(self, dsn: Mapping[str, Any] | str, base: str = "template1") -> None:
        self.dsn: dict[str, Any] = {"dsn": dsn} if isinstance(dsn, str) else dict(dsn)
        self.base = base

    def __enter__(self) -> Any:
        self.conexion = psycopg2.connect(**self.dsn | {"dbname": self.base})
        self.conexion.autocommit = True
        return self.conexion.cursor()

    def __exit__(self, *_: object) -> None:
        self.conexion.close()


def _crear_roles(cursor: Any, claves: Mapping[str, str]) -> None:
    for rol, atributos in ROLES.items():
        cursor.execute("select 1 from pg_roles where rolname = %s", [rol])
        verbo = "alter" if cursor.fetchone() else "create"
        cursor.execute(sql.SQL(f"{verbo} role {{}} {atributos}").format(sql.Identifier(rol)))
        if claves.get(rol):
            cursor.execute(sql.SQL("alter role {} password %s").format(sql.Identifier(rol)), [claves[rol]])
    cursor.execute("grant sdfi_owner, sdfi_sistema to sdfi_migrador")
    cursor.execute("alter role sdfi_respaldo set default_transaction_read_only = on")


def _crear_extensiones(cursor: Any) -> None:
    cursor.execute("select name from pg_available_extensions where name = any(%s)", [list(EXTENSIONES)])
    for (extension,) in cursor.fetchall():
        cursor.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))


def _permitir_indices_de_texto(cursor: Any) -> None:
    """Let a full text search use its index under row-level security; only a superuser may (docs/decisiones/0016)."""
    cursor.execute("select rolsuper from pg_roles where rolname = current_user")
    if not cursor.fetchone()[0]:
        bitacora.warning(
            "El administrador de la base no es superusuario: la búsqueda de texto funciona, pero sin su índice. "
            "Para que lo use, ejecute como superusuario en esa base: %s",
            "; ".join(SIN_FUGAS),
        )
        return
    for orden in SIN_FUGAS:
        cursor.execute(orden)


def crear_base(cursor: Any, base: str, plantilla: str = "template1") -> None:
    """Create the database unless it exists, for sdfi_owner, closed to everybody else."""
    nombre = sql.Identifier(base)
    cursor.execute("select 1 from pg_database where datname = %s", [base])
    if not cursor.fetchone():
        cursor.execute("grant sdfi_owner to current_user")
        cursor.execute(
            sql.SQL("create database {} owner sdfi_owner template {}").format(nombre, sql.Identifier(plantilla))
        )
    cursor.execute(sql.SQL("revoke all on database {} from public").format(nombre))
    cursor.execute(
        sql.SQL("grant connect on database {} to sdfi_web, sdfi_migrador, sdfi_sistema, sdfi_respaldo").format(nombre)
    )
