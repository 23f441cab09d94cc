"""The addresses that bounce: nothing is written to them until somebody says that they receive again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from alcance.politicas import requiere
from avisos.forms import DireccionForm
from avisos.services.direcciones import direccion_mala, direcciones_malas, volver_a_escribir


@requiere("administrador")
@require_GET
def direcciones(request: HttpRequest) -> HttpResponse:
    return render(request, "avisos/direcciones.html", {"direcciones": direcciones_malas()})


@requiere("administrador")
@require_http_methods(["GET", "POST"])
def direccion(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirmation page: what did not arrive leaves again at once."""
    fila = direccion_mala(pk)
    if fila is None:
        raise Http404("A esa dirección ya se le escribe.")
    form = DireccionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cuantos = volver_a_escribir(correo=fila.correo, motivo=form.cleaned_data["motivo"])
        except ValidationError as falla:
            messages.error(request, falla.message)
        else:
            messages.success(request, f"El portal vuelve a escribirle. Correos que salen de nuevo: {cuantos}.")
        return redirect("avisos:direcciones")
    return render(request, "avisos/direccion.html", {"form": form, "fila": fila})
