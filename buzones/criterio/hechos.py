"""What the register knows about a message. Frozen and of plain types: whoever judges asks nothing more.

`buzones.services.hechos.reunir` reads it; the tests write it by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from buzones.estados import Clase, EstadoCorreo


@dataclass(frozen=True, slots=True)
class BuzonOficial:
    """`direccion`: code of the dirección that its dependencia belongs to."""

    correo: str
    dependencia_id: int
    direccion: str


@dataclass(frozen=True, slots=True)
class Cuenta:
    """Who has an account with the address of From. `entidades`: where it acts today."""

    persona_id: int
    activa: bool = True
    es_personal: bool = False
    entidades: tuple[int, ...] = ()


class Como(StrEnum):
    """How it is known of which entidad a sender is, from the surest to what is only a hint."""

    CUENTA = "cuenta"
    ANTES = "antes"  # a mail of that address was already filed for it
    DOMINIO = "dominio"
    REENVIO = "reenvio"  # of the message that was forwarded
    NOMBRADA = "nombrada"  # in the text: anybody may write it

    @property
    def basta(self) -> bool:
        return self in {Como.CUENTA, Como.ANTES, Como.DOMINIO}


@dataclass(frozen=True, slots=True)
class EntidadConocida:
    """`prestadora`: a private provider of public services, which not everybody attends (lineamiento §2)."""

    id: int
    nombre: str
    como: Como
    prestadora: bool = False


@dataclass(frozen=True, slots=True)
class EnvioNuestro:
    """A mail of ours that this one answers, or that has its very Message-ID."""

    id: int
    correo: str
    evento: str = ""
    solicitud_id: int | None = None


@dataclass(frozen=True, slots=True)
class CorreoAnterior:
    """`texto`: only of one that waits for an answer."""

    id: int
    numero: str
    huella: str
    mensaje_id: str
    de_correo: str
    recibido_en: datetime
    clase: Clase
    estado: EstadoCorreo
    asunto: str = ""
    texto: str = ""
    solicitud_id: int | None = None
    entidad_id: int | None = None
    grupo_id: int | None = None


@dataclass(frozen=True, slots=True)
class SolicitudConocida:
    """`es_parte`: whoever has the address of From may read it today. `hasta`: the last day on which a mail is added to
    it without asking; None while it is open. `esperan`: partes that wait for the entidad."""

    id: int
    radicado: str
    entidad_id: int
    es_parte: bool = False
    hasta: date | None = None
    esperan: int = 0
    dependencias: tuple[int, ...] = ()
    reservada: bool = False


@dataclass(frozen=True, slots=True)
class Firmada:
    """A reply address of ours that the message came to, with a good signature. `es_suya`: made for who writes."""

    solicitud_id: int
    es_suya: bool


@dataclass(frozen=True, slots=True)
class ModalidadConocida:
    """`formulario`: which questions are asked of it (`direcciones.Modalidad.Formulario`)."""

    id: int
    codigo: str
    nombre: str
    formulario: str = "general"


@dataclass(frozen=True, slots=True)
class TemaSugerido:
    """The best theme of a dirección, and how much the text says for it: `puntaje` only compares one with another.

    `confianza`: out of 100, that the dirección is this one.
    """

    id: int
    nombre: str
    dependencia_id: int
    dependencia: str
    direccion: str
    puntaje: float
    confianza: int = 50
    razones: tuple[str, ...] = ()
    modalidad: ModalidadConocida | None = None
    reservado: bool = False
    atiende_prestadoras: bool = False


@dataclass(frozen=True, slots=True)
class Sugerido:
    """What the classifier says. `temas`: the best one of each dirección, the best first. `medida`: somebody measured
    how often it is right. `modalidades`: all that may be asked, by code; `modalidad`: the one the words say, and how
    sure; `clase`: the same."""

    temas: tuple[TemaSugerido, ...] = ()
    medida: bool = False
    modalidad: tuple[str, int] = ("", 0)
    clase: tuple[str, int] = ("", 0)
    modalidades: Mapping[str, ModalidadConocida] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rebotado:
    """What a report says of an address."""

    correo: str
    codigo: str = ""
    detalle: str = ""


@dataclass(frozen=True, slots=True)
class Hechos:
    """Everything at the instant in which the server took the message, `recibido_en`, whenever it is read."""

    recibido_en: datetime
    dia: date  # of Bogotá
    # --- Ourselves
    propias: frozenset[str] = frozenset()  # addresses that the portal writes from
    dominio_propio: str = ""  # where the answers come, all of it ours
    buzones: Mapping[str, BuzonOficial] = field(default_factory=dict)
    casilla: str = ""  # the public address of the mailbox that brought it
    dependencias: tuple[int, ...] = ()  # who attends that mailbox
    por_defecto: tuple[TemaSugerido, ...] = ()  # what its requests are about, when they do not say
    # --- Who writes
    cuenta: Cuenta | None = None
    entidad: EntidadConocida | None = None
    # --- What it answers or repeats
    igual: CorreoAnterior | None = None  # the same message
    mismo_id: CorreoAnterior | None = None  # its Message-ID over another content
    mismo_contenido: CorreoAnterior | None = None  # under another Message-ID
    es_envio: EnvioNuestro | None = None  # it is a mail of ours
    responde_a: EnvioNuestro | None = None  # of ours, the nearest that it answers
    anterior: CorreoAnterior | None = None  # a mail received before that it follows, tied to a solicitud
    esperando: CorreoAnterior | None = None  # the one whose question it answers
    firmadas: tuple[Firmada, ...] = ()
    nombradas: tuple[int, ...] = ()  # solicitudes whose number is in the subject
    dichas: tuple[int, ...] = ()  # solicitudes whose number is in what it says
    numeros: tuple[str, ...] = ()  # radicados that the subject names and nobody knows
    solicitudes: Mapping[int, SolicitudConocida] = field(default_factory=dict)
    # --- How much it writes
    ultima_hora: int = 0  # messages of that address before this one
    grupo_id: int | None = None  # the correo that heads what it sent in that hour
    respondido_hace: timedelta | None = None  # since the portal last answered that address by itself
    preguntado: bool = False  # it was already asked for something, and that was less than a day ago
    # --- What it says
    sugerido: Sugerido = field(default_factory=Sugerido)
    rebotes: tuple[Rebotado, ...] = ()
    rebotado_id: int | None = None  # the envío that came back, when it is believed

    @property
    def contesta(self) -> bool:
        """It answers something of ours: nothing is asked of its sender, or said to them, again."""
        return self.responde_a is not None or self.esperando is not None or self.preguntado
