"""Which surveys are asked for: the rows that make a sum, and the days asked for by whole months and what is left."""

from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from direcciones.models import Entidad
from encuestas.llevadas import Cuales
from plazos.fechas import mas_meses
from plazos.reloj import comienzo
from solicitudes.models import Parte

Lapso = tuple[date | None, date | None]


def partir(desde: date | None, hasta: date | None) -> tuple[list[Lapso], list[Lapso]]:
    """(whole months, loose days) that make from `desde` to `hasta`; None is without end."""
    if desde and hasta and desde > hasta:
        return [], []
    primero = desde and (desde if desde.day == 1 else mas_meses(desde, 1))
    ultimo = hasta and mas_meses(hasta, 1) - timedelta(days=1)
    if ultimo and ultimo != hasta:
        ultimo = mas_meses(ultimo, 0) - timedelta(days=1)
    if primero and ultimo and primero > ultimo:
        return [], [(desde, hasta)]
    sueltos: list[Lapso] = [(desde, primero - timedelta(days=1))] if primero and primero != desde else []
    return [(primero, ultimo)], sueltos + ([(ultimo + timedelta(days=1), hasta)] if ultimo and ultimo != hasta else [])


def entre(encuestas: Any, desde: date | None, hasta: date | None) -> Any:
    """Those sent on these days, both included. Nobody answers one before it is sent: an index ends there."""
    if desde:
        encuestas = encuestas.filter(creada_en__gte=comienzo(desde))
    if hasta:
        encuestas = encuestas.filter(creada_en__lt=comienzo(hasta + timedelta(days=1)))
    return encuestas


def escoger(encuestas: Any, cuales: Cuales) -> Any:
    """The rows that make the sums of `cuales`, whenever. What is asked of other tables is a value of each row and not
    something to join: the last ones are found walking their index, whatever is asked."""
    if cuales.entidad is not None:
        encuestas = encuestas.filter(entidad=cuales.entidad)
    if cuales.sector is not None:
        suyo = Entidad.objects.filter(pk=OuterRef("entidad")).values("sector")[:1]
        encuestas = encuestas.alias(de_sector=Subquery(suyo)).filter(de_sector=cuales.sector)
    lideres = Parte.objects.filter(solicitud=OuterRef("solicitud"), lidera=True)
    if cuales.dependencias is not None:
        lideres = lideres.filter(dependencia__in=cuales.dependencias)
    if cuales.reservadas is not None:
        lideres = lideres.filter(Q(reservada=False) | Q(dependencia__in=cuales.reservadas))
    return encuestas.alias(lider=Subquery(lideres.values("pk")[:1])).filter(lider__isnull=False)
