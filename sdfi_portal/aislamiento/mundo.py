"""A world for one run: the cast and the objects inside a transaction that is rolled back, in a process that can't
send mail, write files nor ring the broker."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from celery.app.task import Task
from django.conf import settings
from django.core import mail
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection, transaction
from django.test import override_settings

from alcance import como_sistema
from sdfi_portal.aislamiento import elenco as reparto
from sdfi_portal.aislamiento import objetos as cosas
from sdfi_portal.aislamiento.elenco import Elenco
from sdfi_portal.aislamiento.objetos import Objeto

CERROJO = 0x5DF1  # two worlds at once would wait for each other's unique codes


class OtraCorrida(RuntimeError):
    """Another run holds the world of this database."""


@dataclass
class Mundo:
    elenco: Elenco
    objetos: dict[str, Objeto]
    # What a request tried to send to the broker inside its transaction. Shape: names of tasks.
    timbrazos: list[str] = field(default_factory=list)

    def objeto(self, clave: str) -> Objeto:
        return self.objetos[clave]


@contextmanager
def mundo() -> Iterator[Mundo]:
    """Build the world, give it, and leave no trace of it nor of what was done to it."""
    with ExitStack() as pila:
        timbrazos = pila.enter_context(aislado())
        pila.enter_context(transaction.atomic())
        _a_solas()
        with como_sistema("construir el mundo de la prueba de aislamiento"):
            elenco = reparto.crear()
            objetos = cosas.crear(elenco)
        yield Mundo(elenco, objetos, timbrazos)
        transaction.set_rollback(True)


@contextmanager
def aislado() -> Iterator[list[str]]:
    """Files in a folder that goes away, mail in memory, no task leaves, no log lines of thousands of refusals."""
    timbrazos: list[str] = []

    def callar(tarea: Task, *args: Any, **kwargs: Any) -> None:
        timbrazos.append(str(tarea.name))

    nivel = logging.root.manager.disable
    mail.outbox = []
    with (
        TemporaryDirectory() as carpeta,
        override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend", STORAGES=_almacenes(carpeta)),
        patch.object(Task, "apply_async", callar),
    ):
        logging.disable(logging.CRITICAL)
        try:
            yield timbrazos
        finally:
            logging.disable(nivel)


class AlmacenAparte(FileSystemStorage):
    """Writes in a folder of its own; reads also what the installation keeps: the walk opens its public documents."""

    def __init__(self, location: str, debajo: dict[str, Any]) -> None:
        super().__init__(location)
        self.debajo = storages.create_storage(debajo)

    def _open(self, name: str, mode: str = "rb") -> Any:
        if mode == "rb" and not self.exists(name):
            return self.debajo.open(name, mode)
        return super()._open(name, mode)  # type: ignore[misc]  # the stubs lack it


def _almacenes(carpeta: str) -> dict[str, Any]:
    opciones = {"location": carpeta, "debajo": settings.STORAGES["default"]}
    archivos = {"BACKEND": f"{AlmacenAparte.__module__}.{AlmacenAparte.__qualname__}", "OPTIONS": opciones}
    # The plain one asks for no manifest: the command also runs before `servir` has collected the static files.
    estaticos = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return {**settings.STORAGES, "default": archivos, "staticfiles": estaticos}


def _a_solas() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [CERROJO])
        if not cursor.fetchone()[0]:
            raise OtraCorrida("Ya hay otra prueba de aislamiento en curso sobre esta base de datos.")
        cursor.execute("set local idle_in_transaction_session_timeout = 0")
