"""Telling the enlaces of each entidad who their asesor is: once a year, and when it changes (R43, R106).

The ledger is the proof: who was told is read from the outbox and from it, and nothing else is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import como_sistema, exigir
from avisos.models import Envio
from bandeja.models import Entrega
from bandeja.services import Hecho, anotar_varios
from bitacora.services import registrar
from direcciones.models import Dependencia, Entidad, Membresia, Persona, Sector
from direcciones.roles import Rol
from plazos.reloj import hoy
from solicitudes.services.asignacion import quienes_atienden
from solicitudes.services.reparto import Cobertura, cobertura_de_sectores


@dataclass(frozen=True, slots=True)
class DelSector:
    """Who attends a sector, as its enlaces are told; `asesor` None: nobody, so they are not."""

    sector: Sector
    asesor: Persona | None
    suplente: Persona | None
    enlaces: tuple[Persona, ...]
    sin_enlace: tuple[Entidad, ...]


@dataclass(frozen=True, slots=True)
class Campania:
    """That of a dependencia in a year. `destinatarios`: each enlace, with what they are told."""

    dependencia: Dependencia
    anio: int
    sectores: list[DelSector]
    destinatarios: dict[Persona, list[DelSector]]
    pedidos: frozenset[int]
    avisados: frozenset[int]
    fallidos: int

    @property
    def por_informar(self) -> list[Persona]:
        return [persona for persona in self.destinatarios if persona.pk not in self.pedidos]

    @property
    def en_camino(self) -> int:
        return len(self.pedidos - self.avisados)


def clave_de(dependencia: int, anio: int) -> str:
    return f"asesores:{anio}:{dependencia}"


def del_sector(dependencia: Dependencia) -> list[DelSector]:
    """Every sector of a dependencia that shares by sector, with the enlaces of its entidades."""
    enlaces = _enlaces(dependencia)
    por_sector: dict[int, dict[int, list[Persona]]] = {}
    for entidad in Entidad.objects.vigentes(hoy()).filter(sector__isnull=False).order_by("nombre"):
        por_sector.setdefault(entidad.sector_id, {})[entidad.pk] = enlaces.get(entidad.pk, [])
    nombres = Entidad.objects.in_bulk([e for suyas in por_sector.values() for e in suyas])
    trabajan = {p.pk for p in quienes_atienden(dependencia)}
    return [
        _uno(cobertura, por_sector.get(cobertura.sector.pk, {}), nombres, trabajan)
        for cobertura in cobertura_de_sectores([dependencia])
    ]


def _uno(
    cobertura: Cobertura, entidades: dict[int, list[Persona]], nombres: dict[int, Entidad], trabajan: set[int]
) -> DelSector:
    asignacion, asesor, suplente = cobertura.asignacion, cobertura.atiende, None
    if asignacion is not None and asignacion.asesor_id in trabajan:  # also when away today: it is for the year
        asesor, suplente = asignacion.asesor, asignacion.suplente
    enlaces = {p.pk: p for personas in entidades.values() for p in personas}
    sin_enlace = tuple(nombres[pk] for pk, personas in entidades.items() if not personas)
    return DelSector(cobertura.sector, asesor, suplente, tuple(enlaces.values()), sin_enlace)


def _enlaces(dependencia: Dependencia) -> dict[int, list[Persona]]:
    """Entidad → its enlaces, but those who are so for other direcciones only."""
    lugares = {dependencia.pk, dependencia.padre_id}
    with como_sistema("saber quiénes son los enlaces de cada entidad"):
        membresias = Membresia.objects.activas().filter(rol=Rol.ENLACE).select_related("persona").order_by("pk")
        filas = [(m.entidad_id, m.persona, m.solo_direcciones) for m in membresias]
    enlaces: dict[int, list[Persona]] = {}
    for entidad, persona, solo in filas:
        if not solo or lugares & set(solo):
            enlaces.setdefault(entidad, []).append(persona)
    return enlaces


def destinatarios(sectores: Sequence[DelSector]) -> dict[Persona, list[DelSector]]:
    """Each enlace with what they are told: the sectores of their entidades that somebody attends."""
    dichos: dict[Persona, list[DelSector]] = {}
    for uno in sectores:
        for persona in uno.enlaces if uno.asesor else ():
            dichos.setdefault(persona, []).append(uno)
    return dichos


def campania(dependencia: Dependencia) -> Campania:
    anio, sectores = hoy().year, del_sector(dependencia)
    clave, dichos = clave_de(dependencia.pk, anio), destinatarios(sectores)
    claves = {f"{clave}:{persona.pk}": persona.pk for persona in dichos}
    with como_sistema("ver a qué enlaces se les dijo quién los asesora"):
        entregas = Entrega.objects.filter(clave_idempotencia__in=list(claves)).order_by()
        pedidos = {claves[c] for c in entregas.values_list("clave_idempotencia", flat=True)}
        envios = Envio.objects.filter(aviso__clave__in=list(claves)).order_by()
        avisados = {claves[c] for c in envios.values_list("aviso__clave", flat=True)}
        fallidos = envios.en_estado("fallidos").count()
    return Campania(dependencia, anio, sectores, dichos, frozenset(pedidos), frozenset(avisados), fallidos)


def informar_asesores(*, dependencia: Dependencia) -> int:
    """Ask that each enlace who was not told this year be told. Returns how many; asked again, nobody is told twice."""
    _exigir_jefatura(dependencia)
    with transaction.atomic():
        una = campania(dependencia)
        clave, personas = clave_de(dependencia.pk, una.anio), una.por_informar
        if not personas:
            raise ValidationError("Ya se informó a todos los enlaces que tienen asesor.")
        anotar_varios(
            [
                Hecho(
                    "solicitudes.informar_asesor",
                    f"{clave}:{persona.pk}",
                    {"dependencia": dependencia.pk, "anio": una.anio, "persona": persona.pk},
                )
                for persona in personas
            ]
        )
        registrar(
            accion="asesores.informar",
            objeto=dependencia,
            texto=f"{dependencia.nombre_corto}, {una.anio}",
            despues={"anio": una.anio, "enlaces": len(personas)},
            dependencias=[dependencia.pk],
        )
    return len(personas)


def _exigir_jefatura(dependencia: Dependencia) -> None:
    alcance = exigir()
    if dependencia.pk not in alcance.jefaturas and not alcance.es_sistema:
        raise ValidationError("Solo la jefatura de la dependencia informa a los enlaces.")
    if dependencia.reparto != Dependencia.Reparto.SECTOR:
        raise ValidationError(f"{dependencia} reparte por turno: sus entidades no tienen un asesor fijo.")
