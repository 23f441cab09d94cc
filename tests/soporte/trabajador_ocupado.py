"""The worker of always, with a task that takes long. Only tests start it."""

import time

from sdfi_portal.celery import app

__all__ = ["app"]


@app.task(name="prueba.pesada")
def pesada() -> None:
    time.sleep(1)
