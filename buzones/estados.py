"""What a message can be, the states of what arrives, and the ONE transition table."""

from dataclasses import dataclass

from django.db.models import TextChoices


class Clase(TextChoices):
    """What a message turned out to be."""

    NUEVA_SOLICITUD = "nueva_solicitud", "Solicitud nueva"
    MENSAJE = "mensaje", "Mensaje de una solicitud"
    CAMBIO_DE_ENLACE = "cambio_de_enlace", "Cambio de enlace"
    REBOTE = "rebote", "Correo que no llegó"
    AUSENCIA = "ausencia", "Respuesta de ausencia"
    AUTOMATICO = "automatico", "Mensaje automático"
    PETICION_CIUDADANA = "peticion_ciudadana", "Petición ciudadana"
    SPAM = "spam", "Correo no deseado"
    POR_CLASIFICAR = "por_clasificar", "Por clasificar"


class EstadoCorreo(TextChoices):
    POR_CLASIFICAR = "por_clasificar", "Por clasificar"
    ESPERANDO = "esperando", "Espera respuesta"
    ATENDIDO = "atendido", "Atendido"
    DESCARTADO = "descartado", "Descartado"


class EstadoLlegada(TextChoices):
    """Of the raw message, as one mailbox brought it."""

    GUARDADA = "guardada", "Guardada"
    PROCESADA = "procesada", "Leída"
    REPETIDA = "repetida", "Repetida"
    APARTADA = "apartada", "Apartada"


class Origen(TextChoices):
    IMAP = "imap", "Buzón"
    WEBHOOK = "webhook", "Proveedor de correo"
    COMANDO = "comando", "Archivo"
    TUBO = "tubo", "Servidor de correo"


class Lectura(TextChoices):
    """How the reading of a mailbox goes, as its page says it."""

    AL_DIA = "al_dia", "Al día"
    SIN_LEER = "sin_leer", "Aún no se ha leído"
    FALLA = "falla", "No se puede leer"
    CALLADA = "callada", "Hace rato no se lee"
    NO_CUADRA = "no_cuadra", "No cuadra con el libro"
    EN_PAUSA = "en_pausa", "En pausa"
    SIN_CONEXION = "sin_conexion", "Sin conexión en el servidor"
    NO_SE_LEE = "no_se_lee", "Le llega por otro medio"
    TERMINADA = "terminada", "Histórica"

    @property
    def tono(self) -> str:
        tonos = {"al_dia": "verde", "falla": "rojo", "sin_conexion": "rojo", "callada": "rojo", "no_cuadra": "ambar"}
        return tonos.get(self.value, "neutro")


class Autenticidad(TextChoices):
    """What the trusted server of the border found of the sender (RFC 8601)."""

    SI = "si", "Comprobado"
    NO = "no", "No es de quien dice"
    SIN_DATO = "sin_dato", "Nadie lo comprobó"


class EstadoAdjunto(TextChoices):
    ARCHIVADO = "archivado", "Archivado con la solicitud"
    DISPONIBLE = "disponible", "Disponible"
    EN_REVISION = "en_revision", "En revisión de virus"
    CUARENTENA = "cuarentena", "En cuarentena"
    INCRUSTADO = "incrustado", "Imagen del texto"
    ILEGIBLE = "ilegible", "No se puede abrir"


C, E = Clase, EstadoCorreo


@dataclass(frozen=True, slots=True)
class Transicion:
    """What may be decided of a message. `atado`: whether it leaves it tied to a solicitud, which has exits of its own,
    so no decision takes it back from there."""

    accion: str
    desde: frozenset[EstadoCorreo]
    hacia: EstadoCorreo
    clase: Clase | None = None
    atado: bool = False


_POR_DECIDIR = frozenset({E.POR_CLASIFICAR})
TRANSICIONES: dict[str, Transicion] = {
    t.accion: t
    for t in (
        Transicion("radicar", _POR_DECIDIR, E.ATENDIDO, C.NUEVA_SOLICITUD, atado=True),
        Transicion("agregar", _POR_DECIDIR, E.ATENDIDO, C.MENSAJE, atado=True),
        Transicion("nota", _POR_DECIDIR, E.ATENDIDO, C.MENSAJE, atado=True),
        Transicion("proponer_enlace", _POR_DECIDIR, E.ATENDIDO, C.CAMBIO_DE_ENLACE),
        Transicion("trasladar", _POR_DECIDIR, E.ATENDIDO, C.PETICION_CIUDADANA),
        Transicion("rebote", _POR_DECIDIR, E.ATENDIDO, C.REBOTE),
        Transicion("automatico", _POR_DECIDIR, E.ATENDIDO, C.AUTOMATICO),
        Transicion("spam", _POR_DECIDIR, E.DESCARTADO, C.SPAM),
        Transicion("preguntar", _POR_DECIDIR, E.ESPERANDO),
        # The answer's text joins the question's message, which keeps the first instant.
        Transicion("respuesta", frozenset({E.ESPERANDO}), E.ATENDIDO),
        # Nobody answered in ten business days, or what was answered is not enough.
        Transicion("vencer", frozenset({E.ESPERANDO}), E.POR_CLASIFICAR, C.POR_CLASIFICAR),
        # Nothing is purged before the retention table says so: a wrong decision is taken back.
        Transicion("rescatar", frozenset({E.ATENDIDO, E.DESCARTADO, E.ESPERANDO}), E.POR_CLASIFICAR, C.POR_CLASIFICAR),
    )
}
# A fact tied to a solicitud must name it.
CON_SOLICITUD = (C.NUEVA_SOLICITUD, C.MENSAJE)


def acciones(estado: str, *, atado: bool) -> list[str]:
    """What may be decided of a message in this state, in the order of the table."""
    return [t.accion for t in TRANSICIONES.values() if estado in t.desde and not (atado and t.accion == "rescatar")]
