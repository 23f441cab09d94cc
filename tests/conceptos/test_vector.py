"""Where the vector of the bank is kept (docs/rendimiento.md, `buscar`)."""

from importlib import import_module
from types import SimpleNamespace

import psycopg2
from django.db import connection

from tests.conceptos.conftest import Mesa
from tests.soporte.elenco import crear_elenco
from tests.soporte.settings import RUTAS

LARGO = """
update conceptos_concepto
set busqueda = (select array_to_tsvector(array_agg(md5(g::text))) from generate_series(1, 90) g)
"""


def test_el_vector_va_en_su_fila_y_lo_de_antes_vuelve_a_ella(base_propia) -> None:
    """A long one as PostgreSQL keeps it by itself, out of the row; the migration brings it, and says the same."""
    Mesa(crear_elenco()).entregado()
    llenar = import_module("conceptos.migrations.0006_vector_en_su_fila").llenar
    administra = psycopg2.connect(f"host='{RUTAS.sockets}' user=postgres dbname={base_propia}")
    administra.autocommit = True
    try:
        cursor = administra.cursor()

        def fuera() -> tuple[bool, str]:
            cursor.execute("select pg_column_toast_chunk_id(busqueda) > 0, busqueda::text from conceptos_concepto")
            hay, texto = cursor.fetchone()
            return bool(hay), texto

        cursor.execute("alter table conceptos_concepto alter column busqueda set storage extended")
        cursor.execute(LARGO)
        antes = fuera()
        cursor.execute("alter table conceptos_concepto alter column busqueda set storage main")
        llenar(None, SimpleNamespace(connection=connection))
        assert antes[0]
        assert fuera() == (False, antes[1])
        cursor.execute(LARGO)
        assert fuera() == (False, antes[1])
    finally:
        administra.close()
