"""Periodic work of the surveys."""

from celery import shared_task

from encuestas import services


@shared_task(name="encuestas.barrer")
def barrer() -> None:
    services.barrer()
