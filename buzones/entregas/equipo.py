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
from direcciones.ausencias import con_rol, de_turno, presentes, quienes_dirigen
from direcciones.models import Dependencia, Persona
from direcciones.roles import Rol
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
    if dependencia:
        quienes = quienes_dirigen(Dependencia.objects.get(pk=dependencia))
    else:
        quienes = presentes(con_rol(Rol.VENTANILLA)) or de_turno(Rol.ADMINISTRADOR)
    return cartas.por_clasificar(esperan.count(), primero.fecha_efectiva), quienes


def _movida_de_buzon(entrega: Entrega) -> Dicho:
    casilla = Casilla.objects.select_related("buzon__dependencia").get(pk=entrega.carga["casilla"])
    solicitud = Solicitud.objects.select_related("entidad").get(pk=entrega.solicitud_id)
    partes = Parte.objects.filter(solicitud=solicitud).select_related("dependencia").order_by("-lidera", "pk")
    quienes = [parte.dependencia.con_articulo for parte in partes]
    jefes = [] if solicitud.reservada else quienes_dirigen(casilla.buzon.dependencia)
    return cartas.movida_de_buzon(solicitud, str(casilla.buzon.correo), quienes), jefes


_QUE_SE_DICE: dict[str, Callable[[Entrega], Dicho]] = {
    "buzones.por_clasificar": _por_clasificar,
    "buzones.movida_de_buzon": _movida_de_buzon,
}
