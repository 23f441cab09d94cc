"""What a session must have to go on: recent activity and, for some roles, a second factor (security.md N08, S03)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from alcance.politicas import politica_de
from cuentas import segundo_factor, sesiones

# What a person who still lacks the second factor may open.
SIN_SEGUNDO_FACTOR = {
    "mfa_activate_totp",
    "mfa_reauthenticate",
    "account_reauthenticate",
    "account_logout",
}
TERMINO = "Su sesión terminó por seguridad. Entre de nuevo: su borrador está guardado."


class PersonaMiddleware(AuthenticationMiddleware):
    """`request.user` without a query of its own: it came with the session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.session.cuenta_avisos = not es_sondeo(request)  # type: ignore[attr-defined]
        request.user = SimpleLazyObject(lambda: sesiones.quien_entro(request))  # type: ignore[assignment]


class SesionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not es_sondeo(request):
            sesiones.anotar_actividad(request.session)  # type: ignore[arg-type]
        response = self.get_response(request)
        if es_ida_a_entrar(response):
            return _decir_que_termino(request, response)
        return response

    def process_view(self, request: HttpRequest, vista: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Keep a role that needs a second factor on the page that gives it, whatever address was asked."""
        if not request.user.is_authenticated or segundo_factor.pasado_en_esta_sesion(request):
            return None
        if hasattr(request, "credencial"):
            return None  # a token has no session: the second factor was asked to create it
        nombre = request.resolver_match.view_name if request.resolver_match else ""
        politica = politica_de(vista, nombre)
        if nombre in SIN_SEGUNDO_FACTOR or (politica is not None and politica.publica):
            return None
        if not segundo_factor.exige_segundo_factor(getattr(request, "membresias", ())):
            return None
        destino = "mfa_reauthenticate" if segundo_factor.inscrito(request.user) else "mfa_activate_totp"
        vuelta = {"next": request.get_full_path()} if request.method == "GET" else {}
        return redirect(f"{reverse(destino)}?{urlencode(vuelta)}" if vuelta else destino)


class GuardarSesionMiddleware:
    """What a request leaves in its session («Quedó radicada») is written with the rest of it, in the message that
    commits: a write of its own would wait for the disk once more. Stands inside the transaction of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sesion = request.session
        suya = sesion.session_key and sesion.session_key == request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        # A key that the browser does not have yet, an empty session and what is undone are for Django to decide.
        if sesion.modified and suya and not sesion.is_empty() and response.status_code < 500:
            sesiones.guardar_al_confirmar(sesion)  # type: ignore[arg-type]
        return response


def es_sondeo(request: HttpRequest) -> bool:
    """A page asking by itself for news: it must not keep a session alive that nobody uses (static/js/sondeo.js)."""
    return request.method == "GET" and request.headers.get("Accept", "").startswith("application/json")


def es_ida_a_entrar(response: HttpResponse) -> bool:
    return response.status_code == 302 and urlsplit(response["Location"]).path == reverse(settings.LOGIN_URL)


def _decir_que_termino(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A script gets 401 and can keep what was typed; a person who had a session is told why they must sign in."""
    if not request.accepts("text/html") or request.headers.get("HX-Request"):
        return JsonResponse({"error": TERMINO}, status=401)
    if getattr(request.session, "terminada_por", ""):
        response["Location"] += ("&" if "?" in response["Location"] else "?") + "sesion=terminada"
    return response
