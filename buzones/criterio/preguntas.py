"""What is asked of who says too little (R52, R54, R58): what the form of that modality makes whoever asks write."""

from collections.abc import Mapping
from typing import Any

from buzones.criterio import texto
from buzones.criterio.hechos import Hechos
from buzones.mime.partes import Desarmado

NECESIDAD = "Qué necesita: qué pasa, qué ha hecho su entidad y qué espera de nosotros."
TEMA = "Sobre qué tema es, por ejemplo: tabla de retención, integridad, cooperación internacional."
# As `solicitudes.forms.radicar` asks it: what is kept of it → how it is asked.
DE_CADA_FORMULARIO: dict[str, dict[str, str]] = {
    "general": {},
    "concepto": {
        "preguntas": "Las preguntas que debe responder el concepto, numeradas.",
        "terminos": "En qué términos necesita la respuesta: para quién es y para qué la usará.",
    },
    "visita": {
        "lugar": "El lugar de la visita: la dirección y el sitio exacto.",
        "opcion_1": "Una fecha y una hora que propone.",
    },
    "sesion": {
        "participantes": "Qué entidades participan.",
        "personas": "Cuántas personas asistirán, aunque sea aproximado.",
        "medio": "Si prefiere que sea presencial o virtual.",
        "lugar": "El lugar, o la plataforma si es virtual.",
        "opcion_1": "Una fecha y una hora que propone.",
    },
    "asesoria": {"medio": "Si prefiere que sea presencial, virtual o por teléfono."},
    "comision": {
        "objeto": "El objeto del viaje: quién invita, a quién y para qué.",
        "destino": "La ciudad y el país.",
        "viaje_desde": "Las fechas de salida y de regreso.",
        "ya_aceptada": "Si la invitación ya se aceptó.",
        "financiacion": "Si un actor internacional financia el viaje, y si es público o privado.",
    },
}


# Of what may be filed without them; of a session, the lineamiento asks for them when it is asked for (§6.3, R52).
AL_RADICAR = frozenset({"sesion", "visita", "comision"})


def de(
    d: Desarmado,
    h: Hechos,
    formulario: str,
    logistica: Mapping[str, Any],
    *,
    necesidad: bool = False,
    tema: bool = False,
) -> tuple[str, ...]:
    """What it does not say. `necesidad` and `tema`: whether those are missing too."""
    dicho = {clave for clave, valor in logistica.items() if valor not in (None, "", [])}
    if "?" in texto.cuerpo(d, h):
        dicho.add("preguntas")
    suyas = DE_CADA_FORMULARIO.get(formulario, {})
    return (
        *([NECESIDAD] if necesidad else []),
        *([TEMA] if tema else []),
        *(pregunta for campo, pregunta in suyas.items() if campo not in dicho),
    )
