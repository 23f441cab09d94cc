"""What people are told of a liaison that waits for its entity, each with an example that its own words make."""

from datetime import date

from avisos.eventos import Evento, registrar_evento
from buzones.cartas import propuestas as cartas
from buzones.models import PropuestaEnlace
from direcciones.models import Entidad
from direcciones.roles import ATIENDEN, Rol


def _propuesta(estado: str = PropuestaEnlace.Estado.POR_CONFIRMAR) -> PropuestaEnlace:
    entidad = Entidad(pk=0, nombre="Secretaría Distrital de Gobierno", sigla="SDG")
    return PropuestaEnlace(pk=0, entidad=entidad, nombre="Laura Pérez", estado=estado, vence=date(2026, 7, 30))


registrar_evento(
    Evento(
        "buzones.propuesta_enlace",
        "Proponen un enlace para la entidad",
        "Enlaces de la entidad",
        lambda: cartas.por_confirmar(_propuesta()),
        para=frozenset({Rol.ADMIN_ENTIDAD, Rol.ADMINISTRADOR}),
    )
)
registrar_evento(
    Evento(
        "buzones.propuesta_decidida",
        "La entidad decidió sobre un enlace propuesto",
        "Correo recibido",
        lambda: cartas.decidida(_propuesta(PropuestaEnlace.Estado.CONFIRMADA)),
        para=ATIENDEN | {Rol.VENTANILLA},
    )
)
