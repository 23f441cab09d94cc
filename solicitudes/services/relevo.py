"""What somebody has in hand goes, when they stop attending, to whoever answers for it; and the check that nothing is
left without anybody (K13)."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from alcance import Alcance, como_sistema, con_alcance
from alcance.ordenes import mandar
from direcciones.ausencias import Atiende, Responsable, de_ese_dia, responsable_de
from direcciones.models import Ausencia, Dependencia, Membresia, Persona
from direcciones.roles import ATIENDEN
from plazos.fechas import fecha_corrida
from plazos.reloj import hoy
from solicitudes.estados import EN_TRABAJO, EstadoParte
from solicitudes.models import Parte
from solicitudes.models.partes import ConsultaParte
from solicitudes.services.asignacion import asesor_al_recibir
from solicitudes.services.transiciones import mover
from solicitudes.services.turnos import tomar_turnos


def relevar(*, persona: int, lugares: Sequence[int], dias: Sequence[date], motivo: str) -> None:
    """Their cases, now; and on each of those days somebody answers for every open one of those dependencias."""
    entregar_todo(persona=persona, lugares=lugares, motivo=motivo)
    for dia in dias:
        sueltas = [s for s in sin_responsable(dia) if s.dependencia in lugares]
        if sueltas:
            lugar = Dependencia.objects.get(pk=sueltas[0].dependencia)
            cuando = "" if dia == hoy() else f" desde el {fecha_corrida(dia)}"
            raise ValidationError(
                f"En {lugar} no quedaría nadie que responda por {_cuantas(len(sueltas))}{cuando}. "
                "Dé antes el rol a otra persona, o termine la ausencia de alguien."
            )


def entregar_todo(*, persona: int, lugares: Sequence[int], motivo: str) -> int:
    """Give what this person has in hand where they no longer attend. Returns how many. All or nothing."""
    with transaction.atomic(), como_sistema("relevar a quien ya no atiende"):
        # What somebody was giving them, or they were claiming, ends first and is handed over too; afterwards the
        # database gives them nothing more. With the trays it may go to, all at once like everywhere else.
        tomar_turnos(bandejas=[persona, *_de_esos_lugares(lugares)])
        partes = list(_que_no_atiende(persona).select_related("dependencia", "entidad").por_llegada())
        for parte in partes:
            _entregar(parte, motivo)
    return len(partes)


def _de_esos_lugares(lugares: Sequence[int]) -> list[int]:
    padres = Dependencia.objects.filter(pk__in=lugares, padre__isnull=False).order_by().values("padre")
    gente = Membresia.objects.activas().filter(rol__in=sorted(ATIENDEN))
    return list(gente.filter(Q(dependencia__in=lugares) | Q(dependencia__in=padres)).values_list("persona", flat=True))


def relevar_a_quienes_terminaron() -> int:
    """The sweep: roles that ended by their date. Each person is a transaction; one that nobody can replace waits, and
    the check says it."""
    with transaction.atomic(), como_sistema("buscar quién ya no atiende"):
        sueltas = Parte.objects.filter(estado__in=EN_TRABAJO).exclude(Atiende("asesor", "dependencia", *de_ese_dia()))
        donde: dict[int, set[int]] = {}
        for persona, lugar in sueltas.order_by().values_list("asesor", "dependencia").distinct():
            donde.setdefault(persona, set()).add(lugar)
        nombres = Persona.objects.in_bulk(donde)
    entregadas = 0
    for persona, lugares in sorted(donde.items()):
        motivo = f"{nombres[persona]} ya no atiende en la dependencia"
        with suppress(ValidationError):
            entregadas += entregar_todo(persona=persona, lugares=sorted(lugares), motivo=motivo)
    return entregadas


def _que_no_atiende(persona: int) -> ConsultaParte:
    """Of what they have in hand, what is of a dependencia where they attend no more."""
    suyas: ConsultaParte = Parte.objects.en_bandeja_de(persona).exclude(
        Atiende("asesor", "dependencia", *de_ese_dia())
    )
    return suyas


def _entregar(parte: Parte, motivo: str) -> None:
    quien = _sucesor(parte)
    if quien is None:
        raise ValidationError(
            f"En {parte.dependencia} no queda nadie que responda por lo que esa persona tiene a su cargo. "
            "Dé antes el rol a otra persona."
        )
    # The system itself: whoever ends a role need not head the place.
    with con_alcance(Alcance(nivel="sistema", motivo="relevar a quien ya no atiende")):
        mover(
            parte=parte,
            accion="reasignar_en_espera" if parte.estado == EstadoParte.EN_COMPLEMENTO else "reasignar",
            motivo=motivo,
            cambios={"asesor": quien},
            datos={"de": parte.asesor_id, "a": quien.pk, "por": "relevo"},
            etiquetas={"asesor": quien.nombre},
        )


def _sucesor(parte: Parte) -> Persona | None:
    """The asesor of its sector, or whoever answers for the person there: a substitute, the head, the head above."""
    with como_sistema("saber quién responde hoy"):
        del_sector = asesor_al_recibir(parte.dependencia, parte.entidad)
    return del_sector or responsable_de(parte.asesor_id or 0, parte.dependencia_id, reservada=parte.reservada)


@dataclass(frozen=True, slots=True)
class SinResponsable:
    parte: int
    solicitud: int
    dependencia: int
    asesor: int | None


def sin_responsable(dia: date | None = None) -> list[SinResponsable]:
    """The open ones that nobody answers for that day: always none."""
    with transaction.atomic(), como_sistema("comprobar que todo tiene responsable"):
        filas = mandar(
            (
                "select parte_id, solicitud_id, dependencia_id, asesor_id from solicitudes_sin_responsable_en(%s, %s)"
                " order by dependencia_id, parte_id",
                [dia or hoy(), timezone.now()],
            )
        )
    return [SinResponsable(*fila) for fila in filas]


def lo_que_cubre(alcance: Alcance, *, cuantas: int = 100) -> list[Parte]:
    """What others who are away have in hand and this person answers for today, by its last day."""
    dia, ahora = de_ese_dia()
    ausentes = Ausencia.objects.en_curso(hoy()).exclude(persona=alcance.persona_id).order_by().values("persona")
    suyas = Parte.objects.visibles_para(alcance).filter(estado__in=EN_TRABAJO, asesor__in=ausentes)
    suyas = suyas.filter(dependencia__in=alcance.dependencias)
    responde = Responsable("asesor", "dependencia", "reservada", dia, ahora)
    con_nombres = suyas.select_related("solicitud", "asesor", "dependencia").annotate(responde=responde)
    return list(con_nombres.filter(responde=alcance.persona_id).order_by("vence", "recibido_en", "pk")[:cuantas])


def _cuantas(n: int) -> str:
    return "1 solicitud abierta" if n == 1 else f"{n} solicitudes abiertas"
