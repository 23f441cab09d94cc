"""Whether a machine wrote it: by its headers (RFC 3834, 2919, 8098) and, for those that say nothing, by its words.

Each reason is a sentence: the tray shows them.
"""

import re
from collections.abc import Sequence
from datetime import date

from avisos.maquinas import es_de_maquina
from buzones.mime import fechas
from buzones.mime.juegos import plegado
from buzones.mime.partes import Calendario, Direccion, Senales

# What the programs write, up to its colon: «Respuesta automática de la ventanilla: no sirve» is a person's.
_AUSENCIA_ASUNTO = re.compile(
    r"(?:respuesta automatica|automatic reply|auto-?reply|autorespuesta|respuesta de ausencia|mensaje de ausencia"
    r"|contestador automatico|fuera de (?:la |mi )?oficina|out of (?:the )?office)\s{0,3}(?:[:|(–-]|$)"
)
_AUSENCIA_SOLA = re.compile(
    r"(?:ausente|ausencia|(?:estoy |en |de |estoy de )?vacaciones|on vacation|no me encuentro en la oficina)[.! ]{0,5}"
)
_TRAS_RESPUESTA = re.compile(r"(?:(?:re|rv|fwd?)\s?:\s?){0,10}")
_DE_ASUNTO_AUTOMATICO = re.compile(r"(?:respuesta automatica|automatic reply|autorespuesta|auto-?reply)\b")
_AUSENCIA_TEXTO = re.compile(
    r"\b(?:estoy|estare|me encuentro|me encontrare|voy a estar|estaremos)\s(?:\w+\s){0,3}?"
    r"(?:vacaciones|fuera de (?:la |mi )?oficina|licencia|incapacidad|ausente|incapacitad[oa]|comision de servicios)\b"
    r"|\bi am (?:currently )?(?:out of (?:the )?office|on (?:vacation|leave|holiday))"
    r"|\b(?:este es un|esta es una) (?:mensaje|respuesta|correo) (?:automatic[oa]|generad[oa] automaticamente)"
)
_LEIDO = re.compile(r"(?:leido|read|no leido|not read|acuse de lectura|lectura|gelesen|lu)\s?:")
_CALENDARIO_ASUNTO = re.compile(
    r"(?:aceptad[oa]|accepted|rechazad[oa]|declined|provisional|tentative|aceptada provisionalmente)\s?:"
)
_CORREO = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_TRAS_HASTA = re.compile(
    r"\b(?:hasta(?: el)?|regreso(?: el)?|vuelvo(?: el)?|retorno(?: el)?|until|back on)\s(.{4,40})"
)


