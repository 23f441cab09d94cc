"""The first command of a fresh clone finds the tables and the catalogues, whichever it is."""

import sys
from collections.abc import Mapping

import psycopg2

from sdfi_portal.pila.hijos import correr
from sdfi_portal.pila.rutas import Rutas

# These make the tables, want the place empty or have no use for it.
SIN_TABLAS = frozenset(
    {
        "calcular_plazo", "check", "collectstatic", "comparar_pares", "diagrama_criterio", "diagrama_estados", "help",
        "makemigrations", "migrate", "provisionar", "restaurar", "showmigrations", "spectacular", "sqlmigrate",
    }
)  # fmt: skip


def llenar_la_vacia(rutas: Rutas, orden: str, entorno: Mapping[str, str]) -> None:
    """Make tables and catalogues when they are missing and the command `orden` needs them. Raises FallaDePila."""
    if orden in SIN_TABLAS or orden.startswith("-"):
        return
    with rutas.cerrojo("esquema"):  # whoever else is making them ends first
        if _hay_tablas(entorno["DATABASE_URL"]):
            return
        print("La base de datos está vacía: se preparan sus tablas y catálogos, una sola vez…", file=sys.stderr)
        correr("migrate", "--verbosity=0", entorno=entorno)
        correr("cargar_catalogos", entorno=entorno)


def _hay_tablas(dsn: str) -> bool:
    """`migrate` leaves the table of the cache when it has done all the rest."""
    conexion = psycopg2.connect(dsn)
    try:
        with conexion.cursor() as cursor:
            cursor.execute("select to_regclass('cache_portal') is not null")
            return bool(cursor.fetchone()[0])
    finally:
        conexion.close()
