"""Is the mail being read, and does the ledger prove it? For /salud/ and for who is told of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from alcance import como_sistema
from buzones.estados import EstadoLlegada
from buzones.models import Casilla, Conciliacion, Llegada
from buzones.services.leer import las_que_se_leen
from plazos.reloj import ahora, hoy

CALLADA = timedelta(minutes=15)  # without being read
SIN_PROCESAR = timedelta(minutes=2)  # what is kept becomes something in seconds
SIN_CONCILIAR = timedelta(days=1)  # besides today


@dataclass(frozen=True, slots=True)
class Salud:
    """`callada`: one that should be read was not for a quarter of an hour. `sin_cuadrar`: of one, the last comparison
    with its ledger did not agree, or there is none since yesterday."""

    hay: bool
    callada: bool
    sin_cuadrar: bool
    sin_procesar: bool
    apartadas: bool

    @property
    def bien(self) -> bool:
        return not (self.callada or self.sin_cuadrar or self.sin_procesar or self.apartadas)


def salud() -> Salud:
    en = ahora()
    with como_sistema("salud de los buzones"), transaction.atomic():
        casillas = con_su_ultima(las_que_se_leen().select_related("estado"))
        return Salud(
            hay=bool(casillas),
            callada=any(leida_o_desde(casilla) < en - CALLADA for casilla in casillas),
            sin_cuadrar=any(not cuadra(casilla, hoy()) for casilla in casillas),
            sin_procesar=Llegada.objects.filter(
                estado=EstadoLlegada.GUARDADA, guardada_en__lt=en - SIN_PROCESAR
            ).exists(),
            apartadas=Llegada.objects.sin_ver().exists(),
        )


def con_su_ultima(casillas: QuerySet[Casilla]) -> list[Any]:
    """Each with `conciliada_el` and `cuadro`: the day of its last comparison, and whether it agreed."""
    ultima = Conciliacion.objects.filter(casilla=OuterRef("pk")).order_by("-dia")
    return list(
        casillas.annotate(conciliada_el=Subquery(ultima.values("dia")[:1]), cuadro=Subquery(ultima.values("bien")[:1]))
    )


def leida_o_desde(casilla: Any) -> datetime:
    """When it was last read; of one that never was, since when it should have been."""
    estado = getattr(casilla, "estado", None)
    desde: datetime = (estado and (estado.leida_en or estado.falla_desde)) or casilla.desde_en
    return desde


def cuadra(casilla: Any, dia: date) -> bool:
    """Of one of `con_su_ultima`."""
    hasta: date = casilla.conciliada_el or casilla.desde
    return hasta >= dia - SIN_CONCILIAR and casilla.cuadro is not False
