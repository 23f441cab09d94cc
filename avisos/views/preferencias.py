"""How I want to be told."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from alcance.politicas import autenticada
from avisos.eventos import Clase
from avisos.forms import PreferenciasForm
from avisos.services import mis_eventos, preferir
from sdfi_portal.acciones import enviado


@autenticada("cada quien elige cómo recibe sus avisos")
@require_http_methods(["GET", "POST"])
def preferencias(request: HttpRequest) -> HttpResponse:
    mios = mis_eventos()
    form = PreferenciasForm(request.POST or None, mios=mios)
    if enviado(request, form):
        preferir(form.modos())
        messages.success(request, "Guardamos cómo quiere recibir los avisos.")
        return redirect("avisos:preferencias")
    contexto = {
        "form": form,
        "legales": [uno.titulo for uno in mios if uno.clase is Clase.LEGAL],
        "de_cuenta": [uno.titulo for uno in mios if uno.clase is Clase.CUENTA and not uno.clave.startswith("avisos.")],
    }
    return render(request, "avisos/preferencias.html", contexto)
