"""The worker of always, with one kind of fact that kills whoever hands it over (F10).

With SIN_LIMITE in its environment it never gives up, for the negative control. Only tests start it.
"""

import importlib
import os
import signal

import django
from celery.signals import worker_init

from sdfi_portal.celery import app

__all__ = ["app"]
VENENO = "prueba.veneno"


@worker_init.connect
def con_veneno(**_: object) -> None:
    django.setup()
    importlib.import_module("bandeja.services.manejadores").manejador(VENENO)(morir)
    if "SIN_LIMITE" in os.environ:
        importlib.import_module("bandeja.services.entregar").INTENTOS = 10_000


def morir(entrega: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
