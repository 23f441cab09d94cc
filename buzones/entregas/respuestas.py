"""Outbox handler of what is answered to whoever wrote to a mailbox."""

from datetime import timedelta

from avisos.carta import Carta
from avisos.correo import construir
from avisos.models import Envio
from avisos.services import despachar
from avisos.services.frenos import por_que_no_se_responde, turno_de_respuesta
from bandeja.models import Entrega
from bandeja.services import Aplazada, Efecto, manejador
from buzones.cartas import respuestas as cartas
from buzones.criterio.partes import Respuesta
from buzones.estados import EstadoCorreo
from buzones.models import Correo
from buzones.respuestas import EVENTOS, TIPO, casillas_de
from buzones.services.pendientes import devolver
from plazos.reloj import ahora

POR_RESPONDER = (EstadoCorreo.POR_CLASIFICAR, EstadoCorreo.ESPERANDO)
PACIENCIA = timedelta(hours=24)  # later, «we received it» is no news


@manejador(TIPO)
def responder_a_quien_escribio(entrega: Entrega) -> Efecto | None:
    """To From and to nobody else. What does not leave says why in the ledger; nothing is sent instead."""
    correo = Correo.objects.get(pk=entrega.carga["correo"])
    respuesta = Respuesta(entrega.carga["respuesta"])
    evento, clave = EVENTOS[respuesta], entrega.clave_idempotencia
    a_mano = bool(entrega.carga.get("a_mano"))
    motivo = (
        por_que_no_se_responde(correo.de_correo, evento, clave=clave, a_mano=a_mano)
        if correo.estado in POR_RESPONDER
        else "Antes de que saliera ya se había decidido qué es."
    )
    if not motivo and (hasta := turno_de_respuesta(correo.de_correo, evento, clave=clave, a_mano=a_mano)):
        if ahora() - entrega.creada_en < PACIENCIA:
            raise Aplazada(hasta)
        motivo = "No tuvo turno en 24 horas."
    if motivo:
        if respuesta is Respuesta.FALTAN:
            _que_no_espere(correo.pk, motivo)
        suyo = Envio.objects.filter(clave=clave, desenlace="")
        suyo.update(desenlace=Envio.Desenlace.DESCARTADO, desenlace_en=ahora(), motivo=motivo)
        return None
    mensaje = construir(
        a=correo.de_correo,
        carta=_carta(correo, respuesta, entrega.carga["faltan"]),
        clave=clave,
        evento=evento,
        responde_a=correo.mensaje_id,
        responder_a=_quien_lee(correo) if respuesta is Respuesta.FALTAN else "",
    )
    return despachar(entrega, mensaje, evento=evento)


def _que_no_espere(correo_id: int, motivo: str) -> None:
    """What was not asked nobody will answer: a person decides it now."""
    correo = Correo.objects.bajo_cerrojo().get(pk=correo_id)
    if correo.estado == EstadoCorreo.ESPERANDO:
        devolver(correo, f"No se le preguntó lo que falta. {motivo}")


def _carta(correo: Correo, respuesta: Respuesta, faltan: list[str]) -> Carta:
    if respuesta is Respuesta.FALTAN:
        return cartas.faltan(correo, faltan)
    return cartas.orientacion(correo) if respuesta is Respuesta.ORIENTACION else cartas.recibido(correo)


def _quien_lee(correo: Correo) -> str:
    """The mailbox that brought it reads the answer too."""
    return next((str(casilla.buzon.correo) for casilla in casillas_de(correo)), "")
