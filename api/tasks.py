"""Periodic work of the API."""

from celery import shared_task

from api import cuotas


@shared_task(name="api.barrer")
def barrer() -> None:
    cuotas.limpiar()
