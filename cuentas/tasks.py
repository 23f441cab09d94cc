"""Periodic work of accounts."""

from celery import shared_task

from cuentas import sesiones


@shared_task(name="cuentas.barrer")
def barrer() -> None:
    sesiones.limpiar()
