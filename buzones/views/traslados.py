"""A citizen's petition and the channel it goes to."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from alcance.politicas import requiere
from avisos.carta import Carta
from buzones.cartas.traslados import MOTIVO, copia, oficio
from buzones.estados import TRANSICIONES
from buzones.forms.traslados import TrasladarForm
from buzones.models import CanalExterno, Correo, Traslado
from buzones.permisos import DECIDEN, VEN_LIBRO
from buzones.services.trasladar import decidir_traslado, deshacer_traslado, plazo_de_traslado
from buzones.views.decidir import a_la_bandeja, decidir_uno
from plazos.reloj import hoy
from plazos.services import calendario_vigente
from plazos.terminos import semaforo
from sdfi_portal.acciones import anotar_errores, enviado, hacer

TONOS = {"vencida": "rojo", "hoy": "ambar", "por_vencer": "ambar", "en_plazo": "verde"}


@requiere(*sorted(VEN_LIBRO))
@require_http_methods(["GET", "POST"])
def trasladar(request: HttpRequest, pk: int) -> HttpResponse:
    """The text that will be sent, before it is; afterwards, how it went."""
    correo = _correo(request, pk)
    traslado = _traslado(request, correo)
    puede = request.alcance.rol in DECIDEN
    if request.method == "POST" and not puede:
        raise PermissionDenied("Su rol lee el correo, pero no decide qué se hace con él.")
    if request.method == "POST" and "motivo" not in request.POST:
        return decidir_uno(request, pk, "trasladar")  # with one key, as it was proposed
    form = TrasladarForm(request.POST or None)
    solo_ver = "ver" in request.POST
    if enviado(request, form) and not solo_ver:
        hecho = hacer(form, decidir_traslado, correo=correo, persona=request.user, **form.cleaned_data)
        if hecho is not None:
            messages.success(request, f"Trasladó {correo.numero} a {hecho.canal}. Sale en un minuto.")
            sigue = request.GET.get("siguiente")
            return redirect("buzones:trasladar", pk) if sigue is None else a_la_bandeja(sigue)
    contexto = {
        "correo": correo,
        "traslado": traslado,
        "form": form,
        "puede": puede,
        "razon": _por_que_no(correo, traslado),
        "a_mano": [canal for canal in form.canales if canal.url and not canal.correo],
        "cartas": [] if traslado else _muestra(correo, form),
        **_plazo(correo, traslado),
    }
    return render(request, "buzones/trasladar.html", contexto)


@requiere(*sorted(DECIDEN))
@require_POST
def deshacer(request: HttpRequest, pk: int) -> HttpResponse:
    correo = _correo(request, pk)
    try:
        deshacer_traslado(correo, persona=request.user)
    except ValidationError as error:
        anotar_errores(request, error)
    else:
        messages.success(request, f"Retiró el traslado de {correo.numero}: no salió nada.")
    return redirect("buzones:trasladar", pk)


def _correo(request: HttpRequest, pk: int) -> Correo:
    suyos = Correo.objects.visibles_para(request.alcance)
    return get_object_or_404(suyos.select_related("solicitud"), pk=pk)


def _traslado(request: HttpRequest, correo: Correo) -> Traslado | None:
    suyos = Traslado.objects.visibles_para(request.alcance).en_pie().filter(correo=correo)
    return suyos.select_related("canal", "pedido_por").first()


def _por_que_no(correo: Correo, traslado: Traslado | None) -> str:
    """Said before anybody fills in a form for nothing."""
    if traslado is not None:
        return ""
    if correo.solicitud is not None:
        return f"Este mensaje ya es de la solicitud {correo.solicitud.radicado}: trasládela desde ella."
    if correo.estado not in TRANSICIONES["trasladar"].desde:
        return f"Este mensaje está {correo.get_estado_display().lower()}: {correo.get_clase_display().lower()}."
    return ""


def _muestra(correo: Correo, form: TrasladarForm) -> list[tuple[str, Carta]]:
    """What each would read, with what is written so far."""
    if form.is_bound and not form.is_valid():
        return []
    datos: dict[str, Any] = form.cleaned_data if form.is_bound else {"motivo": MOTIVO}
    canal = datos.get("canal") or CanalExterno.objects.vigentes(hoy()).order_by("nombre").first()
    if canal is None:
        return []
    numero = datos.get("numero_externo", "")
    traslado = Traslado(correo=correo, canal=canal, motivo=datos["motivo"], numero_externo=numero)
    if not canal.correo and not numero:
        traslado.numero_externo = "(el que le den)"
    a_quien = correo.de_correo or "Nadie: no se puede leer quién escribe"
    cartas = [(f"A quien escribió: {a_quien}", copia(traslado))]
    if not traslado.numero_externo:
        cartas.insert(0, (f"A {canal}: {canal.correo}", oficio(traslado)))
    return cartas


def _plazo(correo: Correo, traslado: Traslado | None) -> dict[str, Any]:
    plazo = plazo_de_traslado(correo)
    vence = traslado.vence if traslado else correo.vence_traslado or plazo.vence
    luz = semaforo(vence, hoy(), calendario_vigente())
    return {"plazo": plazo, "vence": vence, "luz": luz.texto, "tono": TONOS[luz.nivel]}
