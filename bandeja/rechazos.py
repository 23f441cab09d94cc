"""What the refusal of a mail says of the address it was for (RFC 3463 and the words of each server).

Pure: the SMTP client, the webhooks of a provider and the bounces that come back by mail all ask here.
"""

import re
from enum import StrEnum


class Gravedad(StrEnum):
    DURA = "dura"  # nobody is there, or no longer receives: writing again is useless
    BLANDA = "blanda"  # full, away or out of reach: another day it may
    AJENA = "ajena"  # our sender, our server, the size, a filter: it says nothing of the address


# 4.7.1 is a code; what is inside 10.4.7.1 or 4.7.1.2 is an IP address.
_ESTADO = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_RESPUESTA = re.compile(r"(?<![\d.])([45]\d\d)(?=[ -])")

_DURAS = {
    "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "5.4.310", "5.7.13",
}  # fmt: skip
_BLANDAS = {"5.2.2", "5.4.0", "5.4.2", "5.4.3", "5.4.5", "5.4.7", "5.4.300"}
# Codes that servers give to anything: the words decide.
_DE_TODO = {"5.0.0", "5.1.0", "5.2.0", "5.3.0", "5.4.1", "5.5.0", "5.5.1", "5.5.2", "5.7.0", "5.7.1", ""}

_LLENO = re.compile(
    r"quota|over.?limit|mail(box|drop) (is |for \S+ is )?(full|exceed)|storage (is )?(full|exceed)|out of storage"
    r"|insufficient (system )?storage|enough (disk )?space|exceeded (its|the|their) .{0,20}(size|space|limit)"
    r"|buz[oó]n .{0,12}lleno|inbox is full|not enough storage|mailbox .{0,20}size",
    re.IGNORECASE,
)
_NADIE = re.compile(
    r"(user|recipient|mailbox|address|account|alias|mail ?drop)\b.{0,60}?(unknown|not found|no longer exist"
    r"|does ?n.?t exist|not exist"
    r"|disabled|inactive|suspended|deactivated|not known|not recogni[sz]ed|invalid|not listed|not available"
    r"|unavailable|is discontinued|not allowed here)"
    r"|(unknown|no such|invalid|bad|non-?existent|unrecogni[sz]ed|inactive|disabled) .{0,24}?(user|recipient|mailbox"
    r"|address|account|domain|host|person|alias|local.?part)"
    r"|(?<!sender )address rejected(?!.*(spam|block|spf|policy))|no mailbox (here|by)|unroute?able"
    r"|undeliverable address"
    r"|not a (valid|known) (user|mailbox|recipient|address)|not our customer|there is no one|nobody here"
    r"|no account by that name|no such (user|domain|host)|does not have an? .{0,20}account"
    r"|(host|domain) .{0,40}(not found|unknown)|nxdomain|delivery not authori[sz]ed to"
    r"|no existe|desconocid[oa]|no reside|usuario .{0,20}(inv[aá]lido|inactivo)"
    r"|RecipNotFound|RecipientNotFound|ADR\.InvalidSmtp",
    re.IGNORECASE,
)
_FILTRO = re.compile(
    r"spam|block|black.?list|deny.?list|reputation|policy|relay|dmarc|\bspf\b|dkim|virus|malware|authenticat|banned"
    r"|too (large|big|many)|message size|content|rate limit|greylist|sender (address|verify|domain|not)"
    r"|not authori[sz]ed|access denied|permission|rbl|junk|pol[ií]tica|prohibid",
    re.IGNORECASE,
)
_LEJOS = re.compile(
    r"timed? ?out|retry (time|timeout)|could not be reached|no route|connection (refused|lost|dropped)|expired"
    r"|too long in|queue too long|try again|temporar|unreachable|could not connect|not responding|lookup failure"
    r"|retries",
    re.IGNORECASE,
)


def estado_en(texto: str) -> str:
    """The enhanced status code a text carries, or ''."""
    hallado = _ESTADO.search(texto)
    return hallado[1] if hallado else ""


def clasificar(texto: str, *, codigo: int = 0, estado: str = "") -> Gravedad:
    """`codigo` is the three digits of the answer and `estado` its x.y.z, when they came apart from the text."""
    propio = estado_en(texto)
    # «5.0.0» says nothing; what the last server wrote does.
    if propio and (not estado or estado.endswith(".0.0")):
        estado = propio
    if not codigo and (hallado := _RESPUESTA.search(texto)):
        codigo = int(hallado[1])
    if estado[:1] == "4" or (not estado and 400 <= codigo < 500):
        return Gravedad.DURA if estado in {"4.4.4", "4.1.2"} and _NADIE.search(texto) else Gravedad.BLANDA
    if estado in _DURAS:
        return Gravedad.BLANDA if estado == "5.2.1" and _LLENO.search(texto) else Gravedad.DURA
    if estado in _BLANDAS:
        return Gravedad.BLANDA
    if estado.endswith(".0.0") or estado in _DE_TODO:
        return _por_las_palabras(texto, codigo, estado)
    return Gravedad.AJENA


def _por_las_palabras(texto: str, codigo: int, estado: str) -> Gravedad:
    if _LLENO.search(texto):
        return Gravedad.BLANDA
    # «5.7.x» is of policy even when it speaks of the recipient.
    if _NADIE.search(texto) and not (estado.startswith("5.7.") and _FILTRO.search(texto)):
        return Gravedad.DURA
    if _FILTRO.search(texto):
        return Gravedad.AJENA
    if _LEJOS.search(texto):
        return Gravedad.BLANDA
    if codigo in {550, 551, 553} and not estado.startswith("5.7."):
        return Gravedad.DURA
    return Gravedad.BLANDA if codigo == 552 else Gravedad.AJENA
