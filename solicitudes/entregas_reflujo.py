"""The digest of a change of the calendar: one for each person, with the solicitudes whose date moved."""

from avisos.services import avisar, enviar_correo
from bandeja.models import Entrega
from bandeja.services import manejador
from direcciones.models import Persona
from solicitudes import cartas
from solicitudes.models import Movimiento, Reflujo


@manejador("solicitudes.reflujo")
def contar_el_reflujo(entrega: Entrega) -> None:
    carga = entrega.carga
    reflujo = Reflujo.objects.get(pk=carga["reflujo"])
    lineas = Movimiento.objects.filter(pk__in=carga["lineas"]).select_related("solicitud").order_by("id")
    carta = cartas.cambio_de_plazos(reflujo, list(lineas), carga["cuantas"])
    clave = entrega.clave_idempotencia
    if entrega.destinatario:
        enviar_correo(a=entrega.destinatario, carta=carta, clave=clave, evento="solicitudes.cambio_de_plazos")
        return
    persona = Persona.objects.get(pk=carga["persona"])
    avisar(persona=persona, carta=carta, clave=clave, evento="solicitudes.cambio_de_plazos")
