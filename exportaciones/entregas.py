"""Outbox handler: make an export."""

from bandeja.models import Entrega
from bandeja.services import manejador
from exportaciones.services import TIPO
from exportaciones.trabajo import elaborar


@manejador(TIPO, largo=True)
def hacer(entrega: Entrega) -> None:
    elaborar(pk=entrega.carga["exportacion"], intento=entrega.intento)
