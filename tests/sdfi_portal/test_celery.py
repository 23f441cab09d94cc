"""A worker keeps its connection from one task to the next, and lets go of the one that broke."""

from typing import Any

import psycopg2
import pytest
from celery.fixups.django import DjangoWorkerFixup
from celery.signals import task_postrun, task_prerun
from django.db import connection

from alcance import como_sistema
from bandeja.models import Entrega
from bandeja.tasks import latido
from sdfi_portal.celery import app
from tests.soporte.bases import Fabrica


@pytest.fixture
def tarea() -> Any:
    """One that a worker would run, with what Celery does around it."""
    arreglo, hecha = DjangoWorkerFixup(app), app.tasks[latido.name]

    def correr() -> int:
        arreglo.on_task_prerun(hecha)
        task_prerun.send(sender=hecha)
        with como_sistema("probar"):
            assert not Entrega.objects.exists()
        quien: int = connection.connection.info.backend_pid
        task_postrun.send(sender=hecha)
        arreglo.on_task_postrun(hecha)
        return quien

    return correr


def test_the_next_task_uses_it(base_propia: str, tarea: Any) -> None:
    assert len({tarea() for _ in range(3)}) == 1


@pytest.mark.parametrize("cuando", ["se va el servidor", "ya tuvo su tiempo"])
def test_one_that_broke_or_had_its_time_is_made_again(
    base_propia: str, fabrica: Fabrica, tarea: Any, cuando: str
) -> None:
    antes = tarea()
    if cuando == "ya tuvo su tiempo":
        connection.close_at = 0
    else:
        conexion = psycopg2.connect(fabrica.postgres.dsn(), dbname=base_propia)
        with conexion, conexion.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(%s, 5000)", [antes])
        conexion.close()
    assert tarea() != antes
