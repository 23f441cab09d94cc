"""First in, first out (lineamiento §5): claiming the oldest, and the coded reason to attend a later one first."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from alcance import como_sistema, exigir
from alcance.compiladas import Compilada, Forma, agregada
from direcciones.models import Dependencia, Persona
from plazos.reloj import ahora, hoy
from solicitudes.estados import MOTIVOS_DE_ORDEN, EstadoParte
from solicitudes.models import ExcepcionOrden, Parte
from solicitudes.models.partes import ConsultaParte
from solicitudes.services.asignacion import comprobar_asesor, comprobar_presencia
from solicitudes.services.transiciones import NoSePuede, Tomada, en_palabras, leer_tomada, mover
from solicitudes.services.turnos import tomar_turnos, turnos

SIN_EMPEZAR = frozenset({EstadoParte.EN_COLA, EstadoParte.ASIGNADA})


def atender_siguiente(*, dependencia: Dependencia | int, persona: Persona) -> Parte | None:
    """The oldest that this person may start now: of their own tray or of the queue, whichever came first.

    Returns None when there is none; NoSePuede when this person is away. SKIP LOCKED alone is not strict order
    (stack.md §6): two claims at once may swap places. The advisory lock of the transaction makes claims of one queue
    take turns, so no claim is double and none jumps ahead (C03).
    """
    dependencia_id = dependencia if isinstance(dependencia, int) else dependencia.pk
    with transaction.atomic():
        tomada = la_mas_antigua(dependencia_id, persona)
        if tomada is None:
            comprobar_presencia(persona)
            return None
        if tomada.parte.estado == EstadoParte.ASIGNADA:
            return mover(parte=tomada.parte, accion="empezar", con_turno=True, tomada=tomada, al_confirmar=True)
        cambios = {"asesor": persona}
        return mover(
            parte=tomada.parte, accion="tomar", cambios=cambios, con_turno=True, tomada=tomada, al_confirmar=True
        )


def la_mas_antigua(dependencia_id: int, persona: Persona) -> Tomada | None:
    """What «Atender la siguiente» gives now, locked, with the turn of its queue and of the person's tray."""
    turno = turnos(colas=[dependencia_id], bandejas=[persona.pk])
    # As the system: otherwise a reserved one that waits would not be seen, and nobody would ever take it.
    with en_palabras(), como_sistema("buscar la más antigua de la cola"):
        cual = "solicitudes_la_siguiente(%s, %s, %s, %s)", [dependencia_id, persona.pk, hoy(), ahora()]
        return leer_tomada(cual, antes=[turno])


def empezar_a_atender(*, parte: Parte, codigo: str = "", motivo: str = "") -> Parte:
    """Start an assigned one, or take a given one of the queue. Out of order it needs a coded reason (R20).

    Raises NoSePuede(code="fuera_de_orden") when the reason is missing; the page then asks for it.
    """
    persona_id = exigir().persona_id
    with transaction.atomic():
        tomar_turnos(colas=[parte.dependencia_id], bandejas=[parte.asesor_id])
        parte = _fresca(parte)
        anteriores, instante = _exigir_orden(parte, codigo, motivo), ahora()
        por_que = _por_que(anteriores, codigo, motivo)
        if parte.estado == EstadoParte.EN_COLA:
            comprobar_presencia(persona_id or 0)
            cambios = {"asesor_id": persona_id}
            movida = mover(parte=parte, accion="tomar", motivo=por_que, cambios=cambios, en=instante)
        else:
            movida = mover(parte=parte, accion="empezar", motivo=por_que, en=instante)
        _anotar_excepcion(movida, anteriores, codigo, motivo, instante)
    return movida


def asignar(*, parte: Parte, asesor: Persona, codigo: str = "", motivo: str = "") -> Parte:
    """The head gives one of the queue to somebody: the oldest, or another with a reason (R20)."""
    comprobar_asesor(parte, asesor)
    with transaction.atomic():
        tomar_turnos(colas=[parte.dependencia_id], bandejas=[asesor.pk])
        parte = _fresca(parte)
        anteriores, instante = _exigir_orden(parte, codigo, motivo), ahora()
        movida = mover(
            parte=parte,
            accion="asignar",
            motivo=_por_que(anteriores, codigo, motivo),
            cambios={"asesor": asesor},
            datos={"a": asesor.pk},
            etiquetas={"asesor": asesor.nombre},
            en=instante,
        )
        _anotar_excepcion(movida, anteriores, codigo, motivo, instante)
    return movida


