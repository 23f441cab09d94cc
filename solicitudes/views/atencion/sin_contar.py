"""The clocks that nobody could count, for who runs the portal: why, since when, and to try again now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from alcance.politicas import requiere
from sdfi_portal.templatetags.portal import plural
from solicitudes.services.reflujo import reintentar_sin_contar, ver_sin_contar

SE_MUESTRAN = 200


@requiere("administrador")
@require_http_methods(["GET", "POST"])
def lista(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        cuantos = reintentar_sin_contar()
        messages.success(request, f"El portal vuelve a contar {plural(cuantos, 'plazo,plazos')}.")
        return redirect("atencion:sin_contar")
    cuantos, filas = ver_sin_contar(SE_MUESTRAN)
    return render(request, "atencion/sin_contar.html", {"cuantos": cuantos, "filas": filas})
