"""Periodic work of the solicitudes. Thin: the services say what is done, and doing it twice changes nothing."""

from celery import shared_task

from bandeja.services import latir
from solicitudes.services.recordatorios import barrer_plazos as barrer


@shared_task(name="solicitudes.barrer_plazos")
def barrer_plazos() -> None:
    barrer()
    latir("plazos")
