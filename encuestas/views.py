"""The survey by its link, and its results for those who attend."""

from django.db.models import Avg, Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from alcance.politicas import publica, requiere
from direcciones.roles import VEN_ENCUESTAS
from encuestas import services
from encuestas.forms import FiltrosEncuestas, RespuestaForm
from encuestas.models import Encuesta
from solicitudes.registro import dependencias_al_alcance


@publica("se abre con el secreto del enlace; no muestra más que el radicado")
@require_http_methods(["GET", "POST"])
def responder(request: HttpRequest, token: str) -> HttpResponse:
    encuesta = services.por_token(token)
    if encuesta is None:
        raise Http404("Ese enlace no existe.")
    if encuesta.respondida_en:
        return render(request, "encuestas/gracias.html", {"ya_estaba": True})
    if encuesta.cerrada_en:
        return render(request, "encuestas/cerrada.html", status=410)
    form = RespuestaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.responder(token=token, respuestas=form.cleaned_data)
        return redirect("encuestas:gracias")
    return render(request, "encuestas/responder.html", {"form": form, "radicado": services.radicado_de(encuesta)})


@publica("agradece; no muestra datos")
@require_GET
def gracias(request: HttpRequest) -> HttpResponse:
    return render(request, "encuestas/gracias.html")


@requiere(*sorted(VEN_ENCUESTAS))
@require_GET
def resultados(request: HttpRequest) -> HttpResponse:
    """Averages and comments of what this person's dependencias attended (R98)."""
    alcance = request.alcance  # type: ignore[attr-defined]
    filtros = FiltrosEncuestas(request.GET, dependencias=dependencias_al_alcance(alcance))
    encuestas = filtros.aplicar(Encuesta.objects.visibles_para(alcance), todas=bool(alcance.nivel))
    cifras = encuestas.aggregate(
        enviadas=Count("pk"),
        respondidas=Count("pk", filter=Q(respondida_en__isnull=False)),
        oportunidad=Avg("oportunidad"),
        pertinencia=Avg("pertinencia"),
        calidad=Avg("calidad"),
        resolvio=Count("pk", filter=Q(resolvio="si")),
        aplicara=Count("pk", filter=Q(aplicara="si")),
    )
    ultimas = encuestas.respondidas().select_related("solicitud", "entidad").order_by("-respondida_en")[:25]
    por_entidad = (
        encuestas.values("entidad__nombre")
        .annotate(enviadas=Count("pk"), respondidas=Count("pk", filter=Q(respondida_en__isnull=False)))
        .order_by("respondidas", "-enviadas", "entidad__nombre")[:50]
    )
    return render(
        request,
        "encuestas/resultados.html",
        {"cifras": cifras, "ultimas": ultimas, "por_entidad": por_entidad, "filtros": filtros},
    )
