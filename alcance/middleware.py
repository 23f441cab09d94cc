"""Opens the alcance of each request, runs it in one transaction and enforces the view's policy.

The transaction wraps the whole response, template rendering included: a lazy queryset evaluated by a TemplateResponse
after Django's ATOMIC_REQUESTS had closed would see 0 rows (security.md §0.2). ATOMIC_REQUESTS stays on inside it: its
savepoint undoes a view that fails, and the error page can still read.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from alcance.contexto import NADIE, Alcance, con_alcance
from alcance.politicas import politica_de

Resolutor = Callable[[HttpRequest], Alcance]
_resolutor: Resolutor | None = None
registro = logging.getLogger("portal.acceso")


def registrar_resolutor(resolutor: Resolutor) -> None:
    """The app that knows the memberships (`direcciones`) says whose alcance a request carries."""
    global _resolutor  # noqa: PLW0603
    _resolutor = resolutor


class AlcanceMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.alcance = NADIE  # type: ignore[attr-defined]
        quien = request.user.is_authenticated  # read before the transaction, as everything about the session
        with con_alcance(NADIE), transaction.atomic():
            if quien and _resolutor is not None:
                request.alcance = _resolutor(request)  # type: ignore[attr-defined]
            with con_alcance(request.alcance):  # type: ignore[attr-defined]
                response = self.get_response(request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
        return response

    def process_view(self, request: HttpRequest, vista: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        nombre = request.resolver_match.view_name if request.resolver_match else None
        politica = politica_de(vista, nombre)
        if politica is None:
            raise PermissionDenied("Esta página no tiene política de acceso.")
        if politica.permite(request):
            return None
        if not request.user.is_authenticated:
            sin_sesion = politica.sin_sesion or (lambda request: redirect_to_login(request.get_full_path()))
            return sin_sesion(request)
        registro.warning("acceso negado", extra={"url": nombre, "rol": request.alcance.rol})  # type: ignore[attr-defined]
        raise PermissionDenied("Su rol no puede ver esta página. Cambie de rol en el menú de su cuenta si tiene otro.")
