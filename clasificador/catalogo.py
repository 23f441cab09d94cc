"""What the catalogue teaches before anybody has written anything. Pure: rows in, examples out."""

from collections.abc import Iterable
from dataclasses import dataclass

from clasificador.modelo import Ejemplo

NUEVA, CAMBIO_DE_ENLACE, PETICION = "nueva_solicitud", "cambio_de_enlace", "peticion_ciudadana"
# A word of the catalogue was chosen by who knows the subject: it counts as two requests that say it.
LECCIONES = 2.0
# How people say what is no technical assistance.
DE_CLASE = {
    CAMBIO_DE_ENLACE: "Cambio de enlace\nNuevo enlace, reemplazo del enlace, ya no trabaja, actualizar el directorio, "
    "designado como enlace, reemplaza a. Nombre, cargo y correo del nuevo enlace.",
    PETICION: "Petición de una persona\nSoy ciudadana, ciudadano, mi papá, mi mamá, mi pensión, mi cédula, mi barrio, "
    "mi casa, vecinos, queja, reclamo, denuncia, derecho de petición, trabajó, hoja de vida, mi teléfono, ayuda.",
}


@dataclass(frozen=True, slots=True)
class TemaEscrito:
    codigo: str
    nombre: str
    grupo: str
    palabras_clave: str
    direccion: str
    dependencia: str


@dataclass(frozen=True, slots=True)
class ModalidadEscrita:
    codigo: str
    nombre: str
    descripcion: str


def del_catalogo(temas: Iterable[TemaEscrito], modalidades: Iterable[ModalidadEscrita]) -> list[Ejemplo]:
    """The key words count twice: they are said for this."""
    de_temas = [
        Ejemplo(
            f"{tema.nombre}\n{tema.grupo}. {tema.palabras_clave}. {tema.palabras_clave}",
            temas=(tema.codigo,),
            direccion=(tema.direccion,),
            dependencia=(tema.dependencia,),
            clase=(NUEVA,),
            lecciones=LECCIONES,
            es_catalogo=True,
        )
        for tema in temas
    ]
    de_modalidades = [
        Ejemplo(f"{una.nombre}\n{una.descripcion}", modalidad=(una.codigo,), lecciones=LECCIONES, es_catalogo=True)
        for una in modalidades
    ]
    de_clases = [
        Ejemplo(texto, clase=(clase,), lecciones=LECCIONES, es_catalogo=True) for clase, texto in DE_CLASE.items()
    ]
    return [*de_temas, *de_modalidades, *de_clases]
