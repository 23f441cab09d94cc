"""What `desarmar` gives back. Frozen, of plain types: it may be kept, compared and passed between processes."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Falla(StrEnum):
    """What was wrong with the message. The sentence for people is beside it, in `Defecto`."""

    SIN_ENCABEZADOS = "sin_encabezados"
    ENCABEZADO = "encabezado"
    REMITENTE = "remitente"
    DESTINATARIO = "destinatario"
    FECHA = "fecha"
    JUEGO = "juego"  # the character set
    CODIFICACION = "codificacion"  # base64, quoted-printable
    FRONTERA = "frontera"  # the marks between parts
    CIFRADO = "cifrado"
    PROFUNDO = "profundo"
    MUCHAS_PARTES = "muchas_partes"
    LARGO = "largo"
    HTML = "html"
    TNEF = "tnef"
    INTERNO = "interno"


@dataclass(frozen=True, slots=True)
class Defecto:
    clave: Falla
    dice: str


@dataclass(frozen=True, slots=True)
class Direccion:
    nombre: str
    correo: str  # lower case; '' when it cannot be read


@dataclass(frozen=True, slots=True)
class Reenviado:
    """A message told inside this one. It says what it says: who sent this one is the forwarder (K17)."""

    de: Direccion
    asunto: str = ""
    fecha: str = ""
    texto: str = ""


@dataclass(frozen=True, slots=True)
class Pieza:
    """A file of the message. `orden` is its place in the reading of the same bytes: it never changes for them.

    `incrustada`: it belongs to the message itself (an image of its HTML, its signature, the envelope of other pieces):
    nobody attached it. `cuarentena`: why it is never handed over. `defecto`: why it may not open.
    """

    orden: int
    nombre: str
    tipo: str
    contenido: bytes = field(repr=False)
    sha256: str
    incrustada: bool = False
    defecto: str = ""
    cuarentena: str = ""
    identificador: str = ""  # Content-ID

    @property
    def bytes(self) -> int:
        return len(self.contenido)


@dataclass(frozen=True, slots=True)
class Calendario:
    metodo: str  # REQUEST, REPLY, CANCEL…; '' when it says none
    resumen: str = ""
    inicio: str = ""
    lugar: str = ""
    organizador: str = ""


@dataclass(frozen=True, slots=True)
class Autenticacion:
    """What the trusted server of the border checked. `veredicto`: `si`, `no`, `sin_dato`."""

    veredicto: str = "sin_dato"
    servidor: str = ""
    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    dominio: str = ""
    no_deseado: bool = False


@dataclass(frozen=True, slots=True)
class Senales:
    """`robot`: the reasons to believe that no person wrote it, in sentences; empty when a person may have."""

    robot: tuple[str, ...] = ()
    ausencia: bool = False
    ausente_desde: date | None = None
    ausente_hasta: date | None = None
    sustituto: str = ""
    lista: bool = False
    informe: bool = False  # a delivery report: `avisos.dsn` reads what it says
    acuse_de_lectura: bool = False
    pide_acuse_de_lectura: bool = False
    urgente: bool = False
    firmado: bool = False
    cifrado: bool = False
    calendario: Calendario | None = None


@dataclass(frozen=True, slots=True)
class Desarmado:
    """`texto` is all that was written; `nuevo` + `citado`, the same cut where an answer quotes what it answers.

    `de_seguro` is false when the sender had to be guessed (two senders, a broken one): then it proves nothing.
    """

    huella: str
    mensaje_id: str
    encabezados: tuple[tuple[str, str], ...]
    de: Direccion
    de_seguro: bool
    responder_a: tuple[Direccion, ...]
    para: tuple[Direccion, ...]  # To and Cc
    entregado_a: tuple[str, ...]  # Delivered-To and the like: where the servers say that it came to
    asunto: str
    fecha: datetime | None
    en_respuesta_a: str
    referencias: tuple[str, ...]
    texto: str
    nuevo: str
    citado: str
    firma: str
    html: str
    reenviado: tuple[Reenviado, ...]
    piezas: tuple[Pieza, ...]
    senales: Senales
    autenticacion: Autenticacion
    defectos: tuple[Defecto, ...]

    def tiene(self, *claves: Falla) -> bool:
        return any(defecto.clave in claves for defecto in self.defectos)

    def valor(self, nombre: str) -> str:
        """The first header of that name, readable; '' when there is none."""
        return next((valor for clave, valor in self.encabezados if clave == nombre.lower()), "")
