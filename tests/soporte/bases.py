"""Databases for tests: one template migrated once per state of the migrations, cloned in a tenth of a second."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql

from sdfi_portal.pila.postgres import Postgres
from sdfi_portal.pila.provision import crear_base, provisionar
from tests.soporte.settings import RAIZ_PROYECTO, RUTAS

ALIAS = ("default", "migrador")
# Besides the migrations themselves, what decides the result of migrating.
OTRAS_FUENTES = (
    "sdfi_portal/pila/provision.py",
    "sdfi_portal/management/commands/migrate.py",
    "alcance/migraciones.py",
    "datos",
)


def huella() -> str:
    """Digest of everything that makes the template. A changed migration makes a new one."""
    carpetas = [Path(app.path) / "migrations" for app in apps.get_app_configs()]
    archivos = [archivo for carpeta in carpetas for archivo in sorted(carpeta.glob("*.py"))]
    for nombre in OTRAS_FUENTES:
        ruta = RAIZ_PROYECTO / nombre
        archivos += sorted(uno for uno in ruta.iterdir() if uno.is_file()) if ruta.is_dir() else [ruta]
    suma = hashlib.sha256()
    for archivo in archivos:
        suma.update(archivo.name.encode() + b"\0" + archivo.read_bytes())
    return suma.hexdigest()[:16]


class Fabrica:
    """Makes, clones and drops databases as the cluster's administrator, outside Django's connections."""

    def __init__(self, postgres: Postgres) -> None:
        self.postgres = postgres

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        conexion = psycopg2.connect(self.postgres.dsn())
        conexion.autocommit = True
        try:
            yield conexion.cursor()
        finally:
            conexion.close()

    def existe(self, base: str) -> bool:
        with self._cursor() as cursor:
            cursor.execute("select 1 from pg_database where datname = %s", [base])
            return cursor.fetchone() is not None

    def plantilla(self) -> str:
        """Name of the current template, built on first use. Older ones are dropped."""
        nombre = f"plantilla_{huella()}"
        with RUTAS.cerrojo("plantilla"):
            if not self.existe(nombre):
                self._construir(nombre)
        return nombre

    def _construir(self, nombre: str) -> None:
        self._borrar_viejas()
        nueva = f"{nombre}_nueva"
        self.borrar(nueva)
        provisionar(self.postgres.dsn(), nueva)
        with usando(nueva):
            call_command("migrate", verbosity=0)
        with self._cursor() as cursor:
            cursor.execute(sql.SQL("alter database {} rename to {}").format(*map(sql.Identifier, (nueva, nombre))))

    def _borrar_viejas(self) -> None:
        with self._cursor() as cursor:
            cursor.execute("select datname from pg_database where datname like 'plantilla\\_%'")
            viejas = [nombre for (nombre,) in cursor.fetchall()]
        for nombre in viejas:
            self.borrar(nombre)

    def clonar(self, plantilla: str, sufijo: str) -> str:
        """A fresh copy. Its name carries our pid: what a killed run leaves is dropped by a later one."""
        nombre = f"pruebas_{os.getpid()}_{sufijo}"
        with RUTAS.cerrojo("plantilla"), self._cursor() as cursor:
            crear_base(cursor, nombre, plantilla)
        return nombre

    def borrar(self, base: str) -> None:
        with self._cursor() as cursor:
            cursor.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(base)))

    def borrar_huerfanas(self) -> None:
        with self._cursor() as cursor:
            cursor.execute("select datname from pg_database where datname like 'pruebas\\_%'")
            nombres = [nombre for (nombre,) in cursor.fetchall()]
        for nombre in nombres:
            dueno = re.match(r"pruebas_(\d+)_", nombre)
            if dueno and not psutil.pid_exists(int(dueno[1])):
                self.borrar(nombre)


@contextmanager
def usando(base: str) -> Iterator[str]:
    """Every Django connection of this thread goes to `base` inside, and back to where it was afterwards."""
    anteriores = {alias: connections[alias].settings_dict["NAME"] for alias in ALIAS}
    try:
        _conectar_a(dict.fromkeys(ALIAS, base))
        yield base
    finally:
        _conectar_a(anteriores)


def _conectar_a(bases: dict[str, str]) -> None:
    for alias, base in bases.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = base
        connections.settings[alias]["NAME"] = base  # threads the test opens build their own connection from it


def exigir_rol_web() -> None:
    """The tests prove nothing unless they run as the role the web runs as (security.md §4.2)."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "select r.rolname, r.rolsuper, r.rolbypassrls, pg_has_role(r.oid, 'sdfi_owner', 'member')"
            " from pg_roles r where r.rolname = current_user"
        )
        assert cursor.fetchone() == ("sdfi_web", False, False, False), "las pruebas deben correr como sdfi_web"
