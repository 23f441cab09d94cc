"""Who is missing: sectors that nobody attends (R41), dependencias without asesores or without a head to sign (R57)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from alcance import como_sistema
from direcciones.models import AsignacionSector, Dependencia, Encargo, Membresia, Sector
from direcciones.roles import ATIENDEN, JEFES


@dataclass(frozen=True, slots=True)
class Vacante:
    dependencia: Dependencia
    sector: Sector
    motivo: str  # why, for a person


def vacantes() -> list[Vacante]:
    """Every pair of dependencia and sector without an active asesor or substitute, in order of code."""
    dependencias = list(
        Dependencia.objects.vigentes().que_atienden().filter(reparto=Dependencia.Reparto.SECTOR).order_by("codigo")
    )
    sectores = list(Sector.objects.vigentes().filter(entidades__isnull=False).distinct().order_by("codigo"))
    asignaciones = AsignacionSector.objects.vigentes().filter(dependencia__in=dependencias)
    por_par = {(a.dependencia_id, a.sector_id): a for a in asignaciones.order_by("id")}
    activos = _activos(dependencias)
    return [
        Vacante(dependencia, sector, motivo)
        for dependencia in dependencias
        for sector in sectores
        if (motivo := _falta(por_par.get((dependencia.pk, sector.pk)), activos, dependencia.pk))
    ]


@dataclass(frozen=True, slots=True)
class Sola:
    dependencia: Dependencia
    motivo: str  # what stops, for a person


def dependencias_solas() -> list[Sola]:
    """Those that receive solicitudes and have nobody to attend them, or nobody to sign their conceptos, by code."""
    dependencias = list(Dependencia.objects.vigentes().que_atienden().order_by("codigo"))
    with como_sistema("saber qué dependencias están solas"):
        activas = list(Membresia.objects.activas().order_by().values_list("dependencia", "rol"))
    encargadas = set(Encargo.objects.vigentes().values_list("dependencia", flat=True))
    atendidas = {lugar for lugar, rol in activas if rol in ATIENDEN}
    dirigidas = {lugar for lugar, rol in activas if rol in JEFES} | encargadas
    solas = []
    for dependencia in dependencias:
        lugares = {dependencia.pk, dependencia.padre_id}
        if not lugares & atendidas:
            solas.append(Sola(dependencia, "Nadie atiende lo que recibe."))
        elif not lugares & dirigidas:
            solas.append(Sola(dependencia, "Nadie la dirige ni tiene un encargo: sus conceptos no se pueden firmar."))
    return solas


def _falta(asignacion: AsignacionSector | None, activos: set[tuple[int, int]], dependencia_id: int) -> str:
    if asignacion is None:
        return "No tiene asesor asignado."
    quienes = [asignacion.asesor_id, asignacion.suplente_id]
    if any((persona_id, dependencia_id) in activos for persona_id in quienes):
        return ""
    return "Su asesor ya no está activo y no tiene suplente."


def _activos(dependencias: Iterable[Dependencia]) -> set[tuple[int, int]]:
    """Who attends today in each dependencia, heads of the dirección above included. Shape: (persona, dependencia)."""
    with como_sistema("saber quién atiende cada sector"):
        membresias = Membresia.objects.activas().filter(rol__in=sorted(ATIENDEN))
        por_dependencia = {
            d.pk: membresias.filter(Q(dependencia=d) | Q(dependencia=d.padre_id)).values_list("persona", flat=True)
            for d in dependencias
        }
        return {(persona, pk) for pk, personas in por_dependencia.items() for persona in personas}
