"""The place in line over time, rebuilt from the history and not by the code that keeps the queues (R20).

A parte waits in the queue of its dependencia, and then in the tray of whoever was given it, until it is started: the
same two lines in which inversions are counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from solicitudes.estados import EstadoParte
from solicitudes.models import Movimiento, Parte
from solicitudes.services.cola import SIN_EMPEZAR

NACEN = ("radicar", "agregar_dependencia")


@dataclass(frozen=True, slots=True)
class Estancia:
    """A parte waiting in the queue of a dependencia, or in the tray of an asesor, from one instant until another
    (None: it is still there)."""

    parte_id: int
    dependencia_id: int
    llegada: tuple[datetime, int]
    desde: datetime
    hasta: datetime | None
    asesor_id: int | None = None

    def en_la_fila_de(self, otra: "Estancia") -> bool:
        """A tray is of a person, whatever the dependencia that each came from."""
        if self.asesor_id is None and otra.asesor_id is None:
            return self.dependencia_id == otra.dependencia_id
        return self.asesor_id == otra.asesor_id


@dataclass(frozen=True, slots=True)
class Puesto:
    """From `desde` on, `anteriores` older ones waited in the same queue or tray; None when it left."""

    desde: datetime
    dependencia_id: int
    anteriores: int | None
    asesor_id: int | None = None

    @property
    def puesto(self) -> int | None:
        return None if self.anteriores is None else self.anteriores + 1


def puestos_de(parte: Parte) -> list[Puesto]:
    """Every change of place of a parte while it waited. Needs an alcance that sees whole queues and trays."""
    suyas = estancias([parte])
    if not suyas:
        return []
    empezo = min(estancia.desde for estancia in suyas)
    vivas = Q(cerrada_en__isnull=True) | Q(cerrada_en__gte=empezo)
    mayores = Parte.objects.filter(vivas, recibido_en__lte=parte.recibido_en).exclude(pk=parte.pk)
    ajenas = estancias(mayores.anteriores_a(parte.recibido_en, parte.solicitud_id).order_by("pk"))
    return [puesto for estancia in suyas for puesto in cambios(estancia, ajenas)]


def estancias(partes: Iterable[Parte]) -> list[Estancia]:
    """The stays of these partes in a queue or a tray, read from their history."""
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
    hechos = [(nacio.en, str(EstadoParte.EN_COLA), primera, None)]
    hechos += [(m.en, m.a, *m.datos["lugar"]["a"]) for m in suyos]
    for (desde, estado, dependencia, asesor), siguiente in zip(hechos, [*hechos[1:], None], strict=True):
        if estado in SIN_EMPEZAR:
            de_quien = asesor if estado == EstadoParte.ASIGNADA else None
            yield Estancia(parte.pk, dependencia, llegada, desde, siguiente[0] if siguiente else None, de_quien)


def cambios(propia: Estancia, ajenas: Sequence[Estancia]) -> list[Puesto]:
    """How many older ones waited in the same line, at each instant at which that number changed. Pure."""
    mayores = [e for e in ajenas if e.en_la_fila_de(propia) and e.llegada < propia.llegada]
    instantes = {propia.desde}
    for estancia in mayores:
        instantes |= {i for i in (estancia.desde, estancia.hasta) if i and _dentro(i, propia)}
    puestos: list[Puesto] = []
    for instante in sorted(instantes):
        cuantas = sum(e.desde <= instante and (e.hasta is None or e.hasta > instante) for e in mayores)
        if not puestos or puestos[-1].anteriores != cuantas:
            puestos.append(Puesto(instante, propia.dependencia_id, cuantas, propia.asesor_id))
    if propia.hasta is not None:
        puestos.append(Puesto(propia.hasta, propia.dependencia_id, None, propia.asesor_id))
    return puestos


def _dentro(instante: datetime, estancia: Estancia) -> bool:
    return estancia.desde < instante and (estancia.hasta is None or instante < estancia.hasta)
