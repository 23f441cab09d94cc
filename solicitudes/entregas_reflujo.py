"""The digest of a change of the calendar: one for each person, with the solicitudes whose date moved."""

from avisos.services import avisar, enviar_correo
from bandeja.models import Entrega
from bandeja.services import manejador
from direcciones.ausencias import de_turno
from direcciones.models import Persona
from direcciones.roles import Rol
from solicitudes import cartas
from solicitudes.models import Movimiento, Reflujo
from solicitudes.services.reflujo import TIPO, TIPO_SIN_CONTAR, sin_contar


@manejador(TIPO)
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


@manejador(TIPO_SIN_CONTAR)
def decir_lo_que_no_se_conto(entrega: Entrega) -> None:
    """To each who runs the portal; to nobody when it was counted meanwhile."""
    cuantos = sin_contar().count()
    if not cuantos:
        return
    for persona in de_turno(Rol.ADMINISTRADOR):
        avisar(
            persona=persona,
            carta=cartas.sin_contar(cuantos),
            clave=entrega.clave_idempotencia,
            evento="solicitudes.sin_contar",
        )
