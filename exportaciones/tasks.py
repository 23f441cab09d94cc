"""Periodic work of the exports."""

from celery import shared_task

from exportaciones import services


@shared_task(name="exportaciones.barrer")
def barrer() -> None:
    services.barrer()
