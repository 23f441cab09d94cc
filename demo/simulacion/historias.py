"""The shape of a planned life: what was asked and the steps that follow, each with its instant and its person."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5


@dataclass(slots=True)
class Paso:
    """Something one person does at an instant. `jugar.ACCIONES` says which service does it."""

    cuando: datetime
    accion: str
    quien: str = ""  # an account; empty: the contact of the entity
    parte: int = 0
    datos: dict[str, Any] = field(default_factory=dict)


# What enters, leaves or changes a queue or a tray. Up to the last of them a story is played in one short transaction.
DE_COLA = frozenset({"radicar", "asignar", "tomar", "liberar", "trasladar", "reasignar"})


@dataclass(slots=True)
class ParteSim:
    """What one dependencia attends of it. `temas` in their order."""

    dependencia: str
    temas: list[str]
    asesor: str = ""
    cerrada: datetime | None = None


@dataclass(slots=True)
class Historia:
    """`destino` is what sets it apart (`duplicada`, `traslado`…); `tope`, the last action of one left half-way."""

    id: str
    recibida: datetime
    registrada: datetime
    canal: str
    entidad: str
    contacto: str
    cargo: str
    correo: str
    asunto: str
    necesidad: str
    preguntas: list[str]
    modalidad: str
    partes: list[ParteSim]
    forma: str  # how it is answered: a modality, or «respuesta»
    respuestas: list[str] = field(default_factory=list)
    normas: list[str] = field(default_factory=list)
    reservada: bool = False
    archivos: int = 0
    destino: str = ""
    principal: str = ""
    tope: str = ""
    pasos: list[Paso] = field(default_factory=list)
    numero: int = 0  # of its series and year
    numeros_concepto: dict[int, tuple[int, int]] = field(default_factory=dict)  # parte → (year, number)

    def clave(self, que: str = "radicar") -> UUID:
        """The same on every load: repeating changes nothing."""
        return self.clave_de(self.id, que)

    @staticmethod
    def clave_de(historia: str, que: str = "radicar") -> UUID:
        return uuid5(NAMESPACE_URL, f"demo:{historia}:{que}")

    def paso(self, cuando: datetime, accion: str, quien: str = "", parte: int = 0, **datos: Any) -> Paso:
        nuevo = Paso(cuando, accion, quien, parte, datos)
        self.pasos.append(nuevo)
        return nuevo
