"""The request, its partes, its history and what goes with it."""

from solicitudes.models.actuaciones import Actuacion
from solicitudes.models.archivos import Archivo
from solicitudes.models.borradores import Borrador
from solicitudes.models.constancias import ConstanciaRadicacion
from solicitudes.models.indice import IndiceBusqueda
from solicitudes.models.numeracion import Contador
from solicitudes.models.partes import ExcepcionOrden, Parte
from solicitudes.models.privados import EnlacePrivado
from solicitudes.models.seguimiento import Mensaje, Movimiento
from solicitudes.models.solicitudes import Solicitud
from solicitudes.models.terminos import Prorroga, Reflujo, Termino, UltimoBarrido
from solicitudes.models.vistas import Vista

__all__ = [
    "Actuacion",
    "Archivo",
    "Borrador",
    "ConstanciaRadicacion",
    "Contador",
    "EnlacePrivado",
    "ExcepcionOrden",
    "IndiceBusqueda",
    "Mensaje",
    "Movimiento",
    "Parte",
    "Prorroga",
    "Reflujo",
    "Solicitud",
    "Termino",
    "UltimoBarrido",
    "Vista",
]
