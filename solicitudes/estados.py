"""States of a parte and the ONE transition table: it moves the state, draws the buttons, feeds the API and the docs.

Source: lineamiento §5; domain.md §2.2. `mover` in services/transiciones.py is the only writer of `estado`.
`docs/estados.md` is printed from here (`script/manage diagrama_estados`).
"""

from dataclasses import dataclass, field

from django.db.models import TextChoices

from direcciones.roles import ATIENDEN, DE_DEPENDENCIA, DE_ENTIDAD, JEFES, Rol

DIAS_PARA_REABRIR = 30  # calendar days after the answer (domain.md §2.2, assumed)


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

# Ends without an answer to ask about: nothing comes after them.
SOLICITUD_SIN_ENCUESTA = frozenset(
    {
        EstadoSolicitud.TRASLADADA,
        EstadoSolicitud.DUPLICADA,
        EstadoSolicitud.NO_COMPETENCIA,
        EstadoSolicitud.RETIRADA,
    }
)
SOLICITUD_TERMINADA = SOLICITUD_SIN_ENCUESTA | {EstadoSolicitud.CERRADA}


@dataclass(frozen=True, slots=True)
class Transicion:
    """One row of the table. `pide` names what the person must give (the form draws it).

    `hacia` None: the act leaves the state as it is. `solo_responsable`: once somebody is responsible for the parte,
    only that person or whoever heads the dependencia; `personal`: not even the head. `confirma`: a page before what
    can't be undone. `interna`: its line of the history is not for the entity.
    """

    accion: str
    boton: str
    desde: frozenset[EstadoParte]
    hacia: EstadoParte | None
    roles: frozenset[str]
    pide: tuple[str, ...] = field(default=())
    solo_responsable: bool = False
    personal: bool = False
    confirma: bool = False
    interna: bool = False
    historia: str = ""
    registro: str = ""  # what its button says to who registers it for the entity


def _t(
    accion: str, boton: str, desde: set[E] | frozenset[E], hacia: E | None, roles: frozenset[str], **resto: object
) -> Transicion:
    return Transicion(accion, boton, frozenset(desde), hacia, roles, **resto)  # type: ignore[arg-type]


def _tabla(*filas: Transicion) -> dict[str, Transicion]:
    return {fila.accion: fila for fila in filas}


