"""The door of the mail that a provider brings (a webhook of django-anymail), instead of being read from a mailbox.

The library checks who calls; the message is kept as the provider gives it, before anything looks at it. Where it only
gives pieces, it is put together from them and the ledger says so. What can't be kept is answered 500, so that the
provider brings it again; what can't be understood is kept whole, for a person.
"""

import io
import json
import logging
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.encoders import encode_base64
from email.message import EmailMessage
from email.policy import SMTP, Policy
from functools import cache, update_wrapper
from typing import Any

from anymail.exceptions import AnymailConfigurationError
from anymail.utils import get_request_basic_auth
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.http.multipartparser import FIELD, FILE, ChunkIter, LazyStream, MultiPartParserError, Parser
from django.utils.crypto import constant_time_compare
from django.utils.datastructures import MultiValueDict

from alcance.politicas import publica
from archivos.nombres import limpiar
from buzones.estados import Origen
from buzones.services.guardar import casilla_de, guardar

registro = logging.getLogger("portal.buzones")
REHECHO = "Rehecho con las partes que entregó el proveedor: no es el original."
SIN_ENTENDER = "No se entiende lo que entregó el proveedor: queda entero, como archivo."
_FIN = "_inbound_webhook"
_TROZO = 64 * 1024


@cache
def proveedores() -> dict[str, Any]:
    """The library's view for each provider that brings mail. Asked only where there is one: it brings the software of
    a cloud (boto3), 8 MB for each process."""
    from anymail.urls import urlpatterns  # noqa: PLC0415

    return {p.name.removesuffix(_FIN): p.callback.view_class for p in urlpatterns if p.name.endswith(_FIN)}


@dataclass(frozen=True, slots=True)
class Entregado:
    """A message as the provider gave it. `nota`: what the ledger should say of it."""

    crudo: bytes
    de: str = ""
    para: str = ""
    en: datetime | None = None
    nota: str = ""


def _recibir(request: HttpRequest, proveedor: str) -> HttpResponse:
    clave = settings.ANYMAIL.get("WEBHOOK_SECRET")
    clase = proveedores().get(proveedor) if settings.PROVEEDOR_DE_ENTRADA else None
    if clase is None or not clave or proveedor != settings.PROVEEDOR_DE_ENTRADA:
        raise Http404("Ningún proveedor de correo entrega aquí.")
    if request.method == "HEAD":
        return HttpResponse()  # some ask whether somebody is there when they are set up
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST", "HEAD"])
    # Before a byte of the body is read: anybody may call.
    if not constant_time_compare(get_request_basic_auth(request) or "", clave):
        raise PermissionDenied("La clave no es la del proveedor.")
    cuerpo, entero = _leer(request)
    if cuerpo is None:
        return HttpResponse(status=413)
    vista = clase()
    vista.setup(request, proveedor=proveedor)
    vista.run_validators(request)
    sin_entender = [] if entero else [_envuelto(proveedor, cuerpo, request.content_type or "")]
    for uno in sin_entender or _entregados(proveedor, vista, request, cuerpo):
        casilla = casilla_de([uno.para])
        guardar(
            uno.crudo,
            origen=Origen.WEBHOOK,
            recibida_en=uno.en,
            casilla=casilla,
            sobre_de=uno.de,
            sobre_para=uno.para,
            falla=uno.nota,
        )
    return HttpResponse()


# The marks of the library's view are the view's: who calls is a provider, with its secret and without a session.
recibir = publica("el proveedor de correo entrega lo que llega a los buzones: solo con su clave; no muestra nada")(
    update_wrapper(_recibir, AnymailBaseWebhookView.as_view(), assigned=(), updated=("__dict__",))
)


