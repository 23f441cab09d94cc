"""Telling the enlaces of the year who their asesor is: what they would read, whom it reaches, and how it goes."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from alcance.politicas import requiere
from direcciones.models import Dependencia
from direcciones.roles import JEFES
from plazos.reloj import hoy
from sdfi_portal.acciones import enviado, hacer
from solicitudes import cartas
from solicitudes.services.asesores import campania, informar_asesores
from solicitudes.views.atencion.comun import dependencia_elegida, dependencias_de


class InformarForm(forms.Form):
    revisado = forms.BooleanField(
        label="Revisé los asesores y lo que van a leer los enlaces",
        error_messages={"required": "Confirme que revisó los asesores y el aviso."},
    )


@requiere(*sorted(JEFES))
def informar(request: HttpRequest) -> HttpResponse:
    por_sector = [d for d in dependencias_de(request) if d.reparto == Dependencia.Reparto.SECTOR]
    lugar = dependencia_elegida(request, por_sector) or next(iter(por_sector), None)
    if lugar is None:
        return render(request, "atencion/informar.html", {"anio": hoy().year})
    form = InformarForm(request.POST if request.method == "POST" else None)
    if enviado(request, form) and (cuantos := hacer(form, informar_asesores, dependencia=lugar)):
        plural = "enlace lo recibirá" if cuantos == 1 else "enlaces lo recibirán"
        messages.success(request, f"{cuantos} {plural} en unos minutos, en horario hábil.")
        return redirect(request.get_full_path())
    una = campania(lugar)
    muestra = next(((p, suyos) for p, suyos in una.destinatarios.items()), None)
    contexto = {
        "form": form,
        "una": una,
        "anio": una.anio,
        "lugares": por_sector,
        "muestra": cartas.sus_asesores(lugar, muestra[1], una.anio) if muestra else None,
        "para": muestra[0] if muestra else None,
        "pendientes": len(una.por_informar),
    }
    return render(request, "atencion/informar.html", contexto, status=422 if form.is_bound else 200)
