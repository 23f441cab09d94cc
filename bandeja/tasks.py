"""Rung by the doorbell and by beat every five seconds: both do the same, and twice at once does it once."""

from celery import shared_task

from bandeja import services


@shared_task(name="bandeja.entregar")
def entregar() -> None:
    services.entregar()
    services.latir("entregas")


@shared_task(name="bandeja.latido")
def latido() -> None:
    services.latir("reloj")
