"""By the clock: learn again from what was decided meanwhile."""

import logging

from celery import shared_task

from clasificador.services import entrenar_si_toca

registro = logging.getLogger(__name__)


@shared_task(name="clasificador.entrenar")
def entrenar() -> None:
    hecho = entrenar_si_toca()
    if hecho is not None and hecho.guardado is None:
        registro.warning("El clasificador nuevo acierta menos y no se puso en uso: %s", "; ".join(hecho.peores))
