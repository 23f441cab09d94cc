"""States of a parte and the ONE transition table: it moves the state, draws the buttons, feeds the API and the docs.

Source: lineamiento §5; domain.md §2.2. `mover` in services/transiciones.py is the only writer of `estado`.
"""

from dataclasses import dataclass, field

from django.db.models import TextChoices

from direcciones.roles import ATIENDEN, DE_ENTIDAD, JEFES, Rol


class EstadoParte(TextChoices):
    EN_COLA = "en_cola", "Sin asignar"
    ASIGNADA = "asignada", "Asignada"
    EN_ATENCION = "en_atencion", "En elaboración"
    EN_COMPLEMENTO = "en_complemento", "Esperando a la entidad"
    ATENDIDA = "atendida", "Respondida"
    TRASLADADA = "trasladada", "Trasladada a otra entidad"
    DUPLICADA = "duplicada", "Duplicada"
    NO_COMPETENCIA = "no_competencia", "Fuera de competencia"
    RETIRADA = "retirada", "Retirada"


class EstadoSolicitud(TextChoices):
    """State of the whole, derived from its partes (`estado_comun`), plus CERRADA once the survey is done."""

    RADICADA = "radicada", "Radicada"
    ASIGNADA = "asignada", "Asignada"
    EN_ATENCION = "en_atencion", "En elaboración"
    EN_COMPLEMENTO = "en_complemento", "Esperamos su respuesta"
    ATENDIDA = "atendida", "Respondida"
    CERRADA = "cerrada", "Cerrada"
    TRASLADADA = "trasladada", "Trasladada a otra entidad"
    DUPLICADA = "duplicada", "Duplicada"
    NO_COMPETENCIA = "no_competencia", "Fuera de competencia"
    RETIRADA = "retirada", "Retirada"


E = EstadoParte
ABIERTOS = frozenset({E.EN_COLA, E.ASIGNADA, E.EN_ATENCION, E.EN_COMPLEMENTO})
EN_TRABAJO = frozenset({E.ASIGNADA, E.EN_ATENCION, E.EN_COMPLEMENTO})
FINALES = frozenset(E) - ABIERTOS
SOLICITUD_ABIERTA = frozenset(
    {
        EstadoSolicitud.RADICADA,
        EstadoSolicitud.ASIGNADA,
        EstadoSolicitud.EN_ATENCION,
        EstadoSolicitud.EN_COMPLEMENTO,
    }
)


@dataclass(frozen=True, slots=True)
class Transicion:
    """One row of the table. `pide` names what the person must give (the form draws it)."""

    accion: str
    boton: str
    desde: frozenset[EstadoParte]
    hacia: EstadoParte
    roles: frozenset[str]
    pide: tuple[str, ...] = field(default=())
    solo_responsable: bool = False
    confirma: bool = False
    historia: str = ""


def _t(accion: str, boton: str, desde: set[E], hacia: E, roles: frozenset[str], **resto: object) -> Transicion:
    return Transicion(accion, boton, frozenset(desde), hacia, roles, **resto)  # type: ignore[arg-type]


