"""Signing: «Por firmar», the page of the signature with its second factor, and giving it back."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from alcance import Alcance
from alcance.politicas import requiere
from conceptos import services
from conceptos.estados import TRANSICIONES
from conceptos.forms import DevolverForm, FirmarForm
from conceptos.models import Concepto, Revision
from conceptos.services import NoSePuede
from conceptos.services.comun import por_que_no, version_congelada
from conceptos.views.comun import con_plazo, contar_falla, contenido_para_leer, enviado, obtener, pasos
from cuentas import segundo_factor
from direcciones.models import Encargo
from direcciones.roles import DE_DEPENDENCIA, JEFES, Rol
from plazos.reloj import ahora, hoy

# An encargo may fall on anybody of the dependencia: the service decides who may sign (R57).
FIRMAN = sorted(DE_DEPENDENCIA)


@requiere(*FIRMAN)
@require_GET
def por_firmar(request: HttpRequest) -> HttpResponse:
    """What waits for this person's signature, the oldest first."""
    alcance: Alcance = request.alcance  # type: ignore[attr-defined]
    lugares = set(alcance.jefaturas)
    for encargo in Encargo.objects.vigentes(hoy()).filter(persona=alcance.persona_id).select_related("dependencia"):
        lugares |= {encargo.dependencia_id, *encargo.dependencia.hijas.values_list("pk", flat=True)}
    conceptos = Concepto.objects.del_expediente(alcance).por_firmar().filter(dependencia__in=lugares)
    filas = conceptos.select_related("solicitud__entidad", "parte", "dependencia", "autor")
    filas = filas.annotate(espera_desde=F("para_firma_en"))[:100]
    return render(request, "conceptos/por_firmar.html", {"conceptos": con_plazo(filas)})


@requiere(*FIRMAN)
@require_http_methods(["GET", "POST"])
def firmar(request: HttpRequest, pk: int) -> HttpResponse:
    """A page and not a dialog: the text, its digest, in what capacity, and the code of this moment."""
    concepto = obtener(request, pk)
    try:
        quien = services.autoridad_de(concepto, request.alcance)  # type: ignore[attr-defined]
        version = version_congelada(concepto)
        if concepto.estado != "para_firma":
            raise NoSePuede(f"El concepto está «{concepto.get_estado_display()}»: no espera firma.")
    except NoSePuede as falla:
        contar_falla(request, falla)
        return redirect(concepto)
    persona: Any = request.user
    if not segundo_factor.inscrito(persona):
        return render(request, "conceptos/sin_segundo_factor.html", {"concepto": concepto})
    form = FirmarForm(enviado(request), persona=persona, concepto=concepto, version=version)
    if request.method == "POST" and form.is_valid() and _firmar(request, concepto, form):
        return redirect(concepto)
    contexto = {
        "concepto": concepto,
        "version": version,
        "quien": quien,
        "form": form,
        "pasos": pasos(concepto),
        "revision": Revision.objects.filter(version=version, aprueba=True).select_related("revisor").first(),
        "puede_devolver": request.alcance.rol in JEFES | {Rol.REVISOR},  # type: ignore[attr-defined]
        **contenido_para_leer(version.contenido),
    }
    return render(request, "conceptos/firmar.html", contexto, status=409 if form.cambio else 200)


def _firmar(request: HttpRequest, concepto: Concepto, form: FirmarForm) -> bool:
    try:
        with transaction.atomic():
            services.firmar(
                concepto=concepto,
                sha256_visto=form.cleaned_data["sha256"],
                audiencia=form.cleaned_data["audiencia"],
                motivo_audiencia=form.cleaned_data["motivo_audiencia"],
                segundo_factor_en=ahora(),
            )
    except NoSePuede as falla:
        contar_falla(request, falla)
        return False
    messages.success(
        request, f"Firmó el concepto {concepto.numero}. Preparamos el PDF firmado y lo enviamos a la entidad."
    )
    return True


@requiere(*sorted(JEFES | {Rol.REVISOR}))
@require_http_methods(["GET", "POST"])
def devolver(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to its author, from the signature."""
    concepto = obtener(request, pk)
    razon = por_que_no(concepto, TRANSICIONES["devolver"], request.alcance)  # type: ignore[attr-defined]
    if razon:
        messages.error(request, razon)
        return redirect(concepto)
    form = DevolverForm(enviado(request), version=version_congelada(concepto))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                services.devolver(
                    concepto=concepto,
                    sha256_visto=form.cleaned_data["sha256"],
                    motivo=form.cleaned_data["motivo"],
                )
        except NoSePuede as falla:
            contar_falla(request, falla)
            return redirect(concepto)
        messages.success(request, f"Devolvió el concepto {concepto.numero}. Avisamos a quien lo escribió.")
        return redirect(concepto)
    contexto = {"concepto": concepto, "form": form}
    return render(request, "conceptos/devolver.html", contexto, status=409 if form.cambio else 200)
