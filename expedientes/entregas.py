"""Outbox handlers: close the expediente of what ended, and make the copies that were asked for."""

from functools import partial

from bandeja.models import Entrega
from bandeja.services import Efecto, manejador
from expedientes.services import cerrar_expediente, hacer_copia


@manejador("solicitudes.cerrada")
def al_terminar(entrega: Entrega) -> None:
    cerrar_expediente(solicitud_id=entrega.carga["solicitud"])


@manejador("expedientes.copia")
def copiar(entrega: Entrega) -> Efecto:
    """It takes seconds: done outside the transaction that takes the turn."""
    return partial(hacer_copia, copia_id=entrega.carga["copia"])
