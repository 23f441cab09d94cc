"""Outbox handlers: open the survey when a parte closes, and send its link."""

from avisos.correo import construir
from avisos.horas import a_su_hora
from avisos.services import despachar
from bandeja.models import Entrega
from bandeja.services import Efecto, manejador
from encuestas.cartas import invitacion
from encuestas.models import Encuesta
from encuestas.services import abrir_encuesta
from solicitudes.models import Solicitud


@manejador("solicitudes.parte_cerrada")
def al_cerrarse_una_parte(entrega: Entrega) -> None:
    abrir_encuesta(solicitud=Solicitud.objects.get(pk=entrega.carga["solicitud"]))


@manejador("encuestas.invitacion")
def invitar(entrega: Entrega) -> Efecto | None:
    """The link is derived here and never stored in the outbox."""
    a_su_hora("encuestas.invitacion")
    encuesta = Encuesta.objects.select_related("solicitud").get(pk=entrega.carga["encuesta"])
    if encuesta.respondida_en or encuesta.cerrada_en:
        return None
    carta = invitacion(
        encuesta.solicitud.radicado, encuesta.vence, encuesta.ruta(), recordatorio=entrega.carga["recordatorio"]
    )
    mensaje = construir(
        a=encuesta.solicitud.remitente_correo or encuesta.correo,  # it may have been corrected
        nombre=encuesta.solicitud.remitente_nombre,
        carta=carta,
        clave=entrega.clave_idempotencia,
        solicitud_id=encuesta.solicitud_id,
        evento="encuestas.invitacion",
    )
    return despachar(entrega, mensaje, evento="encuestas.invitacion")
