"""What the tests of attention arrange again and again."""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction

from alcance import como_sistema
from direcciones.models import Persona
from plazos.reloj import hoy
from plazos.services import calendario_vigente
from solicitudes.models import Movimiento, Parte, Solicitud
from solicitudes.services.acciones import ejecutar
from tests.fabricas import actuar

BOGOTA = ZoneInfo("America/Bogota")


def instante(dia: str, hora: str = "10:00") -> datetime:
    """`instante("2026-11-09")` → 9 November 2026, 10 a. m. in Bogotá."""
    return datetime.combine(date.fromisoformat(dia), time.fromisoformat(hora), BOGOTA)


@contextmanager
def sistema():
    with como_sistema("prueba"), transaction.atomic():
        yield


def parte_de(solicitud: Solicitud, dependencia: Any = None) -> Parte:
    """The only parte of a solicitud (or that of a dependencia), fresh."""
    with sistema():
        partes = Parte.objects.filter(solicitud=solicitud).select_related("dependencia", "entidad", "solicitud")
        return partes.get(dependencia=dependencia) if dependencia else partes.get()


def releer(objeto: Any) -> Any:
    with sistema():
        return type(objeto).objects.get(pk=objeto.pk)


def hacer(persona: Persona, parte: Parte, accion: str, **datos: Any) -> Parte:
    """`accion` as that person, by the same door as the page. Returns the parte fresh."""
    with actuar(persona), transaction.atomic():
        ejecutar(parte=parte, accion=accion, datos={"clave": uuid4(), "motivo": "Motivo de prueba", **datos})
    return parte_de_pk(parte.pk)


def parte_de_pk(pk: int) -> Parte:
    with sistema():
        return Parte.objects.select_related("dependencia", "entidad", "solicitud").get(pk=pk)


def historia(solicitud: Solicitud) -> list[str]:
    with sistema():
        return list(Movimiento.objects.filter(solicitud=solicitud).order_by("id").values_list("accion", flat=True))


def habil(dias: int = 1, hora: str = "10:00") -> datetime:
    """That hour of the n-th business day from tomorrow: sessions are on no other day."""
    return instante(calendario_vigente().sumar_habiles(hoy(), dias).isoformat(), hora)


def hace(**cuanto: int) -> datetime:
    return datetime.now(BOGOTA) - timedelta(**cuanto)
