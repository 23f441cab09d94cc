"""In which way it is asked to be attended, as the text says it; else as its theme is attended."""

import re

from buzones.criterio import texto
from buzones.criterio.hechos import Hechos, ModalidadConocida, TemaSugerido
from buzones.mime.juegos import plegado
from buzones.mime.partes import Desarmado

# What is asked of these themes is that, whatever other word appears («visita técnica» is what the journey is for).
_DEL_TEMA = {"comision", "publicacion", "impreso"}
_CONFIANZA = 85  # of the classifier, to be heard where no word says it
# In the order in which a text that says several of them is understood.
_DICHAS = (
    ("concepto", r"conceptos?(?: (?:tecnic|juridic|escrit)\w+)?"),
    ("mesa", r"mesas? (?:de trabajo|tecnicas?)|reunion(?:es)?(?: de trabajo)?|sesion de trabajo"),
    ("visita", r"visitas?(?: de asistencia| tecnicas?)?"),
    ("revision", r"revision(?: tecnica)?|revisar"),
    ("taller", r"talleres|taller|seminarios?"),
    ("jornada", r"jornadas?|capacitacion(?:es)?|sensibilizacion|socializacion|charlas?"),
    ("asesoria", r"asesorias?|asesoren|acompanamiento|orientacion"),
)
_PIDE = (
    r"(?:solicit\w{1,9}|requ(?:er|ier)\w{1,7}|necesit\w{1,7}|pedi(?:mos|r)|agrade(?:c|z)\w{1,8}|quer(?:emos|riamos)"
    r"|quisi\w{1,8}|proponemos|program\w{1,6}|agendar|realizar|hacer)"
)
_TRAS_PEDIR = [
    (codigo, re.compile(rf"\b{_PIDE}\b(?: [\w,]{{1,20}}){{0,6}}? (?:{como})\b")) for codigo, como in _DICHAS
]
_EN_ASUNTO = [(codigo, re.compile(rf"\b(?:{como})\b")) for codigo, como in _DICHAS]


def elegir(d: Desarmado, h: Hechos, tema: TemaSugerido | None) -> ModalidadConocida | None:
    conocidas = h.sugerido.modalidades
    del_tema = tema.modalidad if tema else None
    if del_tema is not None and del_tema.codigo in _DEL_TEMA:
        return del_tema
    dicha = _dicha(d, h)
    if dicha in conocidas:
        return conocidas[dicha]
    codigo, confianza = h.sugerido.modalidad
    if confianza >= _CONFIANZA and codigo in conocidas and h.sugerido.medida:
        return conocidas[codigo]
    return del_tema


def _dicha(d: Desarmado, h: Hechos) -> str:
    """Said after asking for it, or in the subject. Both look only at what comes first in the text."""
    dice = texto.plano(d, h)[:3000]
    halladas = [(h_.end(), codigo) for codigo, patron in _TRAS_PEDIR if (h_ := patron.search(dice))]
    del_asunto = plegado(texto.asunto(d, h))
    de_asunto = next((codigo for codigo, patron in _EN_ASUNTO if patron.search(del_asunto)), "")
    return de_asunto or (min(halladas)[1] if halladas else "")
