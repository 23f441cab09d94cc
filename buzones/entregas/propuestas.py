"""Outbox handlers of the liaisons that wait for their entity."""

from avisos.services import avisar
from bandeja.models import Entrega
from bandeja.services import manejador
from buzones.cartas import propuestas as cartas
from buzones.models import PropuestaEnlace
from direcciones.ausencias import con_rol, de_turno, presentes
from direcciones.roles import Rol


@manejador("buzones.propuesta_enlace")
def pedir_que_la_confirmen(entrega: Entrega) -> None:
    """To who administers the entity; when nobody does, to who runs the portal."""
    propuesta = _la_propuesta(entrega)
    if propuesta.estado != PropuestaEnlace.Estado.POR_CONFIRMAR:
        return
    personas = con_rol(Rol.ADMIN_ENTIDAD, entidad=propuesta.entidad_id)
    del_portal = not personas
    for persona in personas or de_turno(Rol.ADMINISTRADOR):
        avisar(
            persona=persona,
            carta=cartas.por_confirmar(propuesta, del_portal=del_portal),
            clave=entrega.clave_idempotencia,
            evento="buzones.propuesta_enlace",
        )


@manejador("buzones.propuesta_decidida")
def contar_como_termino(entrega: Entrega) -> None:
    """To whoever asked for it; of what the rules read in a message, or when they are away, to ventanilla."""
    propuesta = _la_propuesta(entrega)
    if propuesta.estado == PropuestaEnlace.Estado.POR_CONFIRMAR:  # it was decided by mistake
        return
    quien = propuesta.pedida_por
    suyas = [quien] if quien is not None and quien.is_active else []
    for persona in presentes(suyas) or dict.fromkeys([*suyas, *de_turno(Rol.VENTANILLA)]):
        if persona.pk != propuesta.decidida_por_id:
            avisar(
                persona=persona,
                carta=cartas.decidida(propuesta),
                clave=entrega.clave_idempotencia,
                evento="buzones.propuesta_decidida",
            )


def _la_propuesta(entrega: Entrega) -> PropuestaEnlace:
    fila: PropuestaEnlace = PropuestaEnlace.objects.select_related("entidad", "pedida_por").get(
        pk=entrega.carga["propuesta"]
    )
    return fila
