"""Every write of a concepto that means something."""

from conceptos.services.banco import buscar, conceptos_relacionados
from conceptos.services.comun import NoSePuede, acciones_posibles
from conceptos.services.firma import autoridad_de, firmar, sellar
from conceptos.services.proyeccion import Choque, empezar, guardar, retomar
from conceptos.services.revision import aprobar, devolver, enviar
from conceptos.services.salida import anotar_siga, anular, sustituir
from conceptos.services.verificacion import verificar_archivo, verificar_codigo

__all__ = [
    "Choque",
    "NoSePuede",
    "acciones_posibles",
    "anotar_siga",
    "anular",
    "aprobar",
    "autoridad_de",
    "buscar",
    "conceptos_relacionados",
    "devolver",
    "empezar",
    "enviar",
    "firmar",
    "guardar",
    "retomar",
    "sellar",
    "sustituir",
    "verificar_archivo",
    "verificar_codigo",
]
