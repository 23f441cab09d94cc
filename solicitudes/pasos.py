"""The steps of the wizard, in order, for an enlace and for whoever registers what came by another channel."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paso:
    """`al_registrar` is its title when somebody writes down what another person asked."""

    clave: str
    titulo: str
    corto: str
    al_registrar: str = ""

    def titulo_para(self, es_registro: bool) -> str:
        return (es_registro and self.al_registrar) or self.titulo


RECEPCION = Paso("recepcion", "Cómo y cuándo llegó", "Recepción")
NECESIDAD = Paso("necesidad", "¿Sobre qué necesita asistencia?", "Tema", "¿Sobre qué piden asistencia?")
DETALLE = Paso("detalle", "Su solicitud", "Solicitud", "Lo que piden")
DOCUMENTOS = Paso("documentos", "Documentos y contacto", "Contacto", "Documentos")
REVISAR = Paso("revisar", "Revise antes de radicar", "Revisar", "Revise antes de registrar")

DEL_PORTAL = (NECESIDAD, DETALLE, DOCUMENTOS, REVISAR)
DEL_REGISTRO = (RECEPCION, *DEL_PORTAL)
POR_CLAVE = {paso.clave: paso for paso in DEL_REGISTRO}


def pasos_de(es_registro: bool) -> tuple[Paso, ...]:
    return DEL_REGISTRO if es_registro else DEL_PORTAL


def siguiente(clave: str, es_registro: bool) -> str:
    """The step after `clave`; the last one is its own next."""
    claves = [paso.clave for paso in pasos_de(es_registro)]
    return claves[min(claves.index(clave) + 1, len(claves) - 1)]


def anterior(clave: str, es_registro: bool) -> str:
    """The step before `clave`; empty before the first."""
    claves = [paso.clave for paso in pasos_de(es_registro)]
    return claves[claves.index(clave) - 1] if claves.index(clave) else ""
