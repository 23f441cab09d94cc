"""Reviewing: the list of what waits, and the page with the text, the checklist and one observation per section."""

from django.contrib import messages
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from alcance.politicas import requiere
from conceptos import services
from conceptos.estados import TRANSICIONES
from conceptos.forms import RevisionForm
from conceptos.models import Concepto, Version
from conceptos.services import NoSePuede
from conceptos.services.comun import por_que_no, version_congelada
from conceptos.views.comun import (
    con_plazo,
    contar_falla,
    contenido_para_leer,
    encargo_de,
    enviado,
    obtener,
    pasos,
)
from direcciones.roles import JEFES, Rol

REVISAN = sorted(JEFES | {Rol.REVISOR})


@requiere(*REVISAN)
@require_GET
def por_revisar(request: HttpRequest) -> HttpResponse:
    """Oldest deadline first."""
    alcance = request.alcance  # type: ignore[attr-defined]
    conceptos = Concepto.objects.del_expediente(alcance).por_revisar().filter(dependencia__in=alcance.dependencias)
    filas = conceptos.select_related("solicitud__entidad", "parte", "dependencia", "autor")
    congelada = Version.objects.filter(concepto=OuterRef("pk"), congelada_en__isnull=False).order_by("-numero")
    filas = filas.annotate(espera_desde=Subquery(congelada.values("congelada_en")[:1]))[:100]
    return render(
        request,
        "conceptos/por_revisar.html",
        {"conceptos": con_plazo(filas), "encargo": encargo_de(alcance.persona_id)},
    )


@requiere(*REVISAN)
@require_http_methods(["GET", "POST"])
def revisar(request: HttpRequest, pk: int) -> HttpResponse:
    concepto = obtener(request, pk)
    razon = por_que_no(concepto, TRANSICIONES["aprobar"], request.alcance)  # type: ignore[attr-defined]
    if razon:
        messages.error(request, razon)
        return redirect(concepto)
    version = version_congelada(concepto)
    form = RevisionForm(enviado(request), version=version)
    if request.method == "POST" and form.is_valid() and _decidir(request, concepto, form):
        return redirect(concepto)
    leido = contenido_para_leer(version.contenido)
    contexto = {"concepto": concepto, "version": version, "form": form, "pasos": pasos(concepto), **leido}
    return render(request, "conceptos/revisar.html", contexto, status=409 if form.cambio else 200)


def _decidir(request: HttpRequest, concepto: Concepto, form: RevisionForm) -> bool:
    visto, observaciones = form.cleaned_data["sha256"], form.observaciones()
    try:
        with transaction.atomic():
            if form.cleaned_data["decision"] == RevisionForm.Decision.APROBAR:
                services.aprobar(concepto=concepto, sha256_visto=visto, observaciones=observaciones)
                messages.success(request, f"Aprobó el concepto {concepto.numero}. Ahora espera la firma.")
            else:
                motivo = form.cleaned_data["motivo"]
                services.devolver(concepto=concepto, sha256_visto=visto, motivo=motivo, observaciones=observaciones)
                messages.success(request, f"Devolvió el concepto {concepto.numero}. Avisamos a quien lo escribió.")
    except NoSePuede as falla:
        contar_falla(request, falla)
        return False
    return True
