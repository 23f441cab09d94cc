"""Periodic reading of the mailboxes. Thin: one task for each casilla, so that a slow server delays no other."""

from uuid import uuid4

from celery import shared_task

from buzones import services


@shared_task(name="buzones.leer_todas")
def leer_todas() -> None:
    for casilla_id in services.por_leer():
        leer.apply_async((casilla_id,), expires=60)


@shared_task(name="buzones.leer")
def leer(casilla_id: int) -> None:
    services.leer_casilla(casilla_id, quien=uuid4().hex)
