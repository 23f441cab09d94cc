"""The place in the queue over time, rebuilt from the history and not by the code that keeps the queue (R20)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from solicitudes.estados import EstadoParte
from solicitudes.models import Movimiento, Parte

NACEN = ("radicar", "agregar_dependencia")


@dataclass(frozen=True, slots=True)
class Estancia:
    """A parte waiting in the queue of a dependencia, from one instant until another (None: it is still there)."""

    parte_id: int
    dependencia_id: int
    llegada: tuple[datetime, int]
    desde: datetime
    hasta: datetime | None


@dataclass(frozen=True, slots=True)
class Puesto:
    """From `desde` on, `anteriores` older ones waited in the same queue; None when it left."""

    desde: datetime
    dependencia_id: int
    anteriores: int | None

    @property
    def puesto(self) -> int | None:
        return None if self.anteriores is None else self.anteriores + 1


def puestos_de(parte: Parte) -> list[Puesto]:
    """Every change of place of a parte while it waited. Needs an alcance that sees the whole queue."""
    suyas = estancias([parte])
    if not suyas:
        return []
    empezo = min(estancia.desde for estancia in suyas)
    vivas = Q(cerrada_en__isnull=True) | Q(cerrada_en__gte=empezo)
    mayores = Parte.objects.filter(vivas, recibido_en__lte=parte.recibido_en).exclude(pk=parte.pk)
    ajenas = estancias(mayores.anteriores_a(parte.recibido_en, parte.solicitud_id).order_by("pk"))
    return [puesto for estancia in suyas for puesto in cambios(estancia, ajenas)]


def estancias(partes: Iterable[Parte]) -> list[Estancia]:
    """The stays in a queue of these partes, read from their history."""
    todas = list(partes)
    propios: dict[int, list[Movimiento]] = {parte.pk: [] for parte in todas}
    nacimientos: dict[int, list[Movimiento]] = {}
    movimientos = Movimiento.objects.filter(
        Q(parte__in=list(propios), datos__has_key="lugar")
        | Q(solicitud__in={parte.solicitud_id for parte in todas}, accion__in=NACEN)
    )
    for movimiento in movimientos.order_by("id"):
        if movimiento.accion in NACEN:
            nacimientos.setdefault(movimiento.solicitud_id, []).append(movimiento)
        elif movimiento.parte_id in propios:
            propios[movimiento.parte_id].append(movimiento)
    return [e for parte in todas for e in _de_una(parte, propios[parte.pk], nacimientos.get(parte.solicitud_id, []))]


def _de_una(parte: Parte, suyos: Sequence[Movimiento], nacimientos: Sequence[Movimiento]) -> Iterable[Estancia]:
    """It is born in the queue: with the filing, or when its dependencia was added."""
    nacio = next((m for m in reversed(nacimientos) if m.accion == "radicar" or m.parte_id == parte.pk), None)
    if nacio is None:
        return
    primera = suyos[0].datos["lugar"]["de"][0] if suyos else parte.dependencia_id
    llegada = (parte.recibido_en, parte.solicitud_id)
    hechos = [(nacio.en, str(EstadoParte.EN_COLA), primera)]
    hechos += [(m.en, m.a, m.datos["lugar"]["a"][0]) for m in suyos]
    for (desde, estado, dependencia), siguiente in zip(hechos, [*hechos[1:], None], strict=True):
        if estado == EstadoParte.EN_COLA:
            yield Estancia(parte.pk, dependencia, llegada, desde, siguiente[0] if siguiente else None)


def cambios(propia: Estancia, ajenas: Sequence[Estancia]) -> list[Puesto]:
    """How many older ones waited in the same queue, at each instant at which that number changed. Pure."""
    mayores = [e for e in ajenas if e.dependencia_id == propia.dependencia_id and e.llegada < propia.llegada]
    instantes = {propia.desde}
    for estancia in mayores:
        instantes |= {i for i in (estancia.desde, estancia.hasta) if i and _dentro(i, propia)}
    puestos: list[Puesto] = []
    for instante in sorted(instantes):
        cuantas = sum(e.desde <= instante and (e.hasta is None or e.hasta > instante) for e in mayores)
        if not puestos or puestos[-1].anteriores != cuantas:
            puestos.append(Puesto(instante, propia.dependencia_id, cuantas))
    if propia.hasta is not None:
        puestos.append(Puesto(propia.hasta, propia.dependencia_id, None))
    return puestos


def _dentro(instante: datetime, estancia: Estancia) -> bool:
    return estancia.desde < instante and (estancia.hasta is None or instante < estancia.hasta)
