"""How a mail leaves: built again from its carta, sent once `enviando` is on record."""

from avisos.carta import Carta
from avisos.correo import construir
from bandeja.models import Entrega
from bandeja.services import Efecto, manejador


@manejador("avisos.correo")
def enviar(entrega: Entrega) -> Efecto:
    return construir(
        a=entrega.destinatario,
        nombre=entrega.carga.get("nombre", ""),
        carta=Carta.de_json(entrega.carga["carta"]),
        clave=entrega.clave_idempotencia,
        solicitud_id=entrega.solicitud_id,
    ).send
