"""What the plan reads of the portal, as plain data: the same catalogues, seed and instant give the same plan."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from demo.cuentas import CUENTAS, Cuenta, extras
from demo.ejemplos import Ejemplo, leer
from direcciones.models import AsignacionSector, Dependencia, Entidad, Tema
from direcciones.roles import JEFES, Rol
from plazos.calendario import Calendario
from plazos.services import calendario_vigente


@dataclass(frozen=True, slots=True)
class EntidadSim:
    codigo: str
    nombre: str
    sigla: str
    sector: str
    prestadora: bool


@dataclass(frozen=True)
class Mundo:
    """People are named by their account, without the domain; dependencias, entidades and temas by their code."""

    calendario: Calendario
    entidades: dict[str, EntidadSim]
    temas: dict[str, str]  # tema → dependencia
    asesores: dict[str, list[str]]
    por_sector: dict[tuple[str, str], list[str]]  # (dependencia, sector) → the asesor and the substitute
    jefes: dict[str, list[str]]  # who heads it, and who heads the dirección above
    revisan: dict[str, list[str]]  # a small dependencia borrows who reviews, or its head does
    ejemplos: list[Ejemplo] = field(default_factory=list)

    @property
    def por_turno(self) -> set[str]:
        return set(self.asesores) - {dependencia for dependencia, _ in self.por_sector}


def leer_mundo(hoy: date, tamano: int) -> Mundo:
    """The catalogues as they are now. Must run as the system, with the accounts already made."""
    calendario = calendario_vigente()
    cuentas = [*CUENTAS, *extras(tamano)]
    atienden = list(Dependencia.objects.filter(atiende=True).select_related("padre"))
    asignaciones = AsignacionSector.objects.vigentes().select_related("dependencia", "sector", "asesor", "suplente")
    jefes = {d.codigo: _quienes(cuentas, d, JEFES) for d in atienden}
    return Mundo(
        calendario=calendario,
        entidades={e.codigo: _entidad(e) for e in Entidad.objects.select_related("sector").order_by("codigo")},
        temas={t.codigo: t.dependencia.codigo for t in Tema.objects.select_related("dependencia")},
        asesores={
            d.codigo: [c.usuario for c in cuentas if c.rol == Rol.ASESOR and c.dependencia == d.codigo]
            for d in atienden
        },
        por_sector={
            (a.dependencia.codigo, a.sector.codigo): [
                p.correo.split("@")[0] for p in (a.asesor, a.suplente) if p is not None
            ]
            for a in asignaciones
        },
        jefes=jefes,
        revisan={d.codigo: [*_quienes(cuentas, d, {Rol.REVISOR}), *jefes[d.codigo]] for d in atienden},
        ejemplos=leer(calendario, hoy),
    )


def _quienes(cuentas: list[Cuenta], dependencia: Dependencia, roles: Collection[Rol]) -> list[str]:
    """Of the place first, then of the dirección it belongs to."""
    lugares = dict.fromkeys((dependencia.codigo, dependencia.direccion.codigo))
    return [c.usuario for lugar in lugares for c in cuentas if c.dependencia == lugar and c.rol in roles]


def _entidad(entidad: Entidad) -> EntidadSim:
    prestadora = entidad.tipo == Entidad.Tipo.PRESTADORA
    return EntidadSim(entidad.codigo, entidad.nombre, entidad.sigla, entidad.sector.codigo, prestadora)
