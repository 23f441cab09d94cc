"""The rules, in ONE table: the first that holds decides (docs/buzones.md prints it).

Three of them do not decide: they say that a person must (`Duda`), and those that follow only make the guess.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from buzones.criterio import enlace, faltan, hilo, identidad, solicitud_nueva
from buzones.criterio.base import Duda, advertencias, en_duda, por_clasificar
from buzones.criterio.hechos import Hechos
from buzones.criterio.partes import Dictamen
from buzones.mime.partes import Desarmado

Juicio = Dictamen | Duda | hilo.Completa | None


@dataclass(frozen=True, slots=True)
class Regla:
    numero: int
    si: str
    entonces: str
    dice: Callable[[Desarmado, Hechos], Juicio]


REGLAS: tuple[Regla, ...] = (
    Regla(
        1,
        "El mismo contenido con el mismo Message-ID ya está en el libro.",
        "Es el mismo correo, por otro buzón: nada más.",
        identidad.ya_llego,
    ),
    Regla(
        2,
        "Lo envió el portal, o es un correo suyo de vuelta.",
        "Automático, sin respuesta.",
        identidad.es_nuestro,
    ),
    Regla(
        3,
        "Un informe de entrega dice que un correo nuestro no llegó.",
        "Rebote, si prueba de cuál habla; si no, por clasificar. Sin respuesta.",
        identidad.es_un_rebote,
    ),
    Regla(4, "Es una respuesta automática de ausencia.", "Ausencia, sin respuesta.", identidad.es_una_ausencia),
    Regla(
        5,
        "Lo envió una máquina: lista, acuse de lectura, calendario.",
        "Automático, sin respuesta.",
        identidad.es_de_una_maquina,
    ),
    Regla(
        6,
        "No se lee bien, su remitente no es seguro, o se confunde con otro correo.",
        "Por clasificar, sin respuesta, con la conjetura de las reglas que siguen.",
        identidad.no_se_lee,
    ),
    Regla(
        7,
        "Es de una persona del equipo o de un buzón oficial.",
        "Por clasificar, sin respuesta: nunca una voz por lo que diga «De».",
        identidad.es_del_equipo,
    ),
    Regla(
        8,
        "Llegó a una dirección de respuesta firmada.",
        "Mensaje de esa solicitud, si se firmó para quien escribe, es parte y no pasan 90 días del cierre; "
        "si no, por clasificar.",
        hilo.trae_direccion_firmada,
    ),
    Regla(
        9,
        "Responde a un correo nuestro, o sigue a uno que ya es de una solicitud.",
        "Mensaje de esa solicitud, si quien escribe es parte; si no, por clasificar.",
        hilo.responde_a_otro,
    ),
    Regla(
        10,
        "Responde a lo que se le preguntó por un mensaje anterior.",
        "Los dos se juzgan juntos con las reglas que siguen, con el instante del primero.",
        hilo.completa_otro,
    ),
    Regla(
        11,
        "Su asunto trae un número de radicado o de SIGA, o quien es parte nombra su radicado en el texto.",
        "Mensaje de esa solicitud, si está en el asunto y quien escribe es parte; si no, por clasificar.",
        hilo.nombra_un_numero,
    ),
    Regla(
        12,
        "El servidor de la frontera lo marcó como no deseado.",
        "No deseado, si nadie conoce al remitente; si no, por clasificar. Sin respuesta.",
        identidad.es_no_deseado,
    ),
    Regla(
        13,
        "Esa dirección ya envió 12 mensajes en la última hora, el portal acaba de responderle, o dice que nadie lee "
        "lo que se le responda.",
        "Por clasificar, en un grupo y sin respuesta.",
        identidad.son_muchos,
    ),
    Regla(
        14,
        "El servidor de la frontera comprobó que no viene de quien dice (DMARC).",
        "Por clasificar, sin respuesta.",
        identidad.no_es_quien_dice,
    ),
    Regla(
        15,
        "Dice que cambia el enlace y trae nombre, cargo o correo.",
        "Propuesta de enlace que confirma la entidad, si se conoce al remitente y está completa; "
        "si no, por clasificar.",
        enlace.es_un_cambio_de_enlace,
    ),
    Regla(
        16,
        "Se conoce la entidad de quien escribe, dice lo suficiente y el tema es seguro.",
        "Solicitud nueva, con acuse; si traslada lo que pidió otra persona o solo informa, por clasificar.",
        solicitud_nueva.es_una_solicitud,
    ),
    Regla(
        17,
        "Se conoce la entidad de quien escribe, pero dice poco o el tema no es seguro.",
        "Por clasificar; si dice poco, se le pregunta una sola vez lo que falta.",
        faltan.dice_poco,
    ),
    Regla(
        18,
        "Nadie conoce a quien escribe.",
        "Por clasificar, con una sola respuesta; nunca es petición ciudadana sin que lo decida una persona.",
        solicitud_nueva.es_de_un_desconocido,
    ),
)


def dictaminar(d: Desarmado, h: Hechos) -> Dictamen:
    dicho = _desde(0, d, h)
    return replace(dicho, advertencias=tuple(dict.fromkeys((*dicho.advertencias, *advertencias(d, h)))))


def _desde(lugar: int, d: Desarmado, h: Hechos) -> Dictamen:
    for siguiente, regla in enumerate(REGLAS[lugar:], lugar + 1):
        juicio = regla.dice(d, h)
        if isinstance(juicio, Duda):
            return replace(en_duda(juicio, _desde(siguiente, d, h)), regla=regla.numero)
        if isinstance(juicio, hilo.Completa):
            return juicio.a(_desde(siguiente, d, h))
        if juicio is not None:
            return replace(juicio, regla=regla.numero)
    return replace(por_clasificar(h, "Ninguna regla lo reconoce: lo decide una persona.", confianza=0), regla=18)
