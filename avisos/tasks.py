"""Periodic work of the notices. Thin: the services say what is done, and doing it twice changes nothing."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from avisos import services
from bandeja.services import anotar, latir
from bitacora.sellos import sellar_el_dia

DE_MADRUGADA = 2  # o'clock, in Bogotá


@shared_task(name="avisos.sellar_bitacora")
def sellar_bitacora() -> None:
    """The seal of the day is kept outside the database and mailed to who controls (security.md §5.8, A04). Asked every
    hour, done once a day: the file and the fact of the outbox have the day in their names."""
    dia, ruta = timezone.localdate(), sellar_el_dia()
    with como_sistema("anotar el sello diario de la bitácora"), transaction.atomic():
        anotar(tipo="avisos.sello", clave=f"sello:{dia}", carga={"ruta": ruta, "dia": str(dia)})


@shared_task(name="avisos.verificar_bitacora")
def verificar_bitacora() -> None:
    """Every night, in the long lane: the whole record and the seals that were kept (security.md R9). Asked every hour,
    done once a day: a machine that was off at night does it when it comes back."""
    ahora = timezone.localtime()
    if ahora.hour < DE_MADRUGADA:
        return
    with como_sistema("pedir la comprobación diaria de la bitácora"), transaction.atomic():
        anotar(tipo="avisos.verificar_bitacora", clave=f"verificar-bitacora:{ahora.date()}", carga={})


@shared_task(name="avisos.ciclos")
def ciclos() -> None:
    services.avisar_ciclos()


@shared_task(name="avisos.vigilar_calendario")
def vigilar_calendario() -> None:
    services.vigilar_calendario()


@shared_task(name="avisos.resumir")
def resumir() -> None:
    services.resumir()
    latir("resumen")