def leer(
    encabezados: Sequence[tuple[str, str]],
    *,
    tipo: str,
    de: Direccion,
    asunto: str,
    texto: str,
    cerca_de: date,
    calendario: Calendario | None = None,
    acuse_de_lectura: bool = False,
) -> Senales:
    dichos: dict[str, str] = {}
    for clave, valor in encabezados:
        dichos.setdefault(clave, valor)
    bajo, corto = plegado(asunto[:300]).strip(), plegado(texto[:2000])
    respuesta_sola = _es_respuesta_automatica(dichos)
    dice_ausencia = _AUSENCIA_TEXTO.search(corto) is not None
    # Whoever answers a robot also writes «RE: Respuesta automática…»: then only its headers tell.
    ausencia = bool(
        _AUSENCIA_ASUNTO.match(bajo)
        or (_AUSENCIA_SOLA.fullmatch(bajo) and dice_ausencia and len(texto) < 1500)
        or (respuesta_sola and (dice_ausencia or _AUSENCIA_ASUNTO.match(_TRAS_RESPUESTA.sub("", bajo, count=1))))
    )
    leido = acuse_de_lectura or bool(
        _LEIDO.match(bajo) and (respuesta_sola or (len(texto) < 1000 and _responde(dichos)))
    )
    # Outlook's own, in winmail.dat, says only its subject.
    de_calendario = (calendario is not None and calendario.metodo in {"REPLY", "COUNTER", "CANCEL", "REFRESH"}) or (
        _CALENDARIO_ASUNTO.match(bajo) is not None and not texto.strip()
    )
    informe = tipo == "multipart/report" and not leido
    lista = any(clave in dichos for clave in ("list-id", "list-unsubscribe", "list-post", "mailing-list"))
    razones = [
        *_de_encabezados(dichos, bajo),
        *(["Es de una lista de correo."] if lista else []),
        *_de_remitente(dichos, de),
        *(["Es un acuse de lectura."] if leido else []),
        *(["Es la respuesta de un calendario."] if de_calendario else []),
        *(["Es una respuesta automática de ausencia."] if ausencia and not informe else []),
        *(["Es un informe de entrega de un servidor."] if informe else []),
    ]
    desde = hasta = None
    sustituto = ""
    if ausencia:
        desde, hasta = _cuando(texto, cerca_de)
        sustituto = next((c.lower() for c in _CORREO.findall(texto[:5000]) if c.lower() != de.correo), "").rstrip(".")
    return Senales(
        robot=tuple(dict.fromkeys(razones)),
        ausencia=ausencia and not informe,
        ausente_desde=desde,
        ausente_hasta=hasta,
        sustituto=sustituto,
        lista=lista,
        informe=informe,
        acuse_de_lectura=leido,
        pide_acuse_de_lectura="disposition-notification-to" in dichos or "x-confirm-reading-to" in dichos,
        urgente=_urgente(dichos),
        calendario=calendario,
    )


def _es_respuesta_automatica(dichos: dict[str, str]) -> bool:
    return (
        dichos.get("auto-submitted", "no").lower().startswith("auto-replied")
        or any(c in dichos for c in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply"))
        or dichos.get("precedence", "").lower().strip() == "auto_reply"
    )


def _responde(dichos: dict[str, str]) -> bool:
    return "in-reply-to" in dichos or "references" in dichos


def _de_encabezados(dichos: dict[str, str], asunto: str) -> list[str]:
    razones = []
    automatico = dichos.get("auto-submitted", "").partition(";")[0].strip().lower()
    if automatico and automatico != "no":
        razones.append("Dice que lo envió una máquina.")
    if any(c in dichos for c in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply")):
        razones.append("Dice que es una respuesta automática.")
    suprime = dichos.get("x-auto-response-suppress", "").lower()
    if suprime and suprime != "none" and (_DE_ASUNTO_AUTOMATICO.match(asunto) or automatico):
        razones.append("Pide que no se le responda.")
    precedencia = dichos.get("precedence", "").strip().lower()
    if precedencia in {"bulk", "junk", "list", "auto_reply", "auto-reply"}:
        razones.append("Es un envío masivo o automático.")
    if "feedback-id" in dichos or "x-campaign-id" in dichos or "x-mailgun-tag" in dichos:
        razones.append("Es un envío masivo.")
    if "x-loop" in dichos or "x-portal-sdfi" in dichos:
        razones.append("Ya pasó por un sistema automático.")
    return razones


def _de_remitente(dichos: dict[str, str], de: Direccion) -> list[str]:
    razones = []
    if dichos.get("return-path", "x").replace(" ", "") == "<>":
        razones.append("No dice a quién devolverlo.")
    if es_de_maquina(de.correo):
        razones.append(f"{de.correo} no es de una persona.")
    return razones


def _urgente(dichos: dict[str, str]) -> bool:
    return (
        dichos.get("x-priority", "").strip()[:1] in {"1", "2"}
        or dichos.get("importance", "").strip().lower() == "high"
        or dichos.get("priority", "").strip().lower() == "urgent"
        or dichos.get("x-msmail-priority", "").strip().lower() == "high"
    )


def _cuando(texto: str, cerca_de: date) -> tuple[date | None, date | None]:
    if rango := fechas.rango_en(texto, cerca_de):
        return rango
    hallado = _TRAS_HASTA.search(" ".join(plegado(texto[:5000]).split()))
    dias = fechas.dias_en(hallado[1], cerca_de) if hallado else []
    return None, dias[0] if dias else None
