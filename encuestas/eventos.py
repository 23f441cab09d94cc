"""What people are told of a survey."""

from datetime import date

from avisos.eventos import Evento, registrar_evento
from encuestas.cartas import invitacion

registrar_evento(
    Evento(
        "encuestas.invitacion",
        "La encuesta de una solicitud respondida",
        "Encuestas",
        lambda: invitacion("AT-2026-000123", date(2026, 12, 9), "/encuesta/", recordatorio=False),
        # Its link works once and is never stored: it does not fit in a mail with others.
        resumible=False,
        para=frozenset(),
    )
)
