"""Reads the mails that come back: delivery reports (RFC 3464), complaints (RFC 5965) and what servers without either
say in words. Pure: bytes in, what they say of each address out. It never fails, whatever arrives (M08, M11).
"""

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr
from enum import StrEnum
from quopri import decodestring

from bandeja.rechazos import Gravedad, clasificar, estado_en


class Dice(StrEnum):
    """What a report says happened; the names are those of EventoCorreo."""

    ENTREGADO = "entregado"
    DURO = "duro"
    BLANDO = "blando"
    RECHAZO = "rechazo"
    QUEJA = "queja"


_DE_GRAVEDAD = {Gravedad.DURA: Dice.DURO, Gravedad.BLANDA: Dice.BLANDO, Gravedad.AJENA: Dice.RECHAZO}


@dataclass(frozen=True, slots=True)
class Rebote:
    """`correo` may be empty: who sent the mail knows whose it was."""

    correo: str
    dice: Dice
    codigo: str = ""
    detalle: str = ""


@dataclass(frozen=True, slots=True)
class Informe:
    """`mensajes`: Message-ID of the mail it is about, the surest first. `para`: the addresses this one came to."""

    rebotes: tuple[Rebote, ...] = ()
    mensajes: tuple[str, ...] = ()
    para: tuple[str, ...] = ()
    asunto: str = ""


