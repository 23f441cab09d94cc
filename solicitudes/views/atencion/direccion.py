"""For those who head a dependencia: everything of theirs, who has what, and who attends each sector."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from alcance import Alcance
from alcance.politicas import requiere
from direcciones.models import AsignacionSector, Ausencia, Dependencia, Persona, Sector
from direcciones.roles import JEFES
from direcciones.services.sectores import asignar_sector
from plazos.reloj import comienzo, hoy
from plazos.services import calendario_vigente
from solicitudes.estados import EN_TRABAJO, EstadoParte
from solicitudes.forms.filtros import Filtros
from solicitudes.models import ExcepcionOrden, Parte
from solicitudes.models.partes import esta_vencida
from solicitudes.paginas import paginar
from solicitudes.services.abiertas import DeLaJefatura, Dias, llevadas_de_la_jefatura
from solicitudes.services.asignacion import quienes_atienden
from solicitudes.services.inversiones import Inversiones, inversiones_llevadas
from solicitudes.services.reparto import (
    carga_por_asesor,
    cobertura_de_sectores,
    dias_sin_asignar,
    hace_mucho,
    repartir,
    sin_asignar_desde,
)
from solicitudes.vencimiento import vence_hasta
from solicitudes.views.atencion.acciones import poner_errores
from solicitudes.views.atencion.cola import POR_LLEGADA, para_la_lista, vestir
from solicitudes.views.atencion.comun import dependencia_elegida, dependencias_de

JEFES_ = tuple(sorted(JEFES))
E = EstadoParte
EXCEPCIONES = 50
ALERTAS = 5


class RepartirForm(forms.Form):
    """Give the marked ones to one person who is there."""

    asesor = forms.ModelChoiceField(label="Dárselas a", queryset=Persona.objects.none(), empty_label="Elija a quién")
    motivo = forms.CharField(label="Motivo", max_length=300)

    def __init__(self, *args: Any, personas: list[Persona], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ausentes = Ausencia.objects.en_curso(hoy()).order_by().values("persona")
        presentes = Persona.objects.filter(pk__in=[p.pk for p in personas]).exclude(pk__in=ausentes)
        self.fields["asesor"].queryset = presentes.order_by("nombre")


class FiltrosDireccion(Filtros):
    """The queue's filters, and whose they are."""

    asesor = forms.ModelChoiceField(
        label="Asesor", required=False, queryset=Persona.objects.none(), empty_label="Todos"
    )
    situacion = forms.ChoiceField(
        label="Situación",
        required=False,
        choices=[
            ("", "Todas las abiertas"),
            ("sin-asignar", "Sin asignar"),
            ("en-mano", "En manos de un asesor"),
            ("esperando", "Esperando a la entidad"),
            ("por-vencer", "Por vencer"),
            ("vencidas", "Vencidas"),
        ],
    )
    CAMPOS = Filtros.CAMPOS | {"asesor": "asesor"}

    def __init__(self, datos: Any, *, personas: list[Persona], **kwargs: Any) -> None:
        super().__init__(datos, **kwargs)
        self.fields["asesor"].queryset = Persona.objects.filter(pk__in=[p.pk for p in personas]).order_by("nombre")
        self.full_clean()

    def aplicar(self, consulta: Any) -> Any:
        return super().aplicar(consulta).filter(SITUACIONES()[self.valores.get("situacion", "")])


def SITUACIONES() -> dict[str, Q]:
    return {
        "": Q(),
        "sin-asignar": Q(estado=E.EN_COLA),
        "en-mano": Q(estado__in=EN_TRABAJO) & ~Q(estado=E.EN_COMPLEMENTO),
        "esperando": Q(estado=E.EN_COMPLEMENTO),
        "por-vencer": Q(vence__gte=hoy(), vence__lte=vence_hasta()),
        "vencidas": esta_vencida(hoy()),
    }


