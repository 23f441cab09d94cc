"""Periodic work of the board. Thin, and safe to run twice."""

from celery import shared_task

from tableros import informe, services


@shared_task(name="tableros.compactar")
def compactar() -> None:
    services.compactar()


@shared_task(name="tableros.informes")
def informes() -> None:
    informe.anotar_informes()
