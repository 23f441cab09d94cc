"""What a head decides about several at once, and what the head looks at to decide (R19, R41)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Min, Q

from alcance import exigir
from direcciones.ausencias import ausencias_de
from direcciones.models import AsignacionSector, Ausencia, Dependencia, Persona, Sector
from plazos.reloj import comienzo, hoy
from plazos.services import calendario_vigente
from solicitudes.estados import EN_TRABAJO, EstadoParte
from solicitudes.models import Parte
from solicitudes.models.partes import esta_vencida
from solicitudes.services.asignacion import asesores_de, quien_recibe, quienes_atienden, reasignar
from solicitudes.services.cola import asignar
from solicitudes.services.politica import Politicas
from solicitudes.services.transiciones import NoSePuede
from solicitudes.services.turnos import tomar_turnos

E = EstadoParte


def repartir(*, partes: Sequence[Parte], asesor: Persona, motivo: str) -> int:
    """Give several to one person, oldest first: all of them or none. Returns how many."""
    if not partes:
        raise ValidationError("Marque al menos una solicitud.")
    if not motivo.strip():
        raise ValidationError({"motivo": "Escriba el motivo: queda en la historia de cada una."})
    ajenas = [p for p in partes if p.dependencia_id not in exigir().jefaturas]
    if ajenas:
        raise NoSePuede("Hay solicitudes que no son de su dependencia. No se cambió ninguna.")
    with transaction.atomic():
        tomar_turnos(colas=[p.dependencia_id for p in partes], bandejas=[asesor.pk, *(p.asesor_id for p in partes)])
        for parte in sorted(partes, key=lambda p: (p.recibido_en, p.solicitud_id)):
            if parte.estado == E.EN_COLA:
                _asignar_en_orden(parte, asesor, motivo)
            else:
                reasignar(parte=parte, asesor=asesor, motivo=motivo)
    return len(partes)


def _asignar_en_orden(parte: Parte, asesor: Persona, motivo: str) -> None:
    """Here nobody is asked for the coded reason: it says where it is given."""
    try:
        asignar(parte=parte, asesor=asesor, motivo=motivo)
    except NoSePuede as falla:
        if falla.code != "fuera_de_orden":
            raise
        raise NoSePuede(
            f"Hay más antiguas que {parte.solicitud} sin asignar. "
            "Márquelas también, o ábrala y diga por qué se adelanta.",
            code="fuera_de_orden",
        ) from falla


@dataclass(frozen=True, slots=True)
class Carga:
    """What one person has in hand. `activa` False: they attend there no more. `ausencia`: the one of today."""

    persona: Persona
    en_mano: int
    esperando: int
    por_vencer: int
    vencidas: int
    mas_antigua: datetime | None
    activa: bool
    ausencia: Ausencia | None = None


def carga_por_asesor(dependencias: Sequence[int], *, por_vencer_hasta: object) -> list[Carga]:
    """Everyone who attends in these dependencias, and whoever holds work without attending any more."""
    personas = {p.pk: p for p in quienes_atienden(*dependencias)}
    ausencias = ausencias_de(personas)
    filas = (
        Parte.objects.filter(dependencia__in=dependencias, estado__in=EN_TRABAJO)
        .order_by()
        .values("asesor")
        .annotate(
            en_mano=Count("pk", filter=~Q(estado=E.EN_COMPLEMENTO)),
            esperando=Count("pk", filter=Q(estado=E.EN_COMPLEMENTO)),
            por_vencer=Count("pk", filter=Q(vence__gte=hoy(), vence__lte=por_vencer_hasta)),
            vencidas=Count("pk", filter=esta_vencida(hoy())),
            mas_antigua=Min("recibido_en", filter=~Q(estado=E.EN_COMPLEMENTO)),
        )
    )
    por_persona = {fila["asesor"]: fila for fila in filas}
    otras = Persona.objects.filter(pk__in=set(por_persona) - set(personas)).order_by("nombre")
    return [
        _carga(persona, por_persona.get(persona.pk, {}), persona.pk in personas, ausencias.get(persona.pk))
        for persona in [*otras, *personas.values()]
    ]


def _carga(persona: Persona, fila: Mapping[str, Any], activa: bool, ausencia: Ausencia | None) -> Carga:
    numeros = {campo: int(fila.get(campo) or 0) for campo in ("en_mano", "esperando", "por_vencer", "vencidas")}
    return Carga(persona=persona, activa=activa, ausencia=ausencia, mas_antigua=fila.get("mas_antigua"), **numeros)


@dataclass(frozen=True, slots=True)
class Cobertura:
    """Who attends a sector in a dependencia that shares work by sector; `atiende` None raises the alert (R41)."""

    dependencia: Dependencia
    sector: Sector
    asignacion: AsignacionSector | None
    atiende: Persona | None

    @property
    def por_suplente(self) -> bool:
        return self.asignacion is not None and self.atiende is not None and self.atiende != self.asignacion.asesor


def cobertura_de_sectores(dependencias: Sequence[Dependencia]) -> list[Cobertura]:
    """Every sector in force of every dependencia that shares by sector, with or without asesor."""
    por_sector = [d for d in dependencias if d.reparto == Dependencia.Reparto.SECTOR]
    if not por_sector:
        return []
    vigentes = AsignacionSector.objects.vigentes(hoy()).filter(dependencia__in=por_sector)
    asignaciones = {(a.dependencia_id, a.sector_id): a for a in vigentes.select_related("asesor", "suplente")}
    presentes = {d.pk: {p.pk for p in asesores_de(d)} for d in por_sector}
    sectores = list(Sector.objects.vigentes().order_by("nombre"))
    return [_cobertura(d, s, asignaciones.get((d.pk, s.pk)), presentes[d.pk]) for d in por_sector for s in sectores]


def _cobertura(
    dependencia: Dependencia, sector: Sector, asignacion: AsignacionSector | None, presentes: set[int]
) -> Cobertura:
    candidatos = [p for p in (asignacion.asesor, asignacion.suplente) if p] if asignacion else []
    atiende = next((p for p in candidatos[:1] if p.pk in presentes), None)
    # Only of who is not there it is asked who covers them.
    atiende = atiende or next((q for p in candidatos if (q := quien_recibe(p, dependencia.pk))), None)
    return Cobertura(dependencia, sector, asignacion, atiende)


def dias_sin_asignar(dependencias: Sequence[int] = ()) -> int:
    """How many business days in the queue are too many there: the same as the policy tells the heads at (R19)."""
    return Politicas.del_dia().dias_sin_asignar(dependencias)


def hace_mucho(dias: int) -> date:
    """What came before this day has waited `dias` business days or more for somebody."""
    return calendario_vigente().hace_habiles(hoy(), max(dias - 1, 0))


def sin_asignar_desde(desde: date, dependencias: Sequence[int], *, cuantas: int) -> list[Parte]:
    """The oldest of those that nobody has and came before that day."""
    en_cola = Parte.objects.filter(dependencia__in=dependencias, estado=E.EN_COLA).select_related("solicitud")
    return list(en_cola.filter(recibido_en__lt=comienzo(desde)).por_llegada()[:cuantas])