def _fresca(parte: Parte) -> Parte:
    """As it is now that we hold the turn. The page it was chosen on may be old."""
    with como_sistema("releer la parte con el turno tomado"):
        actual = Parte.objects.select_related("dependencia").get(pk=parte.pk)
    if (actual.dependencia_id, actual.asesor_id) != (parte.dependencia_id, parte.asesor_id):
        raise NoSePuede("Alguien la asignó o la trasladó mientras usted la veía. Recargue la página.")
    return actual


def _exigir_orden(parte: Parte, codigo: str, motivo: str) -> int:
    """How many older ones wait in its tray. Raises NoSePuede when there are and the reason is missing."""
    anteriores = cuantas_anteriores(parte)
    if not anteriores:
        return 0
    if codigo not in MOTIVOS_DE_ORDEN:
        raise NoSePuede(
            f"Hay {anteriores} más antigua{'s' if anteriores > 1 else ''} sin atender. "
            "Atienda primero la más antigua o elija el motivo para adelantar esta.",
            code="fuera_de_orden",
        )
    if not motivo.strip():
        raise NoSePuede("Explique en una frase por qué adelanta esta solicitud.", code="fuera_de_orden")
    return anteriores


def _por_que(anteriores: int, codigo: str, motivo: str) -> str:
    """What the history says of it: that it went before others, and why."""
    if not anteriores:
        return motivo
    otras = "otra más antigua" if anteriores == 1 else f"{anteriores} más antiguas"
    return f"Antes que {otras}. {MOTIVOS_DE_ORDEN[codigo]}: {motivo.strip()}"


def _anotar_excepcion(parte: Parte, anteriores: int, codigo: str, motivo: str, en: datetime) -> None:
    """`en` is the instant of the move it justifies: the count of inversions pairs them by it."""
    if not anteriores:
        return
    with como_sistema("anotar la excepción al orden"):
        ExcepcionOrden.objects.create(
            parte=parte,
            solicitud_id=parte.solicitud_id,
            codigo=codigo,
            motivo=motivo.strip(),
            anteriores=anteriores,
            persona_id=exigir().persona_id or 0,
            en=en,
        )


def mas_antiguas(parte: Parte) -> ConsultaParte:
    """Older ones of the same tray that nobody has started: the queue of the dependencia, or the asesor's own tray.

    Read it as system for the true number; as oneself to show only what one may see.
    """
    return _anteriores(**_su_lugar(parte)).por_llegada() if parte.estado in SIN_EMPEZAR else Parte.objects.none()


def _su_lugar(parte: Parte) -> dict[str, Any]:
    asignada = parte.estado == EstadoParte.ASIGNADA
    return {
        "estado": str(parte.estado),
        "donde": parte.asesor_id if asignada else parte.dependencia_id,
        "recibido_en": parte.recibido_en,
        "solicitud": parte.solicitud_id,
    }


def _anteriores(estado: str, donde: int, recibido_en: datetime, solicitud: int) -> ConsultaParte:
    bandeja = {"asesor" if estado == EstadoParte.ASIGNADA else "dependencia": donde}
    return Parte.objects.filter(estado=estado, **bandeja).anteriores_a(recibido_en, solicitud)


_LUGAR: dict[str, type] = {"estado": Forma, "donde": int, "recibido_en": datetime, "solicitud": int}
_CUANTAS = Compilada(lambda **lugar: agregada(_anteriores(**lugar), cuantas=Count("pk")), **_LUGAR)
_PRIMERAS = Compilada(lambda **lugar: _anteriores(**lugar).por_llegada().values_list("pk")[:101], **_LUGAR)


def cuantas_anteriores(parte: Parte) -> int:
    if parte.estado not in SIN_EMPEZAR:
        return 0
    with como_sistema("contar las más antiguas de la misma bandeja"):
        ((cuantas,),) = _CUANTAS(**_su_lugar(parte))
    return int(cuantas)


def hasta_cien_anteriores(parte: Parte) -> int:
    """As `cuantas_anteriores`, up to a hundred and one: what a page says of a queue costs the same however long it
    is."""
    if parte.estado not in SIN_EMPEZAR:
        return 0
    with como_sistema("ver si hay más antiguas en la misma bandeja"):
        return len(_PRIMERAS(**_su_lugar(parte)))


def turno(parte: Parte) -> int | None:
    """Place in its queue or tray, starting at 1; None once somebody attends it. Shows a number and nothing else."""
    if parte.estado not in SIN_EMPEZAR:
        return None
    return cuantas_anteriores(parte) + 1