@requiere(*JEFES_)
def solicitudes(request: HttpRequest) -> HttpResponse:
    """All the open ones of theirs; several may be given to somebody at once."""
    alcance = request.alcance
    dependencias = dependencias_de(request)
    elegida = dependencia_elegida(request, dependencias)
    miradas = [elegida] if elegida else dependencias
    personas = quienes_atienden(*miradas)
    reparto = RepartirForm(request.POST or None, personas=personas)
    if request.method == "POST" and _repartir(request, reparto):
        return redirect(request.get_full_path())
    base = Parte.objects.visibles_para(alcance).abiertas().filter(dependencia__in=miradas)
    filtros = FiltrosDireccion(request.GET, dependencias=dependencias, personas=personas)
    pagina = paginar(filtros.aplicar(base), POR_LLEGADA, request.GET.get("desde", ""), mostrar=para_la_lista)
    calendario = calendario_vigente()
    for fila in pagina.filas:
        vestir(fila, calendario, alcance)
    demasiados = dias_sin_asignar([d.pk for d in miradas])
    antes_de = hace_mucho(demasiados)
    llevadas = _llevadas(miradas, antes_de)
    contexto = {
        "dependencias": dependencias,
        "elegida": elegida,
        "kpis": _kpis(llevadas, elegida),
        "hace_mucho": llevadas.hace_mucho,
        "demasiados": demasiados,
        "alertas": sin_asignar_desde(antes_de, [d.pk for d in miradas], cuantas=ALERTAS),
        "filtros": filtros,
        "hay_filtros": bool(filtros.valores),
        "ocultos": [("dependencia", elegida.codigo)] if elegida and len(dependencias) > 1 else [],
        "sin_filtros": f"?dependencia={elegida.codigo}" if elegida else "?",
        "pagina": pagina,
        "reparto": reparto,
        "form": reparto,
        "marcadas": request.POST.getlist("parte"),
        "es_jefe": True,
    }
    return render(request, "atencion/direccion.html", contexto, status=422 if reparto.is_bound else 200)


def _repartir(request: HttpRequest, form: RepartirForm) -> bool:
    """All of the marked ones or none: one that is not theirs refuses the whole (T10)."""
    if not form.is_valid():
        return False
    claves = [clave for clave in request.POST.getlist("parte") if clave.isdecimal()]
    partes = list(Parte.objects.visibles_para(request.alcance).filter(pk__in=claves).select_related("dependencia"))
    if len(partes) != len(set(claves)):
        raise Http404("Alguna de las solicitudes marcadas no existe.")
    try:
        cuantas = repartir(partes=partes, asesor=form.cleaned_data["asesor"], motivo=form.cleaned_data["motivo"])
    except ValidationError as falla:
        poner_errores(form, falla)
        return False
    quien = form.cleaned_data["asesor"].nombre
    messages.success(request, f"{quien} recibió {cuantas} solicitud{'es' if cuantas > 1 else ''}.")
    return True


def _llevadas(miradas: list[Dependencia], antes_de: date) -> DeLaJefatura:
    dias = Dias(hoy(), por_vencer_hasta=vence_hasta(), hace_mucho=antes_de, anio=_anio())
    return llevadas_de_la_jefatura([d.pk for d in miradas], dias)


def _anio() -> date:
    return hoy().replace(month=1, day=1)


def _kpis(llevadas: DeLaJefatura, elegida: Dependencia | None) -> list[dict[str, Any]]:
    """The small panel: each number is the count of the list it leads to (E18)."""
    cifras = (
        ("sin-asignar", "Sin asignar", llevadas.en_cola, ""),
        ("en-mano", "En manos de un asesor", llevadas.en_mano, ""),
        ("esperando", "Esperando a la entidad", llevadas.esperando, ""),
        ("por-vencer", "Por vencer", llevadas.por_vencer, ""),
        ("vencidas", "Vencidas", llevadas.vencidas, "rojo" if llevadas.vencidas else ""),
    )
    extra = {"dependencia": elegida.codigo} if elegida else {}
    kpis = [
        {
            "titulo": titulo,
            "cifra": cifra,
            "nota": "",
            "url": f"?{urlencode({'situacion': situacion, **extra})}",
            "tono": tono,
        }
        for situacion, titulo, cifra, tono in cifras
    ]
    return [*kpis, _cumplimiento(llevadas, extra)]


def _cumplimiento(llevadas: DeLaJefatura, extra: dict[str, str]) -> dict[str, Any]:
    """Of what was delivered this year, how much on time. Only what was delivered counts, and it says so."""
    cuantas, a_tiempo, inicio = llevadas.entregadas, llevadas.a_tiempo, _anio()
    consulta = {"cumplimiento": "a_tiempo", "atendida_desde": inicio.isoformat(), "contar": "si", **extra}
    return {
        "titulo": f"Entregadas a tiempo, de {cuantas} entregadas en {inicio.year}",
        "cifra": a_tiempo,
        "nota": f"{a_tiempo * 100 // cuantas} %. Solo cuenta lo entregado." if cuantas else "Aún no se entrega nada.",
        "url": f"{reverse('atencion:registro')}?{urlencode(consulta)}",
        "tono": "",
    }