def _leer(request: HttpRequest) -> tuple[bytes | None, bool]:
    """The whole body, with the form in it, and whether all of that was understood; None when it is too large. By hand:
    Django refuses one of 2 MB, and a message with its attachments comes in one field."""
    maximo = settings.CORREO_MAXIMO
    if int(request.META.get("CONTENT_LENGTH") or 0) > maximo:
        return None, False
    cuerpo: bytes = request.read(maximo + 1)
    if len(cuerpo) > maximo:
        return None, False
    request._body, entero = cuerpo, True  # type: ignore[attr-defined]
    if request.content_type == "multipart/form-data":
        frontera = (request.content_params or {}).get("boundary", "").encode("ascii", "replace")
        request._post, request._files, entero = _formulario(cuerpo, frontera)  # type: ignore[attr-defined]
    return cuerpo, entero


def _formulario(cuerpo: bytes, frontera: bytes) -> tuple[QueryDict, MultiValueDict[str, SimpleUploadedFile], bool]:
    """The fields and the files, and whether each part was one of them: whoever wrote the message chose the names of
    its files. A byte that is not UTF-8 goes through the text and comes back as it was."""
    campos, archivos, entero = QueryDict(mutable=True), MultiValueDict[str, SimpleUploadedFile](), True
    try:
        entero = _partes(cuerpo, frontera, campos, archivos) if frontera else True
    except MultiPartParserError:
        entero = False
    return campos, archivos, entero


def _partes(
    cuerpo: bytes, frontera: bytes, campos: QueryDict, archivos: MultiValueDict[str, SimpleUploadedFile]
) -> bool:
    entero = True
    for clase, meta, flujo in Parser(LazyStream(ChunkIter(io.BytesIO(cuerpo), _TROZO)), frontera):
        de_campo = meta.get("content-disposition", ("", {}))[1]
        dicho = {uno: valor.decode("utf-8", "replace") for uno, valor in de_campo.items()}
        nombre = dicho.get("name", "")
        contenido = flujo.read()
        if not nombre or clase not in {FIELD, FILE}:
            entero = entero and not contenido.strip(b"-\r\n")  # the end is said as a part of its own
        elif clase == FILE:
            tipo = meta.get("content-type", ("application/octet-stream", {}))[0].strip()
            archivos.appendlist(nombre, SimpleUploadedFile(limpiar(dicho["filename"]), contenido, tipo))
        else:
            campos.appendlist(nombre, contenido.decode("utf-8", "surrogateescape"))
    return entero


# --- What each provider gives of the original -----------------------------------------------------------------------
def _entregados(proveedor: str, vista: Any, request: HttpRequest, cuerpo: bytes) -> list[Entregado]:
    try:
        if proveedor in _ORIGINALES and (dados := _ORIGINALES[proveedor](request, cuerpo)):
            return dados
        return [_rehecho(evento.message, evento.timestamp) for evento in vista.parse_events(request)]
    except AnymailConfigurationError:
        raise  # another webhook of theirs was set to this address: it is mended there
    except Exception:
        registro.exception("no se entiende lo que entregó %s", proveedor)
        return [_envuelto(proveedor, cuerpo, request.content_type or "")]


def _mailgun(request: HttpRequest, _: bytes) -> list[Entregado]:
    dicho = request.POST
    if "body-mime" not in dicho:
        return []
    return [Entregado(_bytes(dicho["body-mime"]), dicho.get("sender", ""), dicho.get("recipient", ""),
                      _instante(dicho.get("timestamp")))]  # fmt: skip


def _sendgrid(request: HttpRequest, _: bytes) -> list[Entregado]:
    dicho = request.POST
    if "email" not in dicho:
        return []
    try:
        sobre = json.loads(dicho.get("envelope", "{}"))
        de, para = str(sobre.get("from", "")), str((sobre.get("to") or [""])[0])
    except (ValueError, AttributeError, IndexError):
        de = para = ""
    return [Entregado(_bytes(dicho["email"]), de, para)]


def _postmark(_: HttpRequest, cuerpo: bytes) -> list[Entregado]:
    dicho = _json(cuerpo)
    if not dicho.get("RawEmail"):
        return []
    primero = (dicho.get("Headers") or [{}])[0]
    de = primero.get("Value", "") if str(primero.get("Name", "")).lower() == "return-path" else ""
    return [Entregado(_bytes(dicho["RawEmail"]), de.strip("<>"), dicho.get("OriginalRecipient") or "")]