_ASESOR = frozenset({Rol.ASESOR})
TRANSICIONES: dict[str, Transicion] = {
    t.accion: t
    for t in (
        _t("asignar", "Asignar", {E.EN_COLA}, E.ASIGNADA, JEFES, pide=("asesor",), historia="La asignó a {asesor}"),
        _t("tomar", "Atender la siguiente", {E.EN_COLA}, E.EN_ATENCION, ATIENDEN, historia="Empezó a atenderla"),
        _t(
            "empezar",
            "Empezar a atender",
            {E.ASIGNADA},
            E.EN_ATENCION,
            ATIENDEN,
            solo_responsable=True,
            historia="Empezó a atenderla",
        ),
        _t(
            "liberar",
            "Devolver a la cola",
            {E.ASIGNADA, E.EN_ATENCION},
            E.EN_COLA,
            ATIENDEN,
            pide=("motivo",),
            solo_responsable=True,
            confirma=True,
            historia="La devolvió a la cola, en su mismo turno",
        ),
        _t(
            "reasignar",
            "Reasignar",
            {E.ASIGNADA, E.EN_ATENCION, E.EN_COMPLEMENTO},
            E.ASIGNADA,
            JEFES,
            pide=("asesor", "motivo"),
            historia="La reasignó a {asesor}",
        ),
        _t(
            "pedir_complemento",
            "Pedir información",
            {E.EN_ATENCION},
            E.EN_COMPLEMENTO,
            ATIENDEN,
            pide=("texto", "hasta"),
            solo_responsable=True,
            historia="Pidió información a la entidad",
        ),
        _t(
            "complementar",
            "Responder lo que piden",
            {E.EN_COMPLEMENTO},
            E.EN_ATENCION,
            DE_ENTIDAD | {Rol.VENTANILLA},
            pide=("texto", "archivos"),
            historia="La entidad respondió lo que se le pidió",
        ),
        _t(
            "trasladar",
            "Trasladar a otra dependencia",
            {E.EN_COLA, E.ASIGNADA, E.EN_ATENCION},
            E.EN_COLA,
            ATIENDEN | {Rol.VENTANILLA},
            pide=("dependencia", "motivo"),
            confirma=True,
            historia="La trasladó a {dependencia}",
        ),
        _t(
            "trasladar_fuera",
            "Trasladar a otra entidad",
            {E.EN_COLA, E.ASIGNADA, E.EN_ATENCION},
            E.TRASLADADA,
            JEFES,
            pide=("destino", "motivo"),
            confirma=True,
            historia="La trasladó a {destino}",
        ),
        _t(
            "marcar_duplicada",
            "Marcar como duplicada",
            {E.EN_COLA, E.ASIGNADA, E.EN_ATENCION},
            E.DUPLICADA,
            ATIENDEN | {Rol.VENTANILLA},
            pide=("principal", "motivo"),
            confirma=True,
            historia="La marcó como duplicada de {principal}",
        ),
        _t(
            "declarar_no_competencia",
            "Responder que no es de nuestra competencia",
            {E.EN_COLA, E.ASIGNADA, E.EN_ATENCION},
            E.NO_COMPETENCIA,
            JEFES,
            pide=("respuesta",),
            confirma=True,
            historia="Respondió que no es de su competencia",
        ),
        _t(
            "atender",
            "Cerrar con respuesta",
            {E.EN_ATENCION},
            E.ATENDIDA,
            ATIENDEN | {"sistema"},
            pide=("resultado",),
            solo_responsable=True,
            confirma=True,
            historia="La respondió",
        ),
        _t(
            "retirar",
            "Retirar la solicitud",
            set(ABIERTOS),
            E.RETIRADA,
            DE_ENTIDAD,
            pide=("motivo",),
            confirma=True,
            historia="La entidad la retiró",
        ),
        _t(
            "reabrir",
            "Reabrir",
            {E.ATENDIDA},
            E.EN_ATENCION,
            JEFES,
            pide=("motivo",),
            confirma=True,
            historia="La reabrió",
        ),
    )
}

# Reasons that justify attending one before an older one of the same tray (lineamiento §5, domain.md G3).
MOTIVOS_DE_ORDEN = {
    "fecha_legal": "Tiene una fecha legal más próxima",
    "fecha_evento": "El evento o viaje tiene fecha fija",
    "sesion_conjunta": "Se atiende en una sesión conjunta",
    "espera_complemento": "La anterior espera un complemento de la entidad",
    "disponibilidad": "Disponibilidad acordada con la entidad o del equipo",
}


def estado_comun(estados: list[str]) -> EstadoSolicitud:
    """State of the solicitud from the states of its partes. Pure; `estados` must not be empty.

    Waiting for the entity wins over work in course (it is the entity's turn); while one parte is open, the whole is.
    """
    presentes = set(estados)
    for abierto, comun in (
        (E.EN_COMPLEMENTO, EstadoSolicitud.EN_COMPLEMENTO),
        (E.EN_ATENCION, EstadoSolicitud.EN_ATENCION),
        (E.ASIGNADA, EstadoSolicitud.ASIGNADA),
    ):
        if abierto in presentes:
            return comun
    if E.EN_COLA in presentes:
        return EstadoSolicitud.RADICADA if presentes == {E.EN_COLA} else EstadoSolicitud.EN_ATENCION
    for final in (E.ATENDIDA, E.NO_COMPETENCIA, E.TRASLADADA, E.DUPLICADA, E.RETIRADA):
        if final in presentes:
            return EstadoSolicitud(final.value)
    raise ValueError("Una solicitud sin partes no tiene estado.")
