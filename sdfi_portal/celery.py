"""The Celery application. Redis is a doorbell: what is left to do lives in PostgreSQL (architecture §5)."""

import os
import sys
from typing import Any

from celery import Celery, Task
from celery.signals import task_postrun, task_prerun
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sdfi_portal.settings")

app = Celery("sdfi_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Celery would close the database after each task: another process of PostgreSQL, and every plan made again, ten times
# a second on a busy morning. It is looked after as between two requests: closed when it broke or had its time.
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize


def _revisar_la_conexion(sender: Task[..., Any], **kwargs: Any) -> None:
    if not sender.request.is_eager:  # one called at once goes on in the connection of who called it
        close_old_connections()


task_prerun.connect(_revisar_la_conexion)
task_postrun.connect(_revisar_la_conexion)
