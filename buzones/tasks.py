"""Periodic reading of the mailboxes. Thin: one task for each casilla, so that a slow server delays no other."""

import logging
from uuid import uuid4

from celery import shared_task

from buzones import services
from buzones.conexion import BuzonCaido
from buzones.services import alertas, pendientes
from buzones.services.revisar import revisar_llegadas

registro = logging.getLogger("portal.buzones")
POR_TAREA = 200


@shared_task(name="buzones.leer_todas")
def leer_todas() -> None:
    for casilla_id in services.por_leer():
        leer.apply_async((casilla_id,), expires=60)


@shared_task(name="buzones.leer")
def leer(casilla_id: int) -> None:
    if services.leer_casilla(casilla_id, quien=uuid4().hex).nuevas:
        procesar.apply_async(expires=60)


@shared_task(name="buzones.procesar")
def procesar() -> None:
    """What is kept becomes what it is. When there is more, another one goes on: no worker is held for ever."""
    if services.procesar_pendientes(limite=POR_TAREA) == POR_TAREA:
        procesar.apply_async(expires=60)


@shared_task(name="buzones.conciliar_todas")
def conciliar_todas() -> None:
    """Asked every hour, done once a day for each casilla; again, while it can't be read or does not agree."""
    for casilla_id in services.por_conciliar():
        conciliar.apply_async((casilla_id,), expires=3600)


@shared_task(name="buzones.conciliar")
def conciliar(casilla_id: int) -> None:
    try:
        services.conciliar(casilla_id)
    except BuzonCaido as falla:
        registro.warning("casilla %s sin conciliar: %s", casilla_id, falla)


@shared_task(name="buzones.recordar_traslados")
def recordar_traslados() -> None:
    services.recordar_traslados()


@shared_task(name="buzones.vencer_propuestas")
def vencer_propuestas() -> None:
    services.vencer_propuestas()


@shared_task(name="buzones.vigilar")
def vigilar() -> None:
    alertas.vigilar()


@shared_task(name="buzones.revisar")
def revisar() -> None:
    """What the antivirus has not answered for."""
    revisar_llegadas()


@shared_task(name="buzones.recordar")
def recordar() -> None:
    """What waits for somebody to say what it is, or for an answer that did not come."""
    pendientes.vencer_preguntas()
    pendientes.recordar_por_clasificar()
