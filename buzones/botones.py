"""How each decision is offered: its words, its key and whether it asks for something more."""

from dataclasses import dataclass

from buzones.estados import Clase, acciones
from buzones.models import Correo


@dataclass(frozen=True, slots=True)
class Boton:
    """`texto`: what the button says. `hecho`: what is said once it is done, after its number and a colon. `tecla`:
    the one key. `clase`: what the message becomes, to know whether it is what the rules guessed. `pide`: it has a
    page of its own before. `junto`: it may be done with the whole group at once."""

    accion: str
    texto: str
    hecho: str
    tecla: str
    clase: Clase | None = None
    pide: bool = False
    junto: bool = False

    @property
    def url(self) -> str:
        return self.accion.replace("_", "-")


BOTONES: dict[str, Boton] = {
    boton.accion: boton
    for boton in (
        Boton("automatico", "Es automático", "es un mensaje automático", "m", Clase.AUTOMATICO, junto=True),
        Boton("spam", "No es deseado", "es correo no deseado", "x", Clase.SPAM, junto=True),
        Boton("rescatar", "Devolver a la bandeja", "volvió a la bandeja por clasificar", "d", junto=True),
    )
}


def botones(correo: Correo) -> list[Boton]:
    """What may be decided of it now: first, what the rules guess."""
    posibles = acciones(correo.estado, atado=correo.solicitud_id is not None)
    ofrecidos = [BOTONES[accion] for accion in posibles if accion in BOTONES]
    return sorted(ofrecidos, key=lambda boton: not es_la_propuesta(boton, correo))


def es_la_propuesta(boton: Boton, correo: Correo) -> bool:
    return boton.clase is not None and boton.clase == correo.propuesta


def dicho(numero: str, accion: str, juntos: int = 1) -> str:
    """«CR-2026-000123 y los otros 3 de su grupo: es correo no deseado.»"""
    otros = f" y los otros {juntos - 1} de su grupo" if juntos > 1 else ""
    return f"{numero}{otros}: {BOTONES[accion].hecho}."
