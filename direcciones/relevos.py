"""Nothing stays with somebody who stopped attending, or is away with nobody left: each room above hands over its own.

Called inside the transaction of the change. A room that finds nobody to hand over to raises ValidationError, and then
the change does not happen: no case is ever without an active responsible.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol

from django.db.models import Q

from alcance import como_sistema
from direcciones.models import Ausencia, Dependencia, Membresia
from direcciones.roles import ATIENDEN
from plazos.reloj import hoy

UN_DIA = timedelta(days=1)


class Relevo(Protocol):
    def __call__(self, *, persona: int, lugares: Sequence[int], dias: Sequence[date], motivo: str) -> None:
        """Hand over what `persona` no longer attends; on each of those days somebody must answer in `lugares`."""


_relevos: list[Relevo] = []


def registrar_relevo(relevo: Relevo) -> Relevo:
    _relevos.append(relevo)
    return relevo


def relevar(
    *, persona: int, lugares: Sequence[int], motivo: str, desde: date | None = None, hasta: date | None = None
) -> None:
    """The change was just written, and counts between those days: hand over and check, one at a time in each place."""
    if not lugares:
        return
    with como_sistema("relevar a quien deja de atender"):
        _esperar_turno(lugares)
        dias = dias_de_cambio(lugares, desde, hasta)
        for relevo in _relevos:
            relevo(persona=persona, lugares=lugares, dias=dias, motivo=motivo)


def donde_atiende(membresias: Iterable[Membresia]) -> list[int]:
    """The dependencias whose work these roles reach: their own and the ones below."""
    propias = {m.dependencia_id for m in membresias if m.rol in ATIENDEN}
    return sorted(Dependencia.objects.filter(Q(pk__in=propias) | Q(padre__in=propias)).values_list("pk", flat=True))


def _esperar_turno(lugares: Sequence[int]) -> None:
    """Two who leave the same place at once would each believe that the other stays."""
    suyas = Dependencia.objects.filter(Q(pk__in=lugares) | Q(hijas__in=lugares)).order_by().values("pk")
    list(Dependencia.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=suyas).order_by("pk"))


def dias_de_cambio(lugares: Sequence[int], desde: date | None = None, hasta: date | None = None) -> list[date]:
    """The first day from today on, and each later one on which somebody of these places leaves, comes or is away."""
    primero = max(desde or hoy(), hoy())
    padres = Dependencia.objects.filter(pk__in=lugares, padre__isnull=False).order_by().values("padre")
    gente = Membresia.objects.filter(Q(hasta__isnull=True) | Q(hasta__gte=primero), rol__in=sorted(ATIENDEN))
    gente = gente.filter(Q(dependencia__in=lugares) | Q(dependencia__in=padres)).order_by()
    dias = {primero}
    for empieza, ultimo in gente.values_list("desde", "hasta"):
        dias |= {empieza} | ({ultimo + UN_DIA} if ultimo else set())
    ausencias = Ausencia.objects.filter(
        anulada_en__isnull=True, hasta__gte=primero, persona__in=gente.values("persona")
    )
    for empieza, ultimo in ausencias.order_by().values_list("desde", "hasta"):
        dias |= {empieza, ultimo + UN_DIA}
    return sorted(d for d in dias if d >= primero and (hasta is None or d <= hasta))
