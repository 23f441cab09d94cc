"""Outbox handler of what the team is told of the mail: what waits for a decision, and what others attend."""

from collections.abc import Callable

from avisos.carta import Carta
from avisos.services import avisar
from bandeja.models import Entrega
from bandeja.services import manejador
from buzones.cartas import respuestas as cartas
from buzones.models import Casilla
from buzones.services import pendientes
from buzones.services.pendientes import A_LA_JEFATURA, A_VENTANILLA, esperan_desde
from direcciones.ausencias import presentes
from direcciones.models import Membresia, Persona
from direcciones.roles import JEFES, Rol
from solicitudes.models import Parte, Solicitud

Dicho = tuple[Carta | None, list[Persona]]


@manejador(pendientes.TIPO)
def alertar(entrega: Entrega) -> None:
    evento = entrega.carga["evento"]
    carta, personas = _QUE_SE_DICE[evento](entrega)
    if carta is None:
        return
    for persona in personas:
        avisar(
            persona=persona,
            carta=carta,
            clave=entrega.clave_idempotencia,
            evento=evento,
            solicitud_id=entrega.solicitud_id,
        )


def _por_clasificar(entrega: Entrega) -> Dicho:
    """As it is when it is told: what was decided meanwhile is not counted."""
    dependencia = entrega.carga["dependencia"]
    esperan = esperan_desde(A_LA_JEFATURA if dependencia else A_VENTANILLA, dependencia)
    primero = esperan.first()
    if primero is None:
        return None, []
    quienes = _jefes(dependencia) if dependencia else _con_rol(Rol.VENTANILLA) or _con_rol(Rol.ADMINISTRADOR)
    return cartas.por_clasificar(esperan.count(), primero.fecha_efectiva), quienes


def _movida_de_buzon(entrega: Entrega) -> Dicho:
    casilla = Casilla.objects.select_related("buzon").get(pk=entrega.carga["casilla"])
    solicitud = Solicitud.objects.select_related("entidad").get(pk=entrega.solicitud_id)
    partes = Parte.objects.filter(solicitud=solicitud).select_related("dependencia").order_by("-lidera", "pk")
    quienes = [parte.dependencia.con_articulo for parte in partes]
    jefes = [] if solicitud.reservada else _jefes(casilla.buzon.dependencia_id)
    return cartas.movida_de_buzon(solicitud, str(casilla.buzon.correo), quienes), jefes


_QUE_SE_DICE: dict[str, Callable[[Entrega], Dicho]] = {
    "buzones.por_clasificar": _por_clasificar,
    "buzones.movida_de_buzon": _movida_de_buzon,
}


def _con_rol(rol: str, **lugar: object) -> list[Persona]:
    """Those of that role who are there; when none is, all: they find it on their way back."""
    suyas = Membresia.objects.activas().filter(rol=rol, **lugar)
    personas = list(Persona.objects.filter(pk__in=suyas.values("persona"), is_active=True).order_by("pk"))
    return presentes(personas) or personas


def _jefes(dependencia: int) -> list[Persona]:
    return [persona for rol in sorted(JEFES) for persona in _con_rol(rol, dependencia=dependencia)]
