"""Who attends: by sector at once, or by hand of the head (R41, R42)."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from alcance import Alcance, como_sistema, con_alcance, exigir
from alcance.compiladas import Compilada
from direcciones.ausencias import ausencia_de, reemplazo_de
from direcciones.models import AsignacionSector, Ausencia, Dependencia, Entidad, Membresia, Persona
from direcciones.roles import ATIENDEN
from plazos.fechas import fecha_corrida
from plazos.reloj import hoy
from solicitudes.estados import EstadoParte
from solicitudes.models import Parte
from solicitudes.services.transiciones import NoSePuede, mover


def asignar_por_sector(*, parte: Parte) -> Parte:
    """Give the parte to its sector's asesor when the dependencia shares work by sector.

    Without an active asesor nor substitute it stays in the queue, where the heads see it as unassigned (R19).
    """
    asesor = asesor_al_recibir(parte.dependencia, parte.entidad)
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


def recibir_asignada(*, parte: Parte, asesor: Persona, en_atencion: bool) -> Parte:
    """One that came from before the portal, in the hands of whoever had it: no order is broken by it."""
    with con_alcance(Alcance(persona_id=exigir().persona_id, nivel="sistema", motivo="recibir lo que ya atendían")):
        return mover(
            parte=parte,
            accion="recibir_en_atencion" if en_atencion else "recibir_asignada",
            cambios={"asesor": asesor},
            datos={"por": "importacion", "importada": True},
            etiquetas={"asesor": asesor.nombre},
        )


def asesor_al_recibir(dependencia: Dependencia, entidad: Entidad) -> Persona | None:
    """Who receives at once what an entidad asks: the active asesor of its sector, or the substitute, or nobody."""
    if dependencia.reparto != Dependencia.Reparto.SECTOR:
        return None
    asignacion = (
        AsignacionSector.objects.vigentes(hoy())
        .filter(dependencia=dependencia, sector=entidad.sector_id)
        .select_related("asesor", "suplente")
        .first()
    )
    if asignacion is None:
        return None
    candidatos = (asignacion.asesor, asignacion.suplente)
    return next((q for p in candidatos if p and (q := quien_recibe(p, dependencia.pk))), None)


def asesores_de_la_entidad(entidad: Entidad) -> list[tuple[Dependencia, Persona]]:
    """To whom its enlaces write: in each dependencia that shares by sector, who receives today what it asks (R54)."""
    atienden = Dependencia.objects.vigentes(hoy()).que_atienden().filter(reparto=Dependencia.Reparto.SECTOR)
    asignaciones = (
        AsignacionSector.objects.vigentes(hoy())
        .filter(sector=entidad.sector_id, dependencia__in=atienden)
        .select_related("asesor", "suplente", "dependencia__padre")
        .order_by("dependencia__nombre")
    )
    pares = []
    for una in asignaciones:
        candidatos = (una.asesor, una.suplente)
        quien = next((q for p in candidatos if p and (q := quien_recibe(p, una.dependencia_id))), None)
        if quien is not None:
            pares.append((una.dependencia, quien))
    return pares


def quien_recibe(persona: Persona, dependencia_id: int) -> Persona | None:
    """Who takes today what is for somebody: themselves, or whoever covers them if they attend there too."""
    if puede_atender(persona, dependencia_id):
        return persona
    cubre = reemplazo_de(persona)
    return cubre if cubre and cubre.pk != persona.pk and puede_atender(cubre, dependencia_id) else None


def puede_atender(persona: Persona, dependencia_id: int) -> bool:
    """Active account, a membership in force that attends in that dependencia, and not away today."""
    with como_sistema("comprobar que la persona atiende en la dependencia"):
        return (
            persona.is_active
            and Membresia.objects.activas()
            .filter(persona=persona, dependencia=dependencia_id, rol__in=sorted(ATIENDEN))
            .exclude(persona__in=_ausentes(hoy()))
            .exists()
        )


def _ausentes(dia: date) -> QuerySet[Any]:
    return Ausencia.objects.en_curso(dia).order_by().values("persona")


def asesores_de(*dependencias: Dependencia | int) -> list[Persona]:
    """People who may take work of these dependencias today, by name."""
    return _atienden_hoy(_ASESORES, dependencias, presentes_el=hoy())


def quienes_atienden(*dependencias: Dependencia | int) -> list[Persona]:
    """The same with those who are away today: who has work there."""
    return _atienden_hoy(_ASESORES, dependencias)


def nombres_de_asesores(*dependencias: Dependencia | int) -> tuple[tuple[int, str], ...]:
    """Those who attend in these dependencias, away or not, only to be named."""
    return tuple(_atienden_hoy(_NOMBRES, dependencias))


def _atienden_hoy(
    consulta: Compilada, dependencias: tuple[Dependencia | int, ...], *, presentes_el: date | None = None
) -> list[Any]:
    lugares = tuple(d if isinstance(d, int) else d.pk for d in dependencias)
    with como_sistema("asesores de la dependencia"):
        return consulta(lugares=lugares, dia=timezone.localdate(), ahora=timezone.now(), presentes_el=presentes_el)


def _asesores(lugares: tuple[int, ...], dia: date, ahora: datetime, presentes_el: date | None) -> Any:
    del_lugar = Membresia.objects.activas(dia, ahora).filter(dependencia__in=lugares, rol__in=sorted(ATIENDEN))
    personas = Persona.objects.filter(pk__in=del_lugar.values("persona"), is_active=True).order_by("nombre")
    return personas if presentes_el is None else personas.exclude(pk__in=_ausentes(presentes_el))


_TIPOS: dict[str, type] = {"lugares": tuple, "dia": date, "ahora": datetime, "presentes_el": date}
_ASESORES = Compilada(_asesores, **_TIPOS)
_NOMBRES = Compilada(lambda **valores: _asesores(**valores).values_list("pk", "nombre"), **_TIPOS)


def reasignar(*, parte: Parte, asesor: Persona, motivo: str = "") -> Parte:
    """The head gives to somebody else what somebody has in hand (R42: reassignment leaves a reason)."""
    comprobar_asesor(parte, asesor)
    if parte.asesor_id == asesor.pk:
        raise NoSePuede(f"{asesor} ya la tiene a su cargo.")
    return mover(
        parte=parte,
        accion="reasignar_en_espera" if parte.estado == EstadoParte.EN_COMPLEMENTO else "reasignar",
        motivo=motivo,
        cambios={"asesor": asesor},
        datos={"de": parte.asesor_id, "a": asesor.pk},
        etiquetas={"asesor": asesor.nombre},
    )


def comprobar_asesor(parte: Parte, asesor: Persona) -> None:
    if not puede_atender(asesor, parte.dependencia_id):
        raise NoSePuede(_por_que_no_recibe(asesor, parte.dependencia))


def _por_que_no_recibe(asesor: Persona, dependencia: Dependencia) -> str:
    ausencia = ausencia_de(asesor)
    if ausencia is None:
        return f"{asesor} no atiende en {dependencia}. Elija a alguien de la dependencia."
    cubre = quien_recibe(asesor, dependencia.pk)
    elija = f"Elija a {cubre}, que la cubre." if cubre else "Elija a otra persona."
    return f"{asesor} no está hasta el {fecha_corrida(ausencia.hasta)}. {elija}"


def comprobar_presencia(persona: Persona | int) -> None:
    """Whoever is away takes nothing: they say first that they are back."""
    ausencia = ausencia_de(persona)
    if ausencia is not None:
        raise NoSePuede(
            f"Usted figura como ausente hasta el {fecha_corrida(ausencia.hasta)}. "
            "Si ya volvió, termine su ausencia en «Mi ausencia y lo que cubro» y vuelva a intentar.",
            code="ausente",
        )
