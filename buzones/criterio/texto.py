"""What is read of a text to judge it: the subject without what programs and hurry add, and how much it says."""

import re

from buzones.criterio.hechos import Hechos
from buzones.mime.juegos import plegado
from buzones.mime.partes import Desarmado, Falla
from clasificador.palabras import VACIAS

LARGO = 20_000  # letters that are looked at: what is asked is said before
PALABRAS_BASTANTES = 5  # different ones that say something
_PREFIJO = re.compile(
    r"\s{0,5}(?:(?:re|rv|fwd?|rta|resp|reenv|enc)\s{0,2}:|\[?(?:externo|external|ext)\]?\s{0,2}[:\]-]"
    r"|(?:muy )?urgente\b[\s:!.,–—-]{0,6}|importante\s{0,2}[:!–—-])",
    re.IGNORECASE,
)
_RESPUESTA = re.compile(r"\s{0,5}(?:re|rta|resp)\s{0,2}:", re.IGNORECASE)
_PALABRA = re.compile(r"[^\W\d_]{3,}")


def asunto_limpio(asunto: str) -> str:
    """«RV: RE: URGENTE – Publicación» is «Publicación»; one that is nothing else stays as it was."""
    limpio = asunto.strip()
    for _ in range(10):
        hallado = _PREFIJO.match(limpio)
        if not hallado or not hallado.end():
            break
        limpio = limpio[hallado.end() :].strip()
    return limpio or asunto.strip()


def cuerpo(d: Desarmado, h: Hechos) -> str:
    """All that was written; when it completes another message, what that one said first."""
    if h.esperando is not None:
        return f"{h.esperando.texto}\n\n{d.nuevo}".strip()[:LARGO]
    return d.texto[:LARGO]


def asunto(d: Desarmado, h: Hechos) -> str:
    return asunto_limpio(h.esperando.asunto if h.esperando else d.asunto)


def todo(d: Desarmado, h: Hechos) -> str:
    """As the classifier reads it: the subject, a line break, and the rest."""
    return f"{asunto(d, h)}\n{cuerpo(d, h)}"


def plano(d: Desarmado, h: Hechos) -> str:
    """Lower case, without accents, in one line: to look for words."""
    return " ".join(plegado(todo(d, h)).split())


def palabras(texto: str) -> set[str]:
    """Those that say something: neither courtesies nor what every request says."""
    return {una for una in _PALABRA.findall(plegado(texto)) if una not in VACIAS}


def cuantas_dice(d: Desarmado, h: Hechos) -> int:
    """Different words that say something, without those of the signature."""
    sin_firma = cuerpo(d, h).removesuffix(d.firma) if d.firma else cuerpo(d, h)
    return len(palabras(f"{asunto(d, h)} {sin_firma}"))


def dice_bastante(d: Desarmado, h: Hechos) -> bool:
    return cuantas_dice(d, h) >= PALABRAS_BASTANTES


def es_respuesta(d: Desarmado) -> bool:
    """It answers something, whether or not that is known here; a forward answers nothing."""
    return not d.reenviado and bool(d.en_respuesta_a or _RESPUESTA.match(d.asunto))


def adjuntos(d: Desarmado) -> int:
    """What somebody attached and may be opened."""
    return sum(not pieza.incrustada and not pieza.defecto and not pieza.cuarentena for pieza in d.piezas)


def se_lee(d: Desarmado) -> bool:
    return not d.tiene(
        Falla.FRONTERA, Falla.CODIFICACION, Falla.CIFRADO, Falla.PROFUNDO, Falla.MUCHAS_PARTES, Falla.INTERNO
    )
