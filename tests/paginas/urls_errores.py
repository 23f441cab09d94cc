"""The portal's URLs and one that draws any page of error as its handler does."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import include, path

from alcance.politicas import publica
from sdfi_portal import errores
from sdfi_portal import urls as del_portal

handler400, handler403 = del_portal.handler400, del_portal.handler403
handler404, handler500 = del_portal.handler404, del_portal.handler500
SIN_PETICION = {"500", "sin_base"}  # drawn without context processors: they may be what failed


@publica("prueba")
def error(request: HttpRequest, plantilla: str) -> HttpResponse:
    if plantilla in SIN_PETICION:
        return HttpResponse(render_to_string(f"errores/{plantilla}.html", {"codigo": "A1B2C3"}), status=500)
    estado = int(plantilla) if plantilla.isdigit() else 403
    return errores.pagina(request, estado, plantilla, motivo="Su rol no permite esta acción.")


urlpatterns = [path("error/<str:plantilla>/", error), path("", include("sdfi_portal.urls"))]
