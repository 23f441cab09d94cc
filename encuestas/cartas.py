"""What the mail of a survey says."""

from datetime import date

from avisos.carta import Carta
from plazos.fechas import fecha_corrida


def invitacion(radicado: str, vence: date, ruta: str, *, recordatorio: bool) -> Carta:
    recuerda = "Le recordamos la encuesta. " if recordatorio else ""
    return Carta(
        asunto=f"[{radicado}] ¿Cómo le fue con su solicitud?",
        que_paso=f"{recuerda}Respondimos su solicitud {radicado}. Queremos saber si le sirvió.",
        que_hacer="Son 5 preguntas y toma 2 minutos. El enlace funciona una sola vez y no pide contraseña.",
        fecha_limite=fecha_corrida(vence),
        boton="Responder la encuesta",
        ruta=ruta,
    )
