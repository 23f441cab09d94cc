"""Rung by the doorbell and by beat every five seconds: both do the same, and twice at once does it once."""

from celery import shared_task

from bandeja import services, timbre

# A million rows to a spreadsheet take minutes. Far under the hour after which Redis would hand the task out again.
LARGA = 1800


@shared_task(name="bandeja.entregar")
def entregar() -> None:
    services.sonda.soltar()
    services.entregar()
    services.latir("entregas")
    if services.hay_largas():
        timbre.enviar(timbre.TAREA_LARGA)


@shared_task(name="bandeja.entregar_larga", time_limit=LARGA + 60, soft_time_limit=LARGA)
def entregar_larga() -> None:
    """One, and a ring for the next: each has the whole time limit."""
    if services.entregar_larga() and services.hay_largas():
        timbre.enviar(timbre.TAREA_LARGA)


@shared_task(name="bandeja.latido")
def latido() -> None:
    services.latir("reloj")
