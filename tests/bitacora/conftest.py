"""Who can do anything to the database."""

import psycopg2
import pytest


@pytest.fixture
def superusuario(base_propia: str, fabrica):
    """A connection as the cluster's administrator, with every trigger off: who can do anything."""
    conexion = psycopg2.connect(fabrica.postgres.dsn(base=base_propia))
    conexion.autocommit = True
    cursor = conexion.cursor()
    cursor.execute("set session_replication_role = replica")
    yield cursor
    conexion.close()
