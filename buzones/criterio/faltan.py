"""Of a known sender, what does not say enough: rule 17."""

from dataclasses import replace

from buzones.criterio import preguntas, texto
from buzones.criterio.base import es_conocido, por_clasificar
from buzones.criterio.hechos import Hechos
from buzones.criterio.partes import Dictamen, Respuesta
from buzones.criterio.solicitud_nueva import con_lo_que_pide, de_quien, lo_que_pide
from buzones.estados import Clase, EstadoCorreo
from buzones.mime.partes import Desarmado


def dice_poco(d: Desarmado, h: Hechos) -> Dictamen | None:
    """17. Too short is asked back, kindly and once; long and of no sure theme is for a person."""
    if not es_conocido(d, h):
        return None
    pide, basta = lo_que_pide(d, h), texto.dice_bastante(d, h)
    # «Gracias» to something that nobody here knows is asked nothing either.
    contestando = h.contesta or texto.es_respuesta(d)
    dicho = por_clasificar(
        h,
        "No es seguro de qué tema es: una persona lo decide." if basta else _dice_poco(texto.cuantas_dice(d, h)),
        de_quien(d, h),
        *pide.razones,
        propuesta=Clase.NUEVA_SOLICITUD,
        confianza=pide.confianza,
        responder=Respuesta.NINGUNA if contestando else Respuesta.RECIBIDO,
    )
    if not (basta or texto.adjuntos(d) or contestando or h.numeros):
        faltan = preguntas.de(d, h, pide.formulario, pide.logistica, necesidad=True, tema=not pide.seguro)
        dicho = replace(dicho, estado=EstadoCorreo.ESPERANDO, responder=Respuesta.FALTAN, faltan=faltan)
    return con_lo_que_pide(dicho, h, pide)


def _dice_poco(cuantas: int) -> str:
    if cuantas == 0:
        return "No dice qué se pide."
    return f"Dice muy poco para saber qué se pide: {'1 palabra' if cuantas == 1 else f'{cuantas} palabras'}."
