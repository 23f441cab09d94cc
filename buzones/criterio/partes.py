"""What the criterio answers of a message. Frozen and of plain types: numbers are primary keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from buzones.estados import Clase, EstadoCorreo


class Respuesta(StrEnum):
    """What goes back to whoever wrote. Nothing at all, unless a rule says which."""

    NINGUNA = ""
    ACUSE = "acuse"  # of the solicitud that was filed: it has its own mail
    RECIBIDO = "recibido"  # a person will decide what this is
    ORIENTACION = "orientacion"  # what the SDFI attends, and where a citizen's petition goes
    FALTAN = "faltan"  # the kind question: what is missing


@dataclass(frozen=True, slots=True)
class DatosDeEnlace:
    """Of the person whom a message names as the new liaison of its entity. What it does not say is ''."""

    nombre: str = ""
    cargo: str = ""
    correo: str = ""
    telefono: str = ""
    reemplaza: str = ""  # address or name of whom they replace


@dataclass(frozen=True, slots=True)
class Dictamen:
    """`regla`: the number of the rule that decided, 1–18. `clase` and `estado` go together as in `buzones.estados`;
    `propuesta` is what a person would most likely decide of what stays por clasificar. `confianza`: 0–100.

    `persona_id` is the account of the address; `autor_id` the same one, only when it is proved that the account wrote
    (signed reply address, or the border server vouches for it): nobody is given a voice by From alone.
    """

    regla: int
    clase: Clase
    estado: EstadoCorreo
    razones: tuple[str, ...]
    propuesta: Clase | None = None
    confianza: int = 100
    advertencias: tuple[str, ...] = ()
    responder: Respuesta = Respuesta.NINGUNA
    # One sentence each: what the kind question asks for; of what was filed, what its acuse may ask for besides.
    faltan: tuple[str, ...] = ()
    solicitud_id: int | None = None
    complementa: bool = False  # the answer gives what was waited for: its only waiting part goes on
    envio_id: int | None = None
    entidad_id: int | None = None
    persona_id: int | None = None
    autor_id: int | None = None
    temas: tuple[int, ...] = ()  # of each dirección that it asks something of, the best one
    modalidad_id: int | None = None
    logistica: Mapping[str, Any] = field(default_factory=dict)  # what the text says of a visit or a trip
    dependencias: tuple[int, ...] = ()  # who sees it while it is tied to no solicitud
    reservado: bool = False
    enlace: DatosDeEnlace | None = None
    grupo_id: int | None = None  # the first correo of its flood
    repetido_de_id: int | None = None  # the same content under another Message-ID
    completa_id: int | None = None  # the correo whose question it answers
    solicitud_propuesta_id: int | None = None  # of what stays por clasificar: a guess, which ties it to nothing
    ya_es_id: int | None = None  # rule 1: the correo that it already is
