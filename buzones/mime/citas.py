"""What is new in an answer, what it quotes, and its signature, as the programs that people use write them.

Line by line, each looked at a fixed number of times. When in doubt nothing is cut: quoting too much is no loss.
"""

import re
from typing import NamedTuple

from buzones.mime.juegos import plegado


class Separado(NamedTuple):
    nuevo: str
    citado: str
    firma: str


_ANCHO = 300  # of a line that is looked at
LINEAS_MAXIMAS = 5000  # longer than that, nobody answers above a quote
# «El mié, 25 feb 2026 a las 15:03, Portal SDFI (<…>) escribió:», in one line or cut in up to four.
_ABRE = re.compile(r"[\s*_]{0,10}(?:el|on|le|em|am|il|a las?|en)\s+\S", re.IGNORECASE)
_ESCRIBIO = re.compile(
    r"\b(?:escribio|wrote|a ecrit|escreveu|schrieb|ha scritto|va escriure)\s{0,3}(?:lo siguiente)?\s{0,3}:[\s*_]{0,5}$"
)
_SOLO_QUIEN = re.compile(r"[^:]{1,200}<[^<>\s]{3,200}> (?:escribio|wrote):$")
_NUMERO = re.compile(r"\d")
_DE = re.compile(r"[\s*>]{0,10}(?:de|from|desde)\s?:\**\s?\S", re.IGNORECASE)
_CAMPOS = {
    "fecha": re.compile(r"[\s*>]{0,10}(?:enviado(?: el)?|fecha|sent|date|enviada em|data)\s?:", re.IGNORECASE),
    "para": re.compile(r"[\s*>]{0,10}(?:para|to)\s?:", re.IGNORECASE),
    "asunto": re.compile(r"[\s*>]{0,10}(?:asunto|subject|assunto)\s?:", re.IGNORECASE),
}
_ORIGINAL = re.compile(
    r"[\s>]{0,10}-{2,40}\s?(?:mensaje original|original message|mensagem original|mensaje citado"
    r"|respuesta original|original appointment|cita original)\s?-{2,40}\s{0,3}$"
)
_RAYA = re.compile(r"[\s>]{0,10}_{10,200}\s{0,3}$")
_REENVIADO = re.compile(
    r"[\s*]{0,10}(?:-{3,40}\s?(?:forwarded message|mensaje reenviado|mensagem encaminhada|forwarded by .{1,100}"
    r"|reenviado por .{1,100}|mensaje reenviado por .{1,100})\s?-{2,40}|inicio del mensaje reenviado\s?:"
    r"|begin forwarded message\s?:|inicio de mensaje reenviado\s?:)\s{0,3}$"
)
_ARRIBA = re.compile(
    r"[\s#*-]{0,10}(?:responda (?:arriba|por encima) ?(?:de esta linea)?|(?:please )?reply above this line"
    r"|escriba su respuesta (?:arriba|por encima) de esta linea)[\s#*-]{0,10}$"
)
_FIRMA = re.compile(
    r"--\s?$|_{2,200}\s?$|-{3,200}\s?$"
    r"|enviado (?:desde|con|por) (?:mi|outlook|el|yahoo|gmail|correo|proton|blackberry).{0,60}$"
    r"|sent (?:from|with) (?:my|outlook|yahoo|mail|proton|gmail).{0,60}$|obtener outlook para .{1,30}$"
    r"|get outlook for .{1,30}$|obtenga outlook para .{1,30}$"
)
_REENVIO_EN_ASUNTO = re.compile(r"(?:rv|fwd?|reenv|enc|tr|wg)\s?:", re.IGNORECASE)
_RESPUESTA_EN_ASUNTO = re.compile(r"(?:re|rta|resp|r|aw|sv)\s?:", re.IGNORECASE)


def es_reenvio(texto: str, asunto: str) -> bool:
    """Whether it hands over a message of others: then nothing of it is cut. «RE: RV: …» answers one that did."""
    if _REENVIO_EN_ASUNTO.match(asunto.strip()[:100]):
        return True
    lineas = texto.split("\n")
    corte = _corte(lineas)
    if corte is None:
        return any(_REENVIADO.match(plegado(linea[:_ANCHO])) for linea in lineas[:LINEAS_MAXIMAS])
    return not _nuevo_y_citado(lineas, corte)[0] and not _RESPUESTA_EN_ASUNTO.match(asunto.strip()[:100])


