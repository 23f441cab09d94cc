"""How each decision is offered: its words, its key and whether it asks for something more."""

from dataclasses import dataclass, replace

from buzones.estados import Clase, acciones
from buzones.models import Correo


@dataclass(frozen=True, slots=True)
class Boton:
    """`texto`: what the button says. `hecho`: what is said once it is done, after its number and a colon. `tecla`: the
    one key. `clase`: what the message becomes, to know whether it is what the rules guessed. `pide`: it has a page of
    its own before. `junto`: it may be done with the whole group at once."""

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
        Boton("radicar", "Radicar solicitud", "quedó radicada", "r", Clase.NUEVA_SOLICITUD, pide=True),
        Boton("agregar", "Agregar a una solicitud", "se agregó", "a", Clase.MENSAJE, pide=True),
        Boton("nota", "Dejar como nota interna", "quedó como nota interna", "n", pide=True),
        Boton("preguntar", "Preguntar lo que falta", "se preguntó lo que falta", "p", pide=True),
        Boton(
            "trasladar", "Trasladar la petición", "se traslada en un minuto", "t", Clase.PETICION_CIUDADANA, pide=True
        ),
        Boton(
            "proponer_enlace",
            "Proponer un enlace",
            "la entidad dirá si es su enlace",
            "e",
            Clase.CAMBIO_DE_ENLACE,
            pide=True,
        ),
        Boton("rebote", "Es un correo que no llegó", "es un correo que no llegó", "b", Clase.REBOTE),
        Boton("automatico", "Es automático", "es un mensaje automático", "m", Clase.AUTOMATICO, junto=True),
        Boton("spam", "No es deseado", "es correo no deseado", "x", Clase.SPAM, junto=True),
        Boton("rescatar", "Devolver a la bandeja", "volvió a la bandeja por clasificar", "d", junto=True),
    )
}
CAMBIAR_Y_RADICAR = Boton("radicar", "Cambiar algo y radicar", "", "c", pide=True)
SOLO_SI_LO_PARECE = {"rebote"}  # what nobody says of a mail that is nothing like it


def botones(correo: Correo, *, canal_de_siempre: str = "", radicado: str = "") -> list[Boton]:
    """What may be decided of it now: first, what the rules guess. What needs nothing more is done with one press.

    `canal_de_siempre`: where petitions go when nobody says another. `radicado`: of the solicitud that it seems to
    answer. Each is '' when it must be said.
    """
    posibles = acciones(correo.estado, atado=correo.solicitud_id is not None)
    ofrecidos = []
    for accion, boton in BOTONES.items():
        if accion not in posibles or (accion in SOLO_SI_LO_PARECE and not es_la_propuesta(boton, correo)):
            continue
        if not es_la_propuesta(boton, correo):
            ofrecidos.append(boton)
        elif accion == "radicar" and correo.entidad_id and correo.temas:
            ofrecidos += [replace(boton, texto="Radicar como se propone", pide=False), CAMBIAR_Y_RADICAR]
        elif accion == "trasladar" and canal_de_siempre:
            ofrecidos.append(replace(boton, texto=f"Trasladar a {canal_de_siempre}", pide=False))
        elif accion == "agregar" and radicado:
            ofrecidos.append(replace(boton, texto=f"Agregar a {radicado}", pide=False))
        else:
            ofrecidos.append(boton)
    return sorted(ofrecidos, key=lambda boton: not (es_la_propuesta(boton, correo) or boton is CAMBIAR_Y_RADICAR))


def es_la_propuesta(boton: Boton, correo: Correo) -> bool:
    return boton.clase is not None and boton.clase == correo.propuesta


def dicho(numero: str, accion: str, juntos: int = 1) -> str:
    """«CR-2026-000123 y los otros 3 de su grupo: es correo no deseado.»"""
    otros = f" y los otros {juntos - 1} de su grupo" if juntos > 1 else ""
    return f"{numero}{otros}: {BOTONES[accion].hecho}."
