"""Sectors that nobody attends where work is given by sector (R41): the board shows them until somebody does."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from alcance import como_sistema
from direcciones.models import AsignacionSector, Dependencia, Membresia, Sector
from direcciones.roles import ATIENDEN


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
