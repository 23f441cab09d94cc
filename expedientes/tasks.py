"""Periodic work of the expedientes."""

from celery import shared_task

from expedientes.services import barrido


@shared_task(name="expedientes.barrer")
def barrer() -> None:
    barrido.barrer()
