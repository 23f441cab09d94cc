"""T14, T15: the alcance never travels from one client to another through a pooler (security.md §0.1).

Production does not use PgBouncer; it is the cheapest detector of a context that outlives its transaction. With one
server connection for everybody, whatever is left in it is found by the next.
"""

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from sdfi_portal.pila.postgres import Postgres
from tests.fabricas import FabricaEntidad, FabricaMembresia
from tests.soporte.bases import Fabrica
from tests.soporte.pila import esperar, puerto_libre

pytestmark = [
    pytest.mark.larga,
    pytest.mark.skipif(not shutil.which("pgbouncer"), reason="falta pgbouncer: sudo apt-get install -y pgbouncer"),
]
VUELTAS = 10_000
VER = "select entidad_id from direcciones_membresia"


@pytest.fixture
def pozo(base_propia: str, fabrica: Fabrica, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A PgBouncer in transaction mode with a single server connection. Gives what psycopg2 needs."""
    postgres: Postgres = fabrica.postgres
    puerto = puerto_libre()
    (tmp_path / "usuarios").write_text('"sdfi_web" ""\n')
    (tmp_path / "pgbouncer.ini").write_text(
        f"""[databases]
{base_propia} = host={postgres.rutas.sockets} dbname={base_propia} user=sdfi_web pool_size=1
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {puerto}
unix_socket_dir =
auth_type = any
auth_file = {tmp_path}/usuarios
pool_mode = transaction
default_pool_size = 1
logfile = {tmp_path}/registro
pidfile = {tmp_path}/pid
"""
    )
    orden = ["pgbouncer", "-q", str(tmp_path / "pgbouncer.ini")]
    if os.geteuid() == 0:
        tmp_path.chmod(0o777)
        for carpeta in tmp_path.parents:
            if str(carpeta).startswith("/tmp/") and carpeta != Path("/tmp"):
                carpeta.chmod(0o755)
        orden = ["runuser", "-u", "nobody", "--", *orden]
    proceso = subprocess.Popen(orden)
    destino = {"host": "127.0.0.1", "port": puerto, "dbname": base_propia, "user": "sdfi_web"}
    try:
        esperar(lambda: _responde(destino))
        yield destino
    finally:
        proceso.terminate()
        proceso.wait(10)


def _responde(destino: dict[str, Any]) -> bool:
    try:
        psycopg2.connect(**destino).close()
    except psycopg2.OperationalError:
        return False
    return True


def fugas(destino: dict[str, Any], *, de_la_transaccion: bool, vueltas: int) -> int:
    """Two clients take turns; one of each three asks without a context. How many rows of others were seen."""
    azar, ajenas = random.Random(14), 0
    entidades = [FabricaEntidad().pk, FabricaEntidad().pk]
    for pk in entidades:
        FabricaMembresia(entidad_id=pk)
    clientes = [psycopg2.connect(**destino) for _ in entidades]
    try:
        for _ in range(vueltas):
            cual = azar.randrange(2)
            con_contexto = azar.random() < 0.66
            with clientes[cual].cursor() as cursor:
                if con_contexto:
                    cursor.execute(
                        "select set_config('app.entidad', %s, %s)", [str(entidades[cual]), de_la_transaccion]
                    )
                cursor.execute(VER)
                vistas = {fila[0] for fila in cursor.fetchall()}
            ajenas += len(vistas - ({entidades[cual]} if con_contexto else set()))
            clientes[cual].rollback() if azar.random() < 0.3 else clientes[cual].commit()
    finally:
        for cliente in clientes:
            cliente.close()
    return ajenas


def test_no_row_of_another_comes_through_the_pool(pozo: dict[str, Any]) -> None:
    assert fugas(pozo, de_la_transaccion=True, vueltas=VUELTAS) == 0


def test_setting_it_for_the_session_would_leak(pozo: dict[str, Any]) -> None:
    """T15, the negative control: with a session setting the same walk finds foreign rows."""
    assert fugas(pozo, de_la_transaccion=False, vueltas=200) > 0
