"""The survey by its link, and its results for those who attend."""

from typing import Any

from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from alcance.politicas import publica, requiere
from direcciones.models import Entidad
from direcciones.roles import VEN_ENCUESTAS
from encuestas import services
from encuestas.forms import FiltrosEncuestas, RespuestaForm
from encuestas.models import Encuesta
from solicitudes.paginas import por_sus_llaves
from solicitudes.registro import dependencias_al_alcance

NOTAS = ("oportunidad", "pertinencia", "calidad")  # complete in every answer: the base demands it
CON_SI = ("resolvio", "aplicara")
ENTIDADES = 50


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
    por_entidad = _por_entidad(encuestas)
    orden = ("-respondida_en", "-pk")
    las_ultimas = encuestas.respondidas().order_by(*orden)[:25]
    ultimas = por_sus_llaves(las_ultimas).select_related("solicitud", "entidad").order_by(*orden)
    return render(
        request,
        "encuestas/resultados.html",
        {
            "cifras": _totales(por_entidad),
            "ultimas": ultimas,
            "por_entidad": por_entidad[:ENTIDADES],
            "filtros": filtros,
        },
    )


def _por_entidad(encuestas: Any) -> list[dict[str, Any]]:
    """What was sent and answered, by entidad, who answers least first: one reading of all of it."""
    filas = (
        encuestas.order_by()
        .values("entidad")
        .annotate(
            enviadas=Count("pk"),
            respondidas=Count("respondida_en"),
            **{nota: Sum(nota) for nota in NOTAS},
            **{si: Count("pk", filter=Q(**{si: "si"})) for si in CON_SI},
        )
    )
    nombres = dict(Entidad.objects.order_by("pk").values_list("pk", "nombre"))
    con_nombre = [fila | {"entidad__nombre": nombres[fila["entidad"]]} for fila in filas]
    return sorted(con_nombre, key=lambda f: (f["respondidas"], -f["enviadas"], f["entidad__nombre"]))


def _totales(por_entidad: list[dict[str, Any]]) -> dict[str, Any]:
    """The sums of all, and the average of each note: None without any answer."""
    suma = {clave: sum(f[clave] or 0 for f in por_entidad) for clave in ("enviadas", "respondidas", *NOTAS, *CON_SI)}
    respondidas = suma["respondidas"]
    return suma | {nota: suma[nota] / respondidas if respondidas else None for nota in NOTAS}
