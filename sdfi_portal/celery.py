"""The Celery application. Redis is a doorbell: what is left to do lives in PostgreSQL (architecture §5)."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sdfi_portal.settings")

app = Celery("sdfi_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

CEDE = 10  # of 19: what is left of the machine, when there is somebody with a page open


@worker_init.connect
def al_empezar(**_: Any) -> None:
    from django.conf import settings  # noqa: PLC0415 (read when a worker starts, not when this is imported)

    if settings.MODO != "pruebas":  # there, what everybody waits for is the worker
        ceder_el_paso()


def ceder_el_paso() -> None:
    """Whoever waits for a page goes first: a sweep may leave thousands of mails to hand over on the same processors.

    Linux shares them first among sessions (autogroup) and then among the processes of each one.
    """
    os.nice(CEDE)
    if os.getsid(0) == os.getpid():  # a session of its own: nobody else's turn is given away
        with suppress(OSError):  # a kernel without them
            Path("/proc/self/autogroup").write_text(str(CEDE))
