"""Outbox handler: what somebody corrected of a person reaches what is still open."""

from bandeja.models import Entrega
from bandeja.services import manejador
from datos_personales.services import propagar_correccion
from direcciones.models import Persona


@manejador("cuentas.persona_corregida")
def al_corregirse(entrega: Entrega) -> None:
    propagar_correccion(persona=Persona.objects.get(pk=entrega.carga["persona"]))
