"""Build a mail from a carta: HTML and text from one source, headers that thread and never loop."""

import hashlib
import re
from email.utils import formataddr

import css_inline
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from avisos.carta import Carta
from avisos.eventos import Clase, clase_de
from avisos.identidad import anfitrion, mensaje_id
from avisos.respuestas import direccion_de_rebote, direccion_de_respuesta

DE_LEY = "Es un aviso de ley: se envía siempre."
DE_LA_CUENTA = "Se envía siempre: cuida su cuenta."
SU_RESPUESTA_LLEGA = "Puede responder este correo: su respuesta llega a la solicitud."
SE_LEE = "Puede responder este correo: leemos su respuesta."
_IDENTIFICADOR = re.compile(r"<[!-;=?-~]{1,290}>")


def construir(
    *,
    a: str,
    carta: Carta,
    clave: str,
    nombre: str = "",
    solicitud_id: int | None = None,
    adjunto: str = "",
    evento: str = "",
    con_cuenta: bool = False,
    responde_a: str | None = None,
    responder_a: str = "",
) -> EmailMultiAlternatives:
    """The message ready to send. A retry of the same `clave` carries the same Message-ID (security.md M12).

    `con_cuenta`: whoever reads it may choose, in their account, how to be told of what is neither legal nor of it.
    `responde_a`: it answers by itself the mail of that Message-ID ('' when it has none). `responder_a`: of what hangs
    from no solicitud, the mailbox that reads what is answered."""
    por_que_llega = _por_que_llega(evento)
    se_elige = con_cuenta and bool(evento) and not por_que_llega
    preferencias = f"{settings.DOMINIO}{reverse('avisos:preferencias')}" if se_elige else ""
    respuesta = direccion_de_respuesta(solicitud_id, a) if solicitud_id is not None else responder_a
    contexto = {
        "carta": carta,
        "nombre": nombre,
        "url": f"{settings.DOMINIO}{carta.ruta}" if carta.ruta else "",
        "dominio": settings.DOMINIO,
        "es_demo": settings.ES_DEMO,
        "se_responde": "" if not respuesta else SE_LEE if solicitud_id is None else SU_RESPUESTA_LLEGA,
        "preferencias": preferencias,
        "por_que_llega": por_que_llega,
    }
    texto = render_to_string("correos/aviso.txt", contexto)
    html = css_inline.inline(render_to_string("correos/aviso.html", contexto), load_remote_stylesheets=False)
    mensaje = EmailMultiAlternatives(
        subject=_una_linea(carta.asunto),
        body=texto,
        to=[formataddr((_una_linea(nombre), a)) if nombre else a],
        headers=_encabezados(clave, solicitud_id, responde_a)
        | ({"List-Unsubscribe": f"<{preferencias}>"} if se_elige else {}),
        reply_to=[respuesta] if respuesta else None,
    )
    if rebote := direccion_de_rebote(mensaje.extra_headers["Message-ID"]):
        # Of the envelope, where it bounces to; who reads sees the sender of always.
        mensaje.from_email = rebote
        mensaje.extra_headers["From"] = settings.DEFAULT_FROM_EMAIL
    mensaje.attach_alternative(html, "text/html")
    if adjunto:
        with default_storage.open(adjunto) as archivo:
            mensaje.attach(adjunto.rpartition("/")[2], archivo.read(), "application/json")
    return mensaje


def _por_que_llega(evento: str) -> str:
    """Of what nobody chooses, why it comes."""
    if clase_de(evento) is Clase.LEGAL:
        return DE_LEY
    return DE_LA_CUENTA if evento.startswith("cuentas.") else ""


def _encabezados(clave: str, solicitud_id: int | None, responde_a: str | None) -> dict[str, str]:
    encabezados = {
        "Message-ID": mensaje_id(clave),
        "Auto-Submitted": "auto-generated" if responde_a is None else "auto-replied",
        "X-Auto-Response-Suppress": "All",
    }
    hilo = []
    if solicitud_id is not None:
        hilo.append(f"<solicitud-{hashlib.sha256(str(solicitud_id).encode()).hexdigest()[:24]}@{anfitrion()}>")
    if responde_a and _IDENTIFICADOR.fullmatch(responde_a):
        hilo.append(responde_a)
    if hilo:
        encabezados |= {"References": " ".join(hilo), "In-Reply-To": hilo[-1]}
    return encabezados


def _una_linea(texto: str) -> str:
    """Names and subjects come from people: no line break may become a header (M06)."""
    return " ".join(texto.replace("\x00", "").split())
