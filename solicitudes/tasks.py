"""Periodic work of the solicitudes. Thin: the services say what is done, and doing it twice changes nothing."""

from celery import shared_task

from bandeja.services import latir
from solicitudes.services import archivos, reflujo
from solicitudes.services.recordatorios import barrer_plazos as barrer
from solicitudes.services.relevo import relevar_a_quienes_terminaron, sin_responsable
from solicitudes.services.relojes import completar_relojes, empezar_pendientes


@shared_task(name="solicitudes.barrer_plazos")
def barrer_plazos() -> None:
    completar_relojes()
    empezar_pendientes()
    barrer()
    latir("plazos")


@shared_task(name="solicitudes.recontar_plazos")
def recontar_plazos() -> None:
    if reflujo.hay_por_recontar():
        reflujo.recontar_plazos()
    reflujo.avisar_sin_contar()
    latir("recuento")


@shared_task(name="solicitudes.barrer_archivos")
def barrer_archivos() -> None:
    archivos.barrer_archivos()
    latir("archivos")


@shared_task(name="solicitudes.relevar")
def relevar() -> None:
    """What is in the hands of somebody whose role ended by its date; and it signs when nobody is missing."""
    relevar_a_quienes_terminaron()
    if not sin_responsable():
        latir("responsables")