def _sparkpost(_: HttpRequest, cuerpo: bytes) -> list[Entregado]:
    mensajes = [uno.get("msys", {}).get("relay_message") for uno in json.loads(cuerpo)]
    return [
        Entregado(_de_base64(uno["content"]["email_rfc822"], uno["content"].get("email_rfc822_is_base64")),
                  uno.get("msg_from") or "", uno.get("rcpt_to") or "")
        for uno in mensajes if uno
    ]  # fmt: skip


def _postal(_: HttpRequest, cuerpo: bytes) -> list[Entregado]:
    dicho = _json(cuerpo)
    if "message" not in dicho or "status" in dicho:
        return []
    crudo = _de_base64(dicho["message"], dicho.get("base64"))
    return [Entregado(crudo, dicho.get("mail_from") or "", dicho.get("rcpt_to") or "")]


def _mailersend(_: HttpRequest, cuerpo: bytes) -> list[Entregado]:
    dicho = _json(cuerpo).get("data") or {}
    if not dicho.get("raw"):
        return []
    para = [uno.get("email", "") for uno in (dicho.get("recipients") or {}).get("rcptTo") or []]
    return [Entregado(_bytes(dicho["raw"]), (dicho.get("sender") or {}).get("email") or "", (para or [""])[0])]


_ORIGINALES: dict[str, Callable[[HttpRequest, bytes], list[Entregado]]] = {
    "mailgun": _mailgun,
    "mailersend": _mailersend,
    "postal": _postal,
    "postmark": _postmark,
    "sendgrid": _sendgrid,
    "sparkpost": _sparkpost,
}


def _json(cuerpo: bytes) -> dict[str, Any]:
    dicho = json.loads(cuerpo.decode("utf-8", "surrogateescape"))
    return dicho if isinstance(dicho, dict) else {}


def _bytes(texto: str) -> bytes:
    try:
        return texto.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return texto.encode("utf-8", "replace")


def _de_base64(texto: str, lo_es: Any) -> bytes:
    return b64decode(texto) if lo_es else _bytes(texto)


def _instante(dicho: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(dicho or ""), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


# --- What is put together ---------------------------------------------------------------------------------------
def _rehecho(mensaje: Any, en: datetime | None) -> Entregado:
    """From its pieces. One that can't be written one way is written another."""
    for parte in mensaje.walk():
        # The library leaves the bytes of an attachment as they are, and writing them would change their line ends.
        if not parte.is_multipart() and not parte["Content-Transfer-Encoding"]:
            encode_base64(parte)
    politicas: tuple[Policy[Any], ...] = (SMTP, SMTP.clone(utf8=True), SMTP.clone(cte_type="8bit", utf8=True))
    for politica in politicas:
        try:
            crudo = mensaje.as_bytes(policy=politica)
        except Exception:  # noqa: S112 - the library of Python fails in many ways on what the world writes
            continue
        return Entregado(crudo, mensaje.envelope_sender or "", mensaje.envelope_recipient or "", en, REHECHO)
    raise ValueError("El mensaje no se puede rehacer.")


def _envuelto(proveedor: str, cuerpo: bytes, tipo: str) -> Entregado:
    """What was brought, whole, as the attachment of a message that says what it is."""
    sobre = EmailMessage(policy=SMTP)
    sobre["Subject"] = f"Lo que entregó {proveedor} y no se entiende"
    sobre.set_content(SIN_ENTENDER)
    principal, _, secundario = (tipo if tipo.count("/") == 1 else "application/octet-stream").partition("/")
    if principal in {"text", "message", "multipart"}:
        principal, secundario = "application", "octet-stream"
    sobre.add_attachment(cuerpo, maintype=principal, subtype=secundario, filename="entregado.txt")
    return Entregado(bytes(sobre), nota=SIN_ENTENDER)
