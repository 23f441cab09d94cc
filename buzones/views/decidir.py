"""A decision about one message: one press, one key, or a form that begins with what was read in it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from alcance.politicas import requiere
from buzones.botones import BOTONES, dicho
from buzones.forms.decidir import FORMAS, DecisionForm
from buzones.models import Correo, Decision
from buzones.permisos import DECIDEN
from buzones.services.decidir import decidir
from buzones.services.mover import admite
from buzones.services.propuestas import proponer_datos
from buzones.views.libro import contexto_de, correo_visible
from sdfi_portal.acciones import hacer
from solicitudes.models import Solicitud


@requiere(*sorted(DECIDEN))
@require_http_methods(["GET", "POST"])
def decidir_uno(request: HttpRequest, pk: int, accion: str) -> HttpResponse:
    """`version` is what the page showed; `grupo`, whether the rest of its flood goes with it; `siguiente`, what
    follows in the tray. Without the fields of its form it is done as it was proposed."""
    forma = FORMAS.get(accion)
    if request.method == "GET" or (forma and forma.trae_algo(request.POST)):
        if forma is None:
            return redirect("buzones:detalle", correo_visible(request, pk).pk)
        return _con_forma(request, pk, accion, forma)
    sigue = request.POST.get("siguiente")
    try:
        decision = decidir(
            pk, accion, version=_numero(request.POST.get("version", "")), con_grupo="grupo" in request.POST
        )
    except Correo.DoesNotExist as falta:
        raise Http404("Ese correo no existe o no le toca a usted.") from falta
    except ValidationError as falta:
        for mensaje in falta.messages:
            messages.error(request, mensaje)
        return redirect("buzones:detalle", pk) if sigue is None else a_la_bandeja(sigue)
    return _hecho(request, decision, sigue)


def _con_forma(request: HttpRequest, pk: int, accion: str, forma: type[DecisionForm]) -> HttpResponse:
    """The page of a decision that needs something more, beside the message."""
    correo = correo_visible(request, pk)
    contexto = contexto_de(request, correo)
    inicial: dict[str, Any] = {"version": contexto["version"]}
    if "siguiente" in request.GET:
        inicial["siguiente"] = request.GET["siguiente"] or "0"
    form = forma(request.POST or None, correo=correo, propuestas=proponer_datos(correo), initial=inicial)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        decision = hacer(form, decidir, correo_id=pk, accion=accion, version=version, datos=form.datos())
        if decision is not None:
            return _hecho(request, decision, form.cleaned_data["siguiente"] or None)
    contexto |= {"form": form, "tecla": BOTONES[accion].tecla, "se_puede": admite(correo, accion)}
    return render(request, "buzones/decidir.html", contexto)


def _hecho(request: HttpRequest, decision: Decision, sigue: str | None) -> HttpResponse:
    """To what follows, with what was done and how to undo it."""
    correo, accion, hecho = decision.correo, decision.datos["accion"], decision.pk
    if correo.solicitud is not None:
        # It has exits of its own, and perhaps it is no longer of whoever decided: nothing to undo from here.
        frase = dicho(correo.numero, accion)
        messages.success(request, format_html("{} Radicado: {}.", frase, _enlace(request, correo.solicitud)))
        hecho, sigue = 0, sigue or ""
    if sigue is None:
        return redirect(f"{reverse('buzones:detalle', args=[correo.pk])}?hecho={hecho}")
    # Taken back, it is the one to look at again.
    return a_la_bandeja(str(correo.pk) if accion == "rescatar" else sigue, hecho)


def _enlace(request: HttpRequest, solicitud: Solicitud) -> str:
    """The radicado, which leads to the solicitud whoever may open it."""
    radicado = solicitud.radicado
    if not Solicitud.objects.visibles_para(request.alcance).filter(radicado=radicado).exists():  # type: ignore[attr-defined]
        return str(radicado)
    return format_html('<a href="{}">{}</a>', reverse("atencion:caso", args=[radicado]), radicado)


def a_la_bandeja(sigue: str, hecho: int = 0) -> HttpResponse:
    partes = [f"correo={sigue}"] if _numero(sigue) > 0 else []
    partes += [f"hecho={hecho}"] if hecho else []
    return redirect(f"{reverse('buzones:por_clasificar')}{'?' if partes else ''}{'&'.join(partes)}#actual")


def _numero(texto: str) -> int:
    """What the page sent; something else is no version of anything."""
    return int(texto) if texto.isdecimal() and texto.isascii() and len(texto) < 19 else -1
