"""The rows of a CSV, over connections of their own: PostgreSQL writes them, and very many are written by two at once.

Each takes half of the order. Both read one snapshot: together they are the rows of one single statement.
"""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from contextvars import copy_context
from datetime import datetime
from functools import partial
from tempfile import TemporaryFile
from threading import Barrier
from typing import IO, Any

import psycopg2
from django.conf import settings
from django.db import connection, connections, transaction

from alcance import Alcance, con_alcance
from alcance.planes import en_su_orden
from exportaciones.consulta import Consulta
from exportaciones.escritores.a_csv import EN_BOGOTA, Sumidero, orden_copy
from plazos.reloj import ahora

MUCHAS = 100_000  # from so many rows on it pays to walk everything in its order and to open two connections
# The limits of the web are for pages. Local: these end with the transaction. The one of the job waits, idle, for the
# others to copy.
SIN_PRISA = "set local statement_timeout = '30min'; set local idle_in_transaction_session_timeout = '30min'"
_CADA = 0.2  # seconds between two looks at how it goes


def copiar(
    salida: IO[bytes],
    consulta: Consulta,
    alcance: Alcance,
    encabezar: Callable[[datetime], Any],
    al_paso: Callable[[int], Any],
    *,
    muchas: bool,
) -> int:
    """Write the rows and tell how many. `encabezar` is told the instant they are of, to write what goes before them;
    `al_paso`, now and then, how many there are, and may raise to stop.

    `muchas`: they were `MUCHAS` or more a moment ago.
    """
    # The rows that a search finds are looked up by its own index: walking all the others would cost more than sorting.
    muchas = muchas and "buscar" not in consulta.filtros.valores
    tramos = consulta.en_dos() if muchas else (consulta,)
    with ExitStack() as abiertos:
        restos = [abiertos.enter_context(TemporaryFile(dir=settings.VAR)) for _ in tramos[1:]]
        sumideros = [Sumidero(archivo, consulta.columnas) for archivo in (salida, *restos)]
        copias = [partial(_copiar, *cual, muchas) for cual in zip(tramos, sumideros, strict=True)]
        with _en_una_foto(alcance, copias, encabezar) as tareas:
            while wait(tareas, _CADA, FIRST_EXCEPTION).not_done and not any(
                t.done() and t.exception() for t in tareas
            ):
                al_paso(sum(sumidero.filas for sumidero in sumideros))
        for resto in restos:
            resto.seek(0)
            shutil.copyfileobj(resto, salida, 1 << 20)
        return sum(sumidero.filas for sumidero in sumideros)


def _copiar(consulta: Consulta, sumidero: Sumidero, muchas: bool) -> None:
    with connection.cursor() as cursor, en_su_orden() if muchas else nullcontext():
        cursor.execute(f"{SIN_PRISA}; {EN_BOGOTA}")
        orden = orden_copy(cursor.mogrify(*consulta.filas().query.sql_with_params()), consulta.columnas)
        cursor.copy_expert(orden, sumidero)
    sumidero.vaciar()


@contextmanager
def _en_una_foto(
    alcance: Alcance, trabajos: list[Callable[[], None]], al_tomarla: Callable[[datetime], Any]
) -> Iterator[list[Future[None]]]:
    """Each in a thread and a transaction of its own, all over the same snapshot and with the same alcance.
    `al_tomarla` is told before when it was taken.

    When one fails, or what is inside raises, all stop and the first failure is raised.
    """
    todos = Barrier(len(trabajos))
    fotos: list[str] = []
    fallas: list[BaseException] = []
    conexiones: list[Any] = []

    def uno(n: int) -> None:
        try:
            with con_alcance(alcance), transaction.atomic():
                conexiones.append(connection.connection)
                if n == 0:
                    fotos.append(_fotografiar())
                    al_tomarla(ahora())
                todos.wait()
                if n > 0:
                    _mirar(fotos[0])
                todos.wait()  # a snapshot can be looked at while the transaction that took it is open
                trabajos[n]()
        except BaseException as falla:
            fallas.append(falla)
            todos.abort()
            raise
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(trabajos), thread_name_prefix="copia") as hilos:
        tareas = [hilos.submit(copy_context().run, uno, n) for n in range(len(trabajos))]
        try:
            yield tareas
        finally:
            todos.abort()
            while wait(tareas, 0).not_done:
                for conexion in conexiones:
                    with suppress(psycopg2.Error):
                        conexion.cancel()
                wait(tareas, _CADA)
    if fallas:
        raise fallas[0]


_UNA_FOTO = b"set transaction isolation level repeatable read, read only"


def _fotografiar() -> str:
    """Take the snapshot of this transaction, which must have asked nothing yet."""
    connection.al_empezar(_UNA_FOTO)  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("select pg_export_snapshot()")
        return str(cursor.fetchone()[0])


def _mirar(foto: str) -> None:
    """Read that snapshot from this transaction, which must have asked nothing yet."""
    connection.al_empezar(_UNA_FOTO, f"set transaction snapshot '{foto}'".encode())  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("select 1")
