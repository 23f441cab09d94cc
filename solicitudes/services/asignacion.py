"""Who attends: by sector at once, or by hand of the head (R41, R42)."""

from alcance import Alcance, como_sistema, con_alcance
from direcciones.models import AsignacionSector, Dependencia, Membresia, Persona
from direcciones.roles import ATIENDEN
from plazos.reloj import hoy
from solicitudes.models import Parte
from solicitudes.services.transiciones import NoSePuede, mover


def asignar_por_sector(*, parte: Parte) -> Parte:
    """Give the parte to its sector's asesor when the dependencia shares work by sector.

    Without an active asesor nor substitute it stays in the queue, where the heads see it as unassigned (R19).
    """
    if parte.dependencia.reparto != Dependencia.Reparto.SECTOR:
        return parte
    asesor = asesor_del_sector(parte)
    if asesor is None:
        return parte
    # The system itself, not in the name of whoever files: an enlace may not assign.
    with con_alcance(Alcance(nivel="sistema", motivo="asignar al asesor del sector")):
        return mover(
            parte=parte,
            accion="asignar",
            cambios={"asesor": asesor},
            datos={"por": "sector"},
            etiquetas={"asesor": asesor.nombre},
        )


def asesor_del_sector(parte: Parte) -> Persona | None:
    """The active asesor of the entity's sector, or the substitute, or None."""
    asignacion = (
        AsignacionSector.objects.vigentes(hoy())
        .filter(dependencia=parte.dependencia_id, sector=parte.entidad.sector_id)
        .select_related("asesor", "suplente")
        .first()
    )
    if asignacion is None:
        return None
    candidatos = (asignacion.asesor, asignacion.suplente)
    return next((p for p in candidatos if p and puede_atender(p, parte.dependencia_id)), None)


def puede_atender(persona: Persona, dependencia_id: int) -> bool:
    """Active account and a membership in force that attends in that dependencia."""
    with como_sistema("comprobar que la persona atiende en la dependencia"):
        return (
            persona.is_active
            and Membresia.objects.activas()
            .filter(persona=persona, dependencia=dependencia_id, rol__in=sorted(ATIENDEN))
            .exists()
        )


def reasignar(*, parte: Parte, asesor: Persona, motivo: str = "") -> Parte:
    """The head gives the parte to somebody (R42: reassignment leaves a reason)."""
    if not puede_atender(asesor, parte.dependencia_id):
        raise NoSePuede(f"{asesor} no atiende en {parte.dependencia}. Elija a alguien de la dependencia.")
    return mover(
        parte=parte,
        accion="asignar" if parte.asesor_id is None else "reasignar",
        motivo=motivo,
        cambios={"asesor": asesor},
        datos={"de": parte.asesor_id, "a": asesor.pk},
        etiquetas={"asesor": asesor.nombre},
    )
