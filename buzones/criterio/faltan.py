"""Of a known sender, what does not say enough: rule 17, and what is asked back (R52, R54, R58)."""

from collections.abc import Mapping
from typing import Any

from buzones.criterio import texto
from buzones.criterio.base import es_conocido, por_clasificar
from buzones.criterio.hechos import Hechos
from buzones.criterio.partes import Dictamen, Respuesta
from buzones.criterio.solicitud_nueva import LoQuePide, con_lo_que_pide, de_quien, lo_que_pide
from buzones.estados import Clase, EstadoCorreo
from buzones.mime.partes import Desarmado

NECESIDAD = "Qué necesita: qué pasa, qué ha hecho su entidad y qué espera de nosotros."
TEMA = "Sobre qué tema es, por ejemplo: tabla de retención, integridad, cooperación internacional."
# What the form of each modality makes whoever asks write (`solicitudes.forms.radicar`): kept as → how it is asked.
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


def faltan(formulario: str, logistica: Mapping[str, Any], *, necesidad: bool, tema: bool) -> tuple[str, ...]:
    """`necesidad` and `tema`: whether those are missing too."""
    suyas = DE_CADA_FORMULARIO.get(formulario, {})
    return (
        *([NECESIDAD] if necesidad else []),
        *([TEMA] if tema else []),
        *(pregunta for campo, pregunta in suyas.items() if logistica.get(campo) in (None, "", [])),
    )


def dice_poco(d: Desarmado, h: Hechos) -> Dictamen | None:
    """17. Too short is asked back, kindly and once; long and of no sure theme is for a person."""
    if not es_conocido(d, h):
        return None
    pide = lo_que_pide(d, h)
    basta, con_archivos = texto.dice_bastante(d, h), texto.adjuntos(d) > 0
    contestando = h.responde_a is not None or h.esperando is not None
    preguntar = not basta and not con_archivos and not h.preguntado and not contestando
    return con_lo_que_pide(_dicho(d, h, pide, preguntar=preguntar, basta=basta), h, pide)


def _dicho(d: Desarmado, h: Hechos, pide: LoQuePide, *, preguntar: bool, basta: bool) -> Dictamen:
    cuantas = len(texto.palabras(texto.todo(d, h)))
    if basta:
        razon = "No es seguro de qué tema es: una persona lo decide."
    else:
        razon = f"{_palabras(cuantas)} para saber qué se pide."
    responde = h.responde_a is not None or h.esperando is not None or h.preguntado
    return por_clasificar(
        h,
        razon,
        de_quien(d, h),
        *pide.razones,
        propuesta=Clase.NUEVA_SOLICITUD,
        confianza=pide.confianza,
        estado=EstadoCorreo.ESPERANDO if preguntar else EstadoCorreo.POR_CLASIFICAR,
        responder=Respuesta.FALTAN if preguntar else Respuesta.NINGUNA if responde else Respuesta.RECIBIDO,
        faltan=faltan(
            pide.formulario, pide.logistica, necesidad=not basta, tema=not basta and not (pide.seguro and pide.temas)
        ),
    )


def _palabras(cuantas: int) -> str:
    if cuantas == 0:
        return "No dice lo suficiente"
    return "Dice muy poco: es 1 palabra" if cuantas == 1 else f"Dice muy poco: son {cuantas} palabras"
