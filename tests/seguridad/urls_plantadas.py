"""The portal's URLs and a few planted ones: right, and wrong in the ways the proof must notice."""

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import include, path
from django.views.decorators.http import require_GET

from alcance.politicas import autenticada
from sdfi_portal import urls as del_portal
from sdfi_portal.aislamiento.rutas import NO_EXISTE, Ruta
from solicitudes.models import Solicitud

handler400, handler403 = del_portal.handler400, del_portal.handler403
handler404, handler500 = del_portal.handler404, del_portal.handler500
SOLICITUDES = ("solicitud", "solicitud_reservada", "solicitud_b")


@autenticada("plantada")
@require_GET
def bien(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(get_object_or_404(Solicitud.objects.visibles_para(request.alcance), pk=pk).asunto)  # type: ignore[attr-defined]


@autenticada("plantada")
@require_GET
def sin_filtro(request: HttpRequest, pk: int) -> HttpResponse:
    """The forgotten filter: the object is fetched by whatever id came."""
    return HttpResponse(get_object_or_404(Solicitud, pk=pk).asunto)


@autenticada("plantada")
@require_GET
def lista(request: HttpRequest) -> HttpResponse:
    filas = Solicitud.objects.visibles_para(request.alcance).order_by("pk")  # type: ignore[attr-defined]
    return HttpResponse("\n".join(filas.values_list("asunto", flat=True)))


@autenticada("plantada")
@require_GET
def sin_fila(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody wrote its row."""
    return HttpResponse("nada")


@require_GET
def sin_politica(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nada")


SECRETO = "clave-maestra-4711 select * from direcciones_persona"


@autenticada("plantada")
def falla(request: HttpRequest) -> HttpResponse:
    """Breaks saying in its exception what nobody outside may read."""
    raise RuntimeError(SECRETO)


@autenticada("plantada")
def rehusa(request: HttpRequest, como: str) -> HttpResponse:
    raise {
        "400": SuspiciousOperation(SECRETO),
        "403": PermissionDenied(SECRETO),
        "404": Http404(SECRETO),
        "413": RequestDataTooBig(SECRETO),
        "503": OperationalError(SECRETO),
    }[como]


plantadas = (
    [
        path("bien/<int:pk>/", bien, name="bien"),
        path("sin-filtro/<int:pk>/", sin_filtro, name="sin_filtro"),
        path("lista/", lista, name="lista"),
        path("sin-fila/<int:pk>/", sin_fila, name="sin_fila"),
        path("falla/", falla, name="falla"),
        path("rehusa/<slug:como>/", rehusa, name="rehusa"),
        path("sin-politica/", sin_politica, name="sin_politica"),
    ],
    "plantada",
)
urlpatterns = [*del_portal.urlpatterns, path("plantada/", include(plantadas))]

FILAS = {
    "plantada:bien": Ruta(SOLICITUDES, falta={"pk": NO_EXISTE}),
    "plantada:sin_filtro": Ruta(SOLICITUDES, falta={"pk": NO_EXISTE}),
}
