"""What people are told of a survey."""

from datetime import date

from avisos.eventos import Evento, registrar_evento
from avisos.models import PoliticaAviso
from avisos.recordables import Recordable, registrar_recordable
from encuestas.cartas import invitacion
from encuestas.services import recordaria_hoy

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
registrar_recordable(
    Recordable(
        PoliticaAviso.Reloj.ENCUESTA,
        (str(PoliticaAviso.Destino.ENTIDAD),),
        recordaria_hoy,
        despues="encuestas.invitacion",
        solo_correo=True,
    )
)
