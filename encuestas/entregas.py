"""Outbox handlers: open the survey when a parte closes, and send its link."""

from avisos.carta import Carta
from avisos.correo import construir
from avisos.services import despachar
from bandeja.models import Entrega
from bandeja.services import Efecto, manejador
from encuestas.models import Encuesta
from encuestas.services import abrir_encuesta
from plazos.fechas import fecha_corrida
from solicitudes.models import Solicitud


@manejador("solicitudes.parte_cerrada")
def al_cerrarse_una_parte(entrega: Entrega) -> None:
    abrir_encuesta(solicitud=Solicitud.objects.get(pk=entrega.carga["solicitud"]))


@manejador("encuestas.invitacion")
def invitar(entrega: Entrega) -> Efecto | None:
    """The link is derived here and never stored in the outbox."""
    encuesta = Encuesta.objects.select_related("solicitud").get(pk=entrega.carga["encuesta"])
    if encuesta.respondida_en or encuesta.cerrada_en:
        return None
    radicado = encuesta.solicitud.radicado
    recuerda = "Le recordamos la encuesta. " if entrega.carga["recordatorio"] else ""
    carta = Carta(
        asunto=f"[{radicado}] ¿Cómo le fue con su solicitud?",
        que_paso=f"{recuerda}Respondimos su solicitud {radicado}. Queremos saber si le sirvió.",
        que_hacer="Son 5 preguntas y toma 2 minutos. El enlace funciona una sola vez y no pide contraseña.",
        fecha_limite=fecha_corrida(encuesta.vence),
        boton="Responder la encuesta",
        ruta=encuesta.ruta(),
    )
    mensaje = construir(
        a=encuesta.correo,
        nombre=encuesta.solicitud.remitente_nombre,
        carta=carta,
        clave=entrega.clave_idempotencia,
        solicitud_id=encuesta.solicitud_id,
    )
    return despachar(entrega, mensaje, evento="encuestas.invitacion")
