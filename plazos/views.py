"""The public calculator of terms, and the holidays for anybody's agenda. They read catalogues, nobody's data."""

import re
from collections import defaultdict
from datetime import date
from itertools import chain
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from alcance.politicas import publica
from plazos.forms import DIAS_USUALES, CalculadoraForm
from plazos.ics import DiaNoHabil, escribir
from plazos.models import DiaExtraordinario, FestivoAnual, VersionCalendario
from plazos.reloj import hoy
from plazos.services import calendario_vigente, reglas_vigentes

CINCO_MINUTOS = 300


@publica("calculadora de plazos: solo lee el calendario y los horarios")
@require_safe
@cache_control(max_age=CINCO_MINUTOS)
def calculadora(request: HttpRequest) -> HttpResponse:
    reglas = reglas_vigentes()
    if len(request.GET.getlist("dias")) > 1:  # one of the usual ones was pressed: leave an address to share
        return redirect(f"{reverse('plazos:calculadora')}?{urlencode(request.GET.dict())}")
    form = CalculadoraForm(reglas, request.GET if request.GET else None)
    form.is_valid()
    form.dibujar()
    anios = range(max(hoy().year - 1, reglas.calendario.desde_anio), reglas.calendario.hasta_anio + 1)
    contexto = {"form": form, "plazo": form.plazo, "usuales": DIAS_USUALES, "anios": anios}
    return render(request, "plazos/calculadora.html", contexto)


@publica("festivos y días no hábiles de un año: solo lee el calendario")
@require_safe
@cache_control(max_age=CINCO_MINUTOS)
def festivos_ics(request: HttpRequest) -> HttpResponse:
    anio = _anio(request.GET.get("anio", str(hoy().year)))
    archivo = escribir(
        _no_habiles(anio),
        nombre=f"Festivos y días no hábiles de {anio}",
        dominio=urlsplit(settings.DOMINIO).hostname or "",
        sello=VersionCalendario.objects.get().cambiado_en,
    )
    respuesta = HttpResponse(archivo, content_type="text/calendar; charset=utf-8")
    respuesta.headers["Content-Disposition"] = f'attachment; filename="festivos-{anio}.ics"'
    return respuesta


def _anio(texto: str) -> int:
    calendario = calendario_vigente()
    anio = int(texto) if re.fullmatch(r"\d{4}", texto, re.ASCII) else 0
    if not calendario.desde_anio <= anio <= calendario.hasta_anio:
        raise Http404(f"El calendario cubre de {calendario.desde_anio} a {calendario.hasta_anio}.")
    return anio


def _no_habiles(anio: int) -> list[DiaNoHabil]:
    """Those in force and the retired ones. Rows of one day are the history of one event: each retired row is two
    changes, save the last one when nothing came after."""
    filas: dict[tuple[date, str], list[tuple[str, str, bool]]] = defaultdict(list)
    festivos: QuerySet[Any] = FestivoAnual.objects.filter(fecha__year=anio).order_by("id")
    dias: QuerySet[Any] = DiaExtraordinario.objects.filter(fecha__year=anio, tipo=DiaExtraordinario.Tipo.NO_HABIL)
    for fila in chain(festivos, dias.order_by("id")):
        es_festivo = isinstance(fila, FestivoAnual)
        nombre, norma = (fila.nombre, fila.norma) if es_festivo else ("Día no hábil", fila.acto)
        clave = slugify(nombre) if es_festivo else "declarado-no-habil"
        filas[fila.fecha, clave].append((nombre, norma, bool(fila.motivo_retiro)))
    eventos = []
    for (fecha, clave), historia in sorted(filas.items()):
        retirados = sum(retirado for *_, retirado in historia)
        vigente = next((fila for fila in historia if not fila[2]), None)
        nombre, norma, _ = vigente or historia[-1]
        eventos.append(DiaNoHabil(fecha, clave, nombre, norma, 2 * retirados - (vigente is None)))
    return eventos
