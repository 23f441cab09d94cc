"""The Celery application. Redis is a doorbell: what is left to do lives in PostgreSQL (architecture §5)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sdfi_portal.settings")

app = Celery("sdfi_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