DE_ENTREGA = {"message/delivery-status", "message/global-delivery-status"}
_CORREO = r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+"
_CORREOS = re.compile(_CORREO)
_MENSAJE = re.compile(r"^[> ]*message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_DEMONIO = re.compile(
    r"mailer-?daemon|postmaster|mail ?delivery|delivery (sub)?system|system administrator|mdaemon|exchange"
    r"|no-?reply.*bounce|administrador|correo (automático|no entregado)",
    re.IGNORECASE,
)  # fmt: skip
_ASUNTO = re.compile(
    r"undeliver|delivery|deliver(ed|able)|returned|failure|failed|could not|non.?deliver|not sent|bounce|user unknown"
    r"|rejected|no (se )?(pudo|puede|ha podido)|no entregad|devuel|rebot|error",
    re.IGNORECASE,
)  # fmt: skip
# Another copy says that it is only late.
_TARDA = re.compile(
    r"delivery.{0,30}delay|delayed|retrasad|not yet been delivered|still being retried|will (continue|be retried)"
    r"|will retry|no action is required|need not|do not need to (resend|do)|warning: (message|could not)"
    r"|se seguirá intentando",
    re.IGNORECASE,
)  # fmt: skip
_SE_ACABO = re.compile(
    r"given up|giving up|permanent|fatal error|could not be delivered|failed permanently|expired", re.IGNORECASE
)
# Below it is our own mail again.
_COPIA = re.compile(
    r"^\W*(-{2,}\W*)?(this is a copy of|below this line is a copy|original message( headers| follows)?\b"
    r"|mensaje original|encabezados? (de mensaje )?originales?|begin (original|message)|message header"
    r"|headers? follow|unsent message|returned message|the (first .{0,30}|header) of the|undelivered message headers"
    r"|received: (from|by)|return-path: *<.+)",
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip


def leer(crudo: bytes) -> Informe:
    """What it says; without `rebotes` when it is not a report (an answer, an absence) or nothing was understood."""
    try:
        return _leer(crudo)
    except RecursionError:  # a thousand parts inside one another: no server writes that
        return Informe()


def _leer(crudo: bytes) -> Informe:
    correo = message_from_bytes(crudo.replace(b"\0", b""))
    partes = list(correo.walk())
    textos = "\n".join(_textos(partes))
    rebotes = tuple(_sin_repetir([*_de_informes(partes, textos), *_de_quejas(partes)]))
    if not rebotes and not _es_para_maquinas(partes):
        rebotes = tuple(_de_palabras(correo, textos))
    return Informe(
        rebotes=rebotes,
        mensajes=tuple(dict.fromkeys(_de_que_mensaje(correo, partes, textos))),
        para=tuple(_destinos(correo)),
        asunto=_encabezado(correo, "Subject"),
    )


def _encabezado(parte: Message, nombre: str) -> str:
    valor = str(parte.get(nombre, "") or "")
    with suppress(ValueError, LookupError):
        valor = str(make_header(decode_header(valor)))
    return " ".join(_limpio(valor).split())


def _limpio(texto: str) -> str:
    """Text that a database takes, whatever came."""
    return texto.replace("\0", "").encode("utf-8", "replace").decode()


def _destinos(correo: Message) -> Iterator[str]:
    """The address this report came to is one of those that the first servers write, or that of its envelope."""
    for nombre in ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To"):
        for valor in correo.get_all(nombre, []):
            yield from (direccion.lower() for _, direccion in getaddresses([str(valor)]) if "@" in direccion)


# --- Reports for machines ----------------------------------------------------------------------------------------
def _de_informes(partes: list[Message], textos: str) -> Iterator[Rebote]:
    for parte in partes:
        if parte.get_content_type() in DE_ENTREGA:
            for bloque in _bloques(parte):
                if rebote := _del_bloque(bloque, textos):
                    yield rebote


def _bloques(parte: Message) -> list[Message]:
    """Its groups of fields. When the part came encoded, the library leaves it in pieces."""
    dentro = [b for b in parte.get_payload() if isinstance(b, Message)] if parte.is_multipart() else []
    codificada = str(parte.get("Content-Transfer-Encoding", "")).strip().lower()
    if dentro and codificada not in {"base64", "quoted-printable"}:
        return dentro
    texto = "".join(str(b) for b in dentro).encode("latin-1", "replace") if dentro else _texto(parte).encode()
    with suppress(ValueError):
        texto = (
            {"base64": b64decode, "quoted-printable": decodestring}.get(codificada, bytes)(texto) if dentro else texto
        )
    grupos = re.split(r"\r?\n[ \t]*\r?\n", texto.decode("utf-8", "replace"))
    return [message_from_string(grupo) for grupo in grupos if grupo.strip()]


def _es_para_maquinas(partes: list[Message]) -> bool:
    """Whether its fields say something, if only that it is late: then its words are not guessed at."""
    de_entrega = (p for p in partes if p.get_content_type() in DE_ENTREGA)
    return any(b.get("Action") for p in de_entrega for b in _bloques(p)) or any(
        p.get_content_type() == "message/feedback-report" for p in partes
    )


def _del_bloque(bloque: Message, textos: str) -> Rebote | None:
    original, final = (_direccion(_encabezado(bloque, n)) for n in ("Original-Recipient", "Final-Recipient"))
    accion = _encabezado(bloque, "Action").lower().split(" ")[0]
    if not (original or final) or not accion:
        return None
    correo, estado = original or final, estado_en(_encabezado(bloque, "Status"))
    if accion == "delivered":
        return Rebote(correo, Dice.ENTREGADO, estado)
    if accion not in {"failed", "failure", "undeliverable"}:
        return None
    diagnostico = re.sub(
        r"^\s*(smtp|x-[\w-]+)\s*;\s*", "", _encabezado(bloque, "Diagnostic-Code"), flags=re.IGNORECASE
    )
    gravedad = clasificar(diagnostico, estado=estado)
    # Without a code of its own, what was written for people says more.
    if gravedad is Gravedad.AJENA and (not diagnostico or estado in {"", "5.0.0"}):
        gravedad = clasificar(f"{diagnostico} {_COPIA.split(textos)[0]}", estado=estado)
    codigo = estado if estado and not estado.endswith(".0.0") else estado_en(diagnostico) or estado
    return Rebote(correo, _DE_GRAVEDAD[gravedad], codigo, diagnostico[:500])


def _direccion(valor: str) -> str:
    """«rfc822; ana@entidad.example», in any of the ways it is written."""
    hallada = _CORREOS.search(valor.rpartition(";")[2].replace("+3D", "="))
    return hallada[0].lower() if hallada else ""


def _de_quejas(partes: list[Message]) -> Iterator[Rebote]:
    for parte in partes:
        if parte.get_content_type() != "message/feedback-report":
            continue
        for bloque in _bloques(parte):
            if _encabezado(bloque, "Feedback-Type").lower() in {"abuse", "fraud", "virus", "other", "opt-out"}:
                campos = ("Original-Rcpt-To", "Removal-Recipient", "Redacted-Address")
                correo = next(filter(None, (_direccion(_encabezado(bloque, c)) for c in campos)), "")
                yield Rebote(
                    correo or _a_quien_iba(partes), Dice.QUEJA, detalle=_encabezado(bloque, "User-Agent")[:500]
                )


def _a_quien_iba(partes: list[Message]) -> str:
    """The To of the mail that came inside."""
    for parte in _originales(partes):
        if correo := parseaddr(_encabezado(parte, "To"))[1].lower():
            return correo
    return ""


# --- Words for people --------------------------------------------------------------------------------------------
def _de_palabras(correo: Message, textos: str) -> Iterator[Rebote]:
    fallidas = [d.lower() for d in _CORREOS.findall(" ".join(map(str, correo.get_all("X-Failed-Recipients", []))))]
    if not fallidas and not _parece_rebote(correo):
        return
    corte = _COPIA.search(textos)
    palabras = textos[: corte.start()] if corte and corte.start() > 0 else textos
    asunto = _encabezado(correo, "Subject")
    if _TARDA.search(f"{asunto} {palabras}") and not _SE_ACABO.search(palabras) and not fallidas:
        return
    nuestras = set(_destinos(correo)) | {parseaddr(_encabezado(correo, "From"))[1].lower()}
    if not fallidas:
        fallidas = [
            d for d in map(str.lower, _CORREOS.findall(palabras)) if d not in nuestras and not _DEMONIO.search(d)
        ]
    gravedad = clasificar(" ".join(palabras.split()))
    if not fallidas and gravedad is Gravedad.AJENA:
        return
    for direccion in list(dict.fromkeys(fallidas))[:1] or [""]:
        detalle = " ".join(palabras[max(palabras.lower().find(direccion), 0) :].split())[:500]
        yield Rebote(direccion, _DE_GRAVEDAD[gravedad], estado_en(palabras), detalle)


def _parece_rebote(correo: Message) -> bool:
    """From a daemon and saying that something was not delivered. An absence is not one (M07)."""
    de, asunto = _encabezado(correo, "From"), _encabezado(correo, "Subject")
    sin_remite = str(correo.get("Return-Path", "")).strip() == "<>"
    automatico = _encabezado(correo, "Auto-Submitted").lower().startswith("auto-replied")
    if correo.get_content_type() == "multipart/report":
        return True
    if correo.get("X-Autoreply") or correo.get("X-Autorespond") or (automatico and not _DEMONIO.search(de)):
        return False
    return bool((_DEMONIO.search(de) or sin_remite) and _ASUNTO.search(asunto))


# --- Of which mail -----------------------------------------------------------------------------------------------
def _de_que_mensaje(correo: Message, partes: list[Message], textos: str) -> Iterator[str]:
    for parte in _originales(partes):
        if identificador := _encabezado(parte, "Message-ID"):
            yield identificador
    for nombre in ("In-Reply-To", "References"):
        yield from re.findall(r"<[^<>\s]+>", _encabezado(correo, nombre))
    yield from _MENSAJE.findall(textos)


def _originales(partes: Iterable[Message]) -> Iterator[Message]:
    """The mail that came back, whole or only its headers."""
    for parte in partes:
        if parte.get_content_type() in {"message/rfc822", "message/global"}:
            yield from (dentro for dentro in parte.get_payload() if isinstance(dentro, Message))
        elif parte.get_content_type() in {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}:
            yield message_from_string(_texto(parte))


def _textos(partes: list[Message]) -> Iterator[str]:
    """The text for people, of the report and not of the mail inside. HTML only when there is nothing else."""
    de_la_copia = {id(p) for original in _originales(partes) for p in original.walk()}
    suyas = [p for p in partes if id(p) not in de_la_copia and p.get_content_maintype() == "text"]
    planas = [p for p in suyas if p.get_content_type() == "text/plain"]
    for parte in planas or [p for p in suyas if p.get_content_type() == "text/html"]:
        texto = _texto(parte)
        yield texto if planas else re.sub(r"<[^>]*>", " ", texto)


def _texto(parte: Message) -> str:
    crudo = parte.get_payload(decode=True)
    if not isinstance(crudo, bytes):  # a message inside: what the library could not take apart
        return _limpio("\n\n".join(str(dentro) for dentro in parte.get_payload() if isinstance(dentro, Message)))
    try:
        return _limpio(crudo.decode(parte.get_content_charset() or "utf-8", "replace"))
    except LookupError:
        return _limpio(crudo.decode("latin-1"))


def _sin_repetir(rebotes: list[Rebote]) -> Iterator[Rebote]:
    vistas: set[tuple[str, Dice]] = set()
    for rebote in rebotes:
        if (rebote.correo, rebote.dice) not in vistas:
            vistas.add((rebote.correo, rebote.dice))
            yield rebote
