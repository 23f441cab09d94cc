"""T14, T15: the alcance never travels from one client to another through a pooler (security.md §0.1).

Production does not use PgBouncer; it is the cheapest detector of a context that outlives its transaction. With one
server connection for everybody, whatever is left in it is found by the next. The portal's own database backend walks
through it, so what is proved is what the portal does.
"""

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg2
import pytest
from django.db import connection

from alcance import Alcance, actual, con_alcance
from sdfi_portal.pila.postgres import Postgres, prefijo_sin_root
from tests.fabricas import FabricaEntidad, FabricaMembresia
from tests.soporte.bases import Fabrica
from tests.soporte.pila import esperar, puerto_libre

pytestmark = pytest.mark.larga
VUELTAS = 10_000
VER = "select entidad_id from direcciones_membresia"


@pytest.fixture
def pozo(base_propia: str, fabrica: Fabrica) -> Iterator[dict[str, Any]]:
    """A PgBouncer in transaction mode with a single server connection. Gives what psycopg2 needs to reach it."""
    programa = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if programa is None:
        pytest.fail("Falta PgBouncer. Instálelo con: sudo apt-get install -y pgbouncer")
    assert isinstance(fabrica.postgres, Postgres)
    carpeta, puerto = Path(mkdtemp(prefix="pozo-")), puerto_libre()
    (carpeta / "usuarios").write_text('"sdfi_web" ""\n')
    (carpeta / "pgbouncer.ini").write_text(
        f"""[databases]
{base_propia} = host={fabrica.postgres.rutas.sockets} dbname={base_propia} user=sdfi_web pool_size=1
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {puerto}
unix_socket_dir =
auth_type = any
auth_file = {carpeta}/usuarios
pool_mode = transaction
default_pool_size = 1
ignore_startup_parameters = options,extra_float_digits
"""
    )
    orden = [
        *prefijo_sin_root(),
        programa,
        "-q",
        str(carpeta / "pgbouncer.ini"),
    ]  # it refuses uid 0 as PostgreSQL does
    with open(carpeta / "salida", "w") as salida:
        proceso = subprocess.Popen(orden, stdout=salida, stderr=salida)
    destino = {"host": "127.0.0.1", "port": puerto, "dbname": base_propia, "user": "sdfi_web"}
    try:
        esperar(lambda: proceso.poll() is not None or _responde(destino), 10)
        assert proceso.poll() is None, (carpeta / "salida").read_text()
        yield destino
    finally:
        proceso.terminate()
        proceso.wait(10)
        shutil.rmtree(carpeta)


def _responde(destino: dict[str, Any]) -> bool:
    try:
        psycopg2.connect(**destino).close()
    except psycopg2.OperationalError:
        return False
    return True


@dataclass
class Cuenta:
    propias: int = 0
    ajenas: int = 0


@pytest.fixture
def entidades(pozo: dict[str, Any]) -> list[int]:
    """Two entidades with somebody in each."""
    claves = [FabricaEntidad().pk for _ in range(2)]
    for clave in claves:
        FabricaMembresia(entidad_id=clave)
    return claves


def recorrer(pozo: dict[str, Any], entidades: list[int], vueltas: int, *, de_la_sesion: bool = False) -> Cuenta:
    """Two clients of the portal take turns at random; a third of the transactions has no context, some are undone."""
    azar, cuenta = random.Random(14), Cuenta()
    with ExitStack() as pila:
        clientes = [connection.copy() for _ in entidades]
        for cliente in clientes:
            cliente.settings_dict |= {"HOST": pozo["host"], "PORT": pozo["port"]}
            pila.callback(cliente.close)
            if de_la_sesion:
                cliente.escribir_alcance = partial(escribir_en_la_sesion, cliente)
        for _ in range(vueltas):
            cual, con_contexto = azar.randrange(2), azar.random() < 0.66
            with ExitStack() as dentro:
                if con_contexto:
                    dentro.enter_context(con_alcance(Alcance(rol="enlace", entidad_id=entidades[cual])))
                anotar(cuenta, clientes[cual], entidades[cual] if con_contexto else None, azar)
    return cuenta


def anotar(cuenta: Cuenta, cliente: Any, entidad: int | None, azar: random.Random) -> None:
    """One transaction as Django opens it."""
    cliente.set_autocommit(False)
    with cliente.cursor() as cursor:
        cursor.execute(VER)
        vistas = [fila[0] for fila in cursor.fetchall()]
    if azar.random() < 0.3:
        cliente.rollback()
    else:
        cliente.commit()
    cliente.set_autocommit(True)
    cuenta.propias += sum(vista == entidad for vista in vistas)
    cuenta.ajenas += sum(vista != entidad for vista in vistas)


def escribir_en_la_sesion(cliente: Any) -> None:
    """What the backend must never do."""
    alcance = actual()
    if alcance is not None:
        with cliente.connection.cursor() as cursor:
            for nombre, valor in alcance.ajustes().items():
                cursor.execute("select set_config(%s, %s, false)", [nombre, valor])


def test_no_row_of_another_comes_through_the_pool(pozo: dict[str, Any], entidades: list[int]) -> None:
    """T14."""
    cuenta = recorrer(pozo, entidades, VUELTAS)
    assert cuenta.ajenas == 0
    assert cuenta.propias > VUELTAS / 2


def test_setting_it_for_the_session_would_leak(pozo: dict[str, Any], entidades: list[int]) -> None:
    """T15, the negative control: with session settings the same walk finds rows of another."""
    assert recorrer(pozo, entidades, 200, de_la_sesion=True).ajenas > 0