@requiere(*JEFES_)
def equipo(request: HttpRequest) -> HttpResponse:
    """Load per person, sectors without anybody, and how the order of arrival is kept."""
    dependencias = dependencias_de(request)
    claves = [d.pk for d in dependencias]
    cobertura = cobertura_de_sectores(dependencias)
    contexto = {
        "cargas": carga_por_asesor(claves, por_vencer_hasta=vence_hasta()),
        "cobertura": cobertura,
        "sin_asesor": [c for c in cobertura if c.atiende is None],
        "inversiones": _inversiones(dependencias),
        "excepciones": _excepciones(request.alcance, claves),
        "anio": hoy().year,
        "dependencias": dependencias,
    }
    return render(request, "atencion/equipo.html", contexto)


def _excepciones(alcance: Alcance, dependencias: list[int]) -> list[ExcepcionOrden]:
    """Why somebody went before an older one this year, the latest first."""
    del_anio = ExcepcionOrden.objects.visibles_para(alcance).filter(
        parte__dependencia__in=dependencias, en__date__gte=hoy().replace(month=1, day=1)
    )
    return list(del_anio.select_related("parte__solicitud", "persona").order_by("-en", "-id")[:EXCEPCIONES])


def _inversiones(dependencias: list[Dependencia]) -> list[dict[str, Any]]:
    """Every queue, with or without inversions; trays only when they have some."""
    desde = comienzo(hoy().replace(month=1, day=1))
    contadas = {
        (i.dependencia_id, i.asesor_id): i
        for i in inversiones_llevadas(dependencias=[d.pk for d in dependencias], desde=desde)
    }
    personas = Persona.objects.in_bulk([asesor for _, asesor in contadas if asesor])
    filas = []
    for dependencia in dependencias:
        propias = [i for (d, asesor), i in contadas.items() if d == dependencia.pk and asesor]
        cola = contadas.get((dependencia.pk, None)) or Inversiones(dependencia.pk, None, 0, 0)
        filas.append({"bandeja": f"Cola de {dependencia.nombre_corto}", "cuenta": cola})
        filas += [{"bandeja": f"Bandeja de {personas[i.asesor_id]}", "cuenta": i} for i in propias if i.asesor_id]
    return filas


class SectorForm(forms.Form):
    asesor = forms.ModelChoiceField(label="Asesor", queryset=Persona.objects.none(), empty_label="Elija a quién")
    suplente = forms.ModelChoiceField(
        label="Suplente",
        queryset=Persona.objects.none(),
        required=False,
        empty_label="Sin suplente",
        help_text="Recibe las solicitudes cuando el asesor no está activo o está ausente y nadie más lo cubre.",
    )

    def __init__(self, *args: Any, personas: list[Persona], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for campo in ("asesor", "suplente"):
            claves = [p.pk for p in personas]
            self.fields[campo].queryset = Persona.objects.filter(pk__in=claves).order_by("nombre")


@requiere(*JEFES_)
def sector(request: HttpRequest, dependencia: str, sector: str) -> HttpResponse:
    """Who attends a sector from today (R41)."""
    lugar = _dependencia_propia(request.alcance, dependencia)
    cual = get_object_or_404(Sector.objects.vigentes(), codigo=sector)
    actual = AsignacionSector.objects.vigentes(hoy()).filter(dependencia=lugar, sector=cual).first()
    iniciales = {"asesor": actual.asesor_id, "suplente": actual.suplente_id} if actual else {}
    form = SectorForm(request.POST or None, initial=iniciales, personas=quienes_atienden(lugar))
    if request.method == "POST" and form.is_valid():
        try:
            asignar_sector(dependencia=lugar, sector=cual, **form.cleaned_data)
        except ValidationError as falla:
            poner_errores(form, falla)
        else:
            messages.success(request, f"{form.cleaned_data['asesor']} atiende el sector {cual} desde hoy.")
            return redirect("atencion:equipo")
    contexto = {"form": form, "dependencia": lugar, "sector": cual, "actual": actual}
    return render(request, "atencion/sector.html", contexto, status=422 if form.is_bound else 200)


def _dependencia_propia(alcance: Alcance, codigo: str) -> Dependencia:
    lugar = get_object_or_404(Dependencia.objects.filter(pk__in=alcance.jefaturas), codigo=codigo)
    if lugar.reparto != Dependencia.Reparto.SECTOR:
        raise PermissionDenied(f"{lugar} reparte por turno: sus solicitudes no van por sector.")
    return lugar
