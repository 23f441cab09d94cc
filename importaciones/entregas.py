"""Outbox handler: each fact imports one row."""

from bandeja.models import Entrega
from bandeja.services import manejador
from importaciones.services.importar import PASO, avanzar


@manejador(PASO)
def importar_la_siguiente(entrega: Entrega) -> None:
    carga = entrega.carga
    avanzar(importacion_id=carga["importacion"], vuelta=carga["vuelta"], paso=carga["paso"])
