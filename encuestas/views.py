"""The survey by its link, and its results for those who attend."""

from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from alcance import Alcance
from alcance.politicas import publica, requiere
from direcciones.models import Entidad
from direcciones.roles import VEN_ENCUESTAS
from encuestas import services
from encuestas.consultas import entre, escoger
from encuestas.forms import FiltrosEncuestas, RespuestaForm
from encuestas.llevadas import DeEntidad, llevadas
from encuestas.models import Encuesta
from solicitudes.paginas import por_sus_llaves
from solicitudes.registro import dependencias_al_alcance

NOTAS = ("oportunidad", "pertinencia", "calidad")  # complete in every answer: the base demands it
CON_SI = ("resolvio", "aplicara")
ENTIDADES = 50
ULTIMAS = 25


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
    """Averages and comments of what this person's dependencias led (R98)."""
    alcance = request.alcance  # type: ignore[attr-defined]
    filtros = FiltrosEncuestas(request.GET, dependencias=dependencias_al_alcance(alcance))
    por_entidad = _por_entidad(filtros, alcance)
    cifras, orden = _totales(por_entidad), ("-respondida_en", "-pk")
    # What is led where one reaches is visible: that is asked again of the few that a walk of an index gives, which
    # ends with the last one there is.
    cuantas = min(ULTIMAS, cifras["respondidas"])
    las_ultimas = filtros.aplicar(Encuesta.objects.all(), alcance).respondidas().order_by(*orden)[:cuantas]
    ultimas = por_sus_llaves(las_ultimas).visibles_para(alcance).select_related("solicitud", "entidad")
    return render(
        request,
        "encuestas/resultados.html",
        {
            "cifras": cifras,
            "ultimas": ultimas.order_by(*orden),
            "por_entidad": por_entidad[:ENTIDADES],
            "filtros": filtros,
        },
    )


def _por_entidad(filtros: FiltrosEncuestas, alcance: Alcance) -> list[dict[str, Any]]:
    """What was sent and answered, by entidad, who answers least first."""
    sumas: dict[int, Counter[str]] = defaultdict(Counter)
    for fila in sumar(filtros, alcance):
        sumas[fila.entidad].update(dict(zip(fila._fields[1:], fila[1:], strict=True)))
    if "cuales" in filtros.valores:  # only those that were answered
        for suma in sumas.values():
            suma["enviadas"] = suma["respondidas"]
    nombres = dict(Entidad.objects.order_by("pk").values_list("pk", "nombre"))
    con_nombre = [{**suma, "entidad__nombre": nombres[clave]} for clave, suma in sumas.items() if suma["enviadas"]]
    return sorted(con_nombre, key=lambda f: (f["respondidas"], -f["enviadas"], f["entidad__nombre"]))


def sumar(filtros: FiltrosEncuestas, alcance: Alcance) -> list[DeEntidad]:
    """Whole months as they are kept; the days that do not make one are counted."""
    cuales, (meses, sueltos) = filtros.pedidas(alcance), filtros.lapsos()
    filas = [fila for desde, hasta in meses for fila in llevadas(replace(cuales, desde=desde, hasta=hasta))]
    encuestas = escoger(Encuesta.objects.all(), cuales)
    return filas + [fila for desde, hasta in sueltos for fila in _contar(entre(encuestas, desde, hasta))]


def _contar(encuestas: Any) -> list[DeEntidad]:
    cuentas = {
        "enviadas": Count("pk"),
        "respondidas": Count("respondida_en"),
        **{nota: Coalesce(Sum(nota), 0) for nota in NOTAS},
        **{si: Count("respondida_en", filter=Q(**{si: "si"})) for si in CON_SI},
    }
    # Under other names: those of the sums are those of the columns.
    por_nombre = {f"suma_{nombre}": cuenta for nombre, cuenta in cuentas.items()}
    return [DeEntidad(*fila) for fila in encuestas.order_by().values("entidad").annotate(**por_nombre).values_list(
        "entidad", *(f"suma_{nombre}" for nombre in DeEntidad._fields[1:])
    )]  # fmt: skip


def _totales(por_entidad: list[dict[str, Any]]) -> dict[str, Any]:
    """The sums of all, and the average of each note: None without any answer."""
    suma = {clave: sum(f[clave] for f in por_entidad) for clave in ("enviadas", "respondidas", *NOTAS, *CON_SI)}
    respondidas = suma["respondidas"]
    return suma | {nota: suma[nota] / respondidas if respondidas else None for nota in NOTAS}
