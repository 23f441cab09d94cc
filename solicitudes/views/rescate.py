"""What was typed is kept when its form arrives after the session ended, or with an old seal (peers.md 24).

It waits in the anonymous session of that browser, which signing in keeps, and comes back in the same page only to whom
that page belongs. Nothing is saved nor sent by itself: the person sees it and presses the button.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

_CLAVE = "rescate"
_NUNCA = {"csrfmiddlewaretoken", "accion", "version", "ventana"}


def conservar_lo_escrito(request: HttpRequest) -> HttpResponse:
    """Answer of a form whose session ended: to sign in, and back here with everything in its place."""
    if request.method == "POST":
        request.session[_CLAVE] = {
            "ruta": request.path,
            "campos": {nombre: request.POST.getlist(nombre) for nombre in request.POST if nombre not in _NUNCA},
            "con_archivos": bool(request.FILES),
        }
    if request.user.is_authenticated:
        return redirect(request.path)
    return redirect_to_login(request.path if request.method == "POST" else request.get_full_path())


def recuperar_lo_escrito(request: HttpRequest, multiples: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What was kept for this page, once; empty when there is none. Says so to the person."""
    guardado = request.session.get(_CLAVE)
    if not guardado or guardado["ruta"] != request.path:
        return {}
    del request.session[_CLAVE]
    archivos = " Vuelva a elegir los archivos: no alcanzaron a subir." if guardado["con_archivos"] else ""
    messages.warning(
        request, f"Su sesión terminó antes de guardar. Recuperamos lo que escribió: revíselo y guárdelo.{archivos}"
    )
    return {
        nombre: valores if nombre in multiples else (valores[-1] if valores else "")
        for nombre, valores in guardado["campos"].items()
    }