def separar(texto: str, asunto: str = "") -> Separado:
    lineas = texto.split("\n")
    corte = None if es_reenvio(texto, asunto) else _corte(lineas)
    nuevo, citado = (texto.strip(), "") if corte is None else _nuevo_y_citado(lineas, corte)
    return Separado(nuevo, citado, _firma(nuevo))


def _corte(lineas: list[str]) -> tuple[int, int] | None:
    """Where the quote starts and the line after what announces it. None without one, or when a forward comes first."""
    for lugar, linea in enumerate(lineas[:LINEAS_MAXIMAS]):
        corta = linea[:_ANCHO]
        if not corta.strip():
            continue
        baja = plegado(corta)
        if _REENVIADO.match(baja):
            return None
        if (
            baja[:1] in "-_ >\t" and (_ORIGINAL.match(baja) or (_RAYA.match(baja) and _bloque(lineas, lugar + 1)))
        ) or _ARRIBA.match(baja):
            return lugar, lugar + 1
        if fin := _anuncio(lineas, lugar):
            return lugar, fin
        if _DE.match(corta) and _bloque(lineas, lugar):
            return lugar, lugar + 1
        if corta.startswith(">") and _cita_seguida(lineas, lugar):
            return lugar, lugar
    return None


def _anuncio(lineas: list[str], lugar: int) -> int:
    """The line after «El … escribió:»; 0 when that is not what starts here."""
    primera = lineas[lugar][:_ANCHO]
    if _SOLO_QUIEN.match(plegado(primera.strip())):
        return lugar + 1
    if not _ABRE.match(primera):
        return 0
    junta = ""
    for cuantas, linea in enumerate(lineas[lugar : lugar + 4], start=1):
        if not linea.strip() or linea.startswith(">"):
            return 0
        junta += " " + linea[:_ANCHO].strip()
        if _ESCRIBIO.search(plegado(junta)[-60:]) and (_NUMERO.search(junta) or "@" in junta):
            return lugar + cuantas
    return 0


def _bloque(lineas: list[str], lugar: int) -> bool:
    """«De: … Enviado: … Para: … Asunto: …»: the first and two more, within eight lines."""
    while lugar < len(lineas) and not lineas[lugar].strip():
        lugar += 1
    if lugar >= len(lineas) or not _DE.match(lineas[lugar][:_ANCHO]):
        return False
    vistos = {
        nombre
        for linea in lineas[lugar + 1 : lugar + 9]
        for nombre, campo in _CAMPOS.items()
        if campo.match(linea[:_ANCHO])
    }
    return len(vistos) >= 2


def _cita_seguida(lineas: list[str], lugar: int) -> bool:
    """Quoted to the end, or below an answer: not one line that somebody marked with «>»."""
    seguidas = lineas[lugar : lugar + 3]
    return sum(linea.startswith(">") for linea in seguidas) >= min(2, len(seguidas))


def _nuevo_y_citado(lineas: list[str], corte: tuple[int, int]) -> tuple[str, str]:
    """Who answers below the quote, or between its lines, wrote what is not quoted."""
    inicio, despues = corte
    arriba = "\n".join(lineas[:inicio]).strip()
    todo = "\n".join(lineas).strip()
    fin = despues
    while fin < len(lineas) and (lineas[fin].startswith(">") or not lineas[fin].strip()):
        fin += 1
    hay_marcas = any(linea.startswith(">") for linea in lineas[despues:fin])
    abajo = "\n".join(lineas[fin:]).strip()
    if not hay_marcas or not abajo:
        return arriba, "\n".join(lineas[inicio:]).strip()
    if any(linea.startswith(">") for linea in lineas[fin:]):
        return todo, ""  # between its lines: without them it is not understood
    return f"{arriba}\n\n{abajo}".strip(), "\n".join(lineas[inicio:fin]).strip()


def _firma(nuevo: str) -> str:
    """The tail from the mark of a signature, if it is short. It stays in the text too. Below what is forwarded: the
    signature of a forwarder comes before it."""
    lineas = nuevo.split("\n")
    desde = max(1, len(lineas) - 15)
    desde = max([desde, *(lugar + 1 for lugar in range(desde, len(lineas)) if _bloque(lineas, lugar))])
    for lugar in range(desde, len(lineas)):
        if _FIRMA.match(plegado(lineas[lugar][:_ANCHO].lstrip())):
            return "\n".join(lineas[lugar:]).strip()
    return ""