TRANSICIONES: dict[str, Transicion] = _tabla(
    _t(
        "asignar",
        "Asignar a un asesor",
        {E.EN_COLA},
        E.ASIGNADA,
        JEFES,
        pide=("asesor", "orden"),
        historia="La asignó a {asesor}",
    ),
    _t(
        "tomar",
        "Atender esta solicitud",
        {E.EN_COLA},
        E.EN_ATENCION,
        ATIENDEN,
        pide=("orden",),
        historia="Empezó a atenderla",
    ),
    _t(
        "empezar",
        "Empezar a atender",
        {E.ASIGNADA},
        E.EN_ATENCION,
        ATIENDEN,
        pide=("orden",),
        personal=True,
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
        interna=True,
        historia="La devolvió a la cola, en su mismo turno",
    ),
    _t(
        "reasignar",
        "Reasignar",
        {E.ASIGNADA, E.EN_ATENCION},
        E.ASIGNADA,
        JEFES,
        pide=("asesor", "motivo"),
        interna=True,
        historia="La reasignó a {asesor}",
    ),
    # While the entity owes an answer the wait goes on, whoever attends it: otherwise it could not answer any more.
    _t(
        "reasignar_en_espera",
        "Reasignar",
        {E.EN_COMPLEMENTO},
        E.EN_COMPLEMENTO,
        JEFES,
        pide=("asesor", "motivo"),
        interna=True,
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
        registro="Registrar lo que respondió la entidad",
    ),
    _t(
        "retomar",
        "Continuar sin esperar a la entidad",
        {E.EN_COMPLEMENTO},
        E.EN_ATENCION,
        ATIENDEN,
        pide=("motivo",),
        solo_responsable=True,
        historia="Continuó sin esperar la información pedida",
    ),
    _t(
        "trasladar",
        "Trasladar a otra dependencia",
        {E.EN_COLA, E.ASIGNADA, E.EN_ATENCION},
        E.EN_COLA,
        ATIENDEN | {Rol.VENTANILLA},
        pide=("dependencia", "tema", "motivo"),
        solo_responsable=True,
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
        solo_responsable=True,
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
        "Cerrar con su resultado",
        {E.EN_ATENCION},
        E.ATENDIDA,
        ATIENDEN | {"sistema"},
        pide=("resultado", "archivos"),
        solo_responsable=True,
        confirma=True,
        historia="La respondió",
    ),
    _t(
        "retirar",
        "Retirar la solicitud",
        ABIERTOS,
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
    # What somebody already had in hand before the portal. Only the import of those does it: no page draws them.
    _t(
        "recibir_asignada",
        "Importar asignada",
        {E.EN_COLA},
        E.ASIGNADA,
        frozenset({"sistema"}),
        historia="Venía asignada a {asesor}",
    ),
    _t(
        "recibir_en_atencion",
        "Importar en elaboración",
        {E.EN_COLA},
        E.EN_ATENCION,
        frozenset({"sistema"}),
        historia="Venía en manos de {asesor}",
    ),
    _t(
        "recibir_en_espera",
        "Importar esperando a la entidad",
        {E.EN_ATENCION},
        E.EN_COMPLEMENTO,
        frozenset({"sistema"}),
        historia="Ya se esperaba a la entidad desde el {desde}",
    ),
)

# What is done without moving the state. Same rows, same check, same forms.
ACTOS: dict[str, Transicion] = _tabla(
    _t("mensaje", "Enviar mensaje a la entidad", ABIERTOS | {E.ATENDIDA}, None, ATIENDEN, pide=("texto", "archivos")),
    _t("nota", "Guardar nota interna", frozenset(E), None, DE_DEPENDENCIA, pide=("texto",), interna=True),
    # Closes it through the row «atender».
    _t(
        "responder",
        "Responder por escrito",
        {E.EN_ATENCION},
        None,
        ATIENDEN,
        pide=("texto", "archivos"),
        solo_responsable=True,
        confirma=True,
    ),
    _t(
        "programar",
        "Programar o registrar una sesión",
        {E.EN_ATENCION},
        None,
        ATIENDEN,
        pide=("actuacion", "archivos"),
        solo_responsable=True,
        historia="{hecho}",
    ),
    _t(
        "agregar_dependencia",
        "Pedir apoyo a otra dependencia",
        ABIERTOS,
        None,
        ATIENDEN,
        pide=("tema", "motivo"),
        solo_responsable=True,
        historia="Pidió el apoyo de {dependencia}",
    ),
    _t(
        "cambiar_lider",
        "Cambiar la dependencia que lidera",
        ABIERTOS,
        None,
        JEFES,
        pide=("parte_lider", "motivo"),
        historia="Ahora la lidera {dependencia}",
    ),
    # It gives the legal term (Ley 1755 de 2015, art. 14), which is shown beside the ten days.
    _t(
        "clasificar_peticion",
        "Decir qué petición es",
        ABIERTOS,
        None,
        ATIENDEN | {Rol.VENTANILLA},
        pide=("peticion", "motivo"),
        historia="{hecho}",
    ),
    _t(
        "prorrogar",
        "Ampliar el término legal",
        ABIERTOS,
        None,
        JEFES,
        pide=("dias", "motivo"),
        confirma=True,
        historia="Pidió ampliar el término legal: {dias} más",
    ),
    _t(
        "corregir_correo",
        "Corregir el correo de quien la pide",
        ABIERTOS | {E.ATENDIDA},
        None,
        ATIENDEN | {Rol.VENTANILLA},
        pide=("correo", "motivo"),
        interna=True,
        historia="Corrigió el correo de quien la pide",
    ),
    _t(
        "reservar",
        "Reservar la solicitud",
        frozenset(E),
        None,
        JEFES,
        pide=("motivo",),
        confirma=True,
        interna=True,
        historia="La reservó",
    ),
    _t(
        "levantar_reserva",
        "Levantar la reserva",
        frozenset(E),
        None,
        JEFES,
        pide=("motivo",),
        confirma=True,
        interna=True,
        historia="Levantó la reserva",
    ),
)
# What people do: each has a button and a page.
ACCIONES: dict[str, Transicion] = {
    fila.accion: fila for fila in (TRANSICIONES | ACTOS).values() if fila.roles != {"sistema"}
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
