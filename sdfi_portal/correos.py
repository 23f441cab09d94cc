"""The gallery of mails of the style page: the example of each event, as it is sent, in a frame without scripts."""

import base64
import hashlib
import re
from html import unescape
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alcance.politicas import requiere
from avisos.correo import construir
from avisos.eventos import eventos
from direcciones.roles import PERSONAL

_ESTILOS = re.compile(r'<style[^>]*>(.*?)</style>|\sstyle="([^"]*)"', re.DOTALL)


@requiere(*PERSONAL)
@require_safe
def galeria_de_correos(request: HttpRequest) -> HttpResponse:
    todos = eventos()
    clave = request.GET.get("correo", todos[0].clave)
    elegido = next((evento for evento in todos if evento.clave == clave), None)
    if elegido is None:
        raise Http404("Ningún aviso tiene esa clave.")
    mensaje = construir(
        a="persona@entidad.example", nombre="Laura Pérez", carta=elegido.muestra(), clave=clave, evento=clave
    )
    html = str(mensaje.alternatives[0].content)
    contexto: dict[str, Any] = {
        "grupos": [(grupo, list(suyos)) for grupo, suyos in groupby(todos, key=lambda evento: evento.grupo)],
        "elegido": elegido,
        "asunto": mensaje.subject,
        "html": html,
        "texto": mensaje.body,
    }
    respuesta = render(request, "paginas/guia-correos.html", contexto)
    # The frame keeps the policy of the page: only the styles of this mail, one by one, enter.
    respuesta._csp_update = {"style-src": ["'self'", "'unsafe-hashes'", *huellas(html)]}  # type: ignore[attr-defined]
    return respuesta


def huellas(html: str) -> list[str]:
    """The CSP source of each style sheet and of each style attribute."""
    estilos = {hoja or unescape(atributo) for hoja, atributo in _ESTILOS.findall(html)}
    return sorted(f"'sha256-{base64.b64encode(hashlib.sha256(e.encode()).digest()).decode()}'" for e in estilos)
