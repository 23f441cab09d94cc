"""Build a mail from a carta: HTML and text from one source, headers that thread and never loop."""

import hashlib
from email.utils import formataddr

import css_inline
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from avisos.carta import Carta
from avisos.identidad import anfitrion, mensaje_id


def construir(
    *, a: str, carta: Carta, clave: str, nombre: str = "", solicitud_id: int | None = None, adjunto: str = ""
) -> EmailMultiAlternatives:
    """The message ready to send. A retry of the same `clave` carries the same Message-ID (security.md M12)."""
    contexto = {
        "carta": carta,
        "nombre": nombre,
        "url": f"{settings.DOMINIO}{carta.ruta}" if carta.ruta else "",
        "dominio": settings.DOMINIO,
        "es_demo": settings.ES_DEMO,
    }
    texto = render_to_string("correos/aviso.txt", contexto)
    html = css_inline.inline(render_to_string("correos/aviso.html", contexto), load_remote_stylesheets=False)
    mensaje = EmailMultiAlternatives(
        subject=_una_linea(carta.asunto),
        body=texto,
        to=[formataddr((_una_linea(nombre), a)) if nombre else a],
        headers=_encabezados(clave, solicitud_id),
    )
    mensaje.attach_alternative(html, "text/html")
    if adjunto:
        with default_storage.open(adjunto) as archivo:
            mensaje.attach(adjunto.rpartition("/")[2], archivo.read(), "application/json")
    return mensaje


def _encabezados(clave: str, solicitud_id: int | None) -> dict[str, str]:
    encabezados = {
        "Message-ID": mensaje_id(clave),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if solicitud_id is not None:
        hilo = f"<solicitud-{hashlib.sha256(str(solicitud_id).encode()).hexdigest()[:24]}@{anfitrion()}>"
        encabezados |= {"References": hilo, "In-Reply-To": hilo}
    return encabezados


def _una_linea(texto: str) -> str:
    """Names and subjects come from people: no line break may become a header (M06)."""
    return " ".join(texto.replace("\x00", "").split())
