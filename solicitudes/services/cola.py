"""First in, first out (lineamiento §5): claiming the oldest, and the coded reason to attend a later one first."""

from django.db import connection, transaction

from alcance import como_sistema, exigir
from direcciones.models import Dependencia, Persona
from plazos.reloj import ahora
from solicitudes.estados import MOTIVOS_DE_ORDEN, EstadoParte
from solicitudes.models import ExcepcionOrden, Parte
from solicitudes.services.transiciones import NoSePuede, mover


def atender_siguiente(*, dependencia: Dependencia | int, persona: Persona) -> Parte | None:
    """Claim the oldest unassigned parte of a dependencia; None when there is none.

    SKIP LOCKED alone is not strict order (stack.md §6): two claims at once may swap places. The advisory lock of the
    transaction makes claims of one queue take turns, so no claim is double and none jumps ahead (C03).
    """
    dependencia_id = dependencia if isinstance(dependencia, int) else dependencia.pk
    with transaction.atomic():
        tomar_turno_de_la_cola(dependencia_id)
        with como_sistema("buscar la más antigua de la cola"):
            parte = Parte.objects.en_cola(dependencia_id).first()
        if parte is None:
            return None
        return mover(parte=parte, accion="tomar", cambios={"asesor": persona, "asignada_en": ahora()})


def tomar_turno_de_la_cola(dependencia_id: int) -> None:
    """Hold the queue of a dependencia until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('solicitudes.cola'), %s)", [dependencia_id])


def empezar_a_atender(*, parte: Parte, codigo: str = "", motivo: str = "") -> Parte:
    """Start an assigned one, or take a given one of the queue. Out of order it needs a coded reason (R20).

    Raises NoSePuede with the number of older ones when the reason is missing; the page then asks for it.
    """
    with transaction.atomic():
        tomar_turno_de_la_cola(parte.dependencia_id)
        anteriores = cuantas_anteriores(parte)
        if anteriores and codigo not in MOTIVOS_DE_ORDEN:
            raise NoSePuede(
                f"Hay {anteriores} más antigua{'s' if anteriores > 1 else ''} sin atender. "
                "Atienda primero la más antigua o elija el motivo para adelantar esta.",
                code="fuera_de_orden",
            )
        if anteriores and not motivo.strip():
            raise NoSePuede("Explique en una frase por qué adelanta esta solicitud.", code="fuera_de_orden")
        persona_id = exigir().persona_id
        if parte.estado == EstadoParte.EN_COLA:
            cambios = {"asesor_id": persona_id, "asignada_en": ahora()}
            movida = mover(parte=parte, accion="tomar", motivo=motivo, cambios=cambios)
        else:
            movida = mover(parte=parte, accion="empezar", motivo=motivo)
        if anteriores:
            with como_sistema("anotar la excepción al orden"):
                ExcepcionOrden.objects.create(
                    parte=movida,
                    solicitud_id=movida.solicitud_id,
                    codigo=codigo,
                    motivo=motivo.strip(),
                    anteriores=anteriores,
                    persona_id=persona_id,
                    en=ahora(),
                )
    return movida


def cuantas_anteriores(parte: Parte) -> int:
    """Older ones of the same tray that nobody has started: the queue of the dependencia, or the asesor's own tray."""
    with como_sistema("contar las más antiguas de la misma bandeja"):
        if parte.estado == EstadoParte.EN_COLA:
            bandeja = Parte.objects.filter(dependencia=parte.dependencia_id, estado=EstadoParte.EN_COLA)
        else:
            bandeja = Parte.objects.filter(asesor=parte.asesor_id, estado=EstadoParte.ASIGNADA)
        return bandeja.anteriores_a(parte.recibido_en, parte.solicitud_id).count()


def turno(parte: Parte) -> int | None:
    """Place in its queue or tray, starting at 1; None once somebody attends it. Shows a number and nothing else."""
    if parte.estado not in {EstadoParte.EN_COLA, EstadoParte.ASIGNADA}:
        return None
    return cuantas_anteriores(parte) + 1


def inversiones_de_orden(dependencia: Dependencia | int) -> dict[str, int]:
    """How many were attended before an older one of the tray: with a reason. The service allows no other kind."""
    with como_sistema("contar inversiones del orden"):
        con_motivo = ExcepcionOrden.objects.filter(parte__dependencia=dependencia).count()
    return {"con_motivo": con_motivo}
