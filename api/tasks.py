"""Periodic work of the API."""

from celery import shared_task

from api import cuotas, webhooks


@shared_task(name="api.barrer")
def barrer() -> None:
    cuotas.limpiar()
    webhooks.borrar_intentos_viejos()
