"""The queue (interface.md W4): tabs, filters in the address, keyset pages, a poll that never moves the list."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from alcance import Alcance, como_sistema
from alcance.compiladas import Compilada
from alcance.politicas import requiere
from direcciones.models import Dependencia
from direcciones.roles import JEFES
from plazos.calendario import Calendario
from plazos.services import calendario_vigente
from solicitudes.estados import ACCIONES, EN_TRABAJO, EstadoParte
from solicitudes.forms.filtros import Filtros
from solicitudes.models import Mensaje, Movimiento, Parte
from solicitudes.paginas import paginar
from solicitudes.services.cola import atender_siguiente
from solicitudes.services.transiciones import por_que_no
from solicitudes.vencimiento import vence_hasta, vencimiento
from solicitudes.views.atencion.comun import ATIENDEN_, dependencia_elegida, dependencias_de
from solicitudes.views.filas import de_la_cola, ruta_de

E = EstadoParte
MAYOR_ID = 2**63
POR_LLEGADA = ("recibido_en", "solicitud_id", "id")
POR_VENCIMIENTO = ("vence", "recibido_en", "solicitud_id", "id")
# What a row of the list shows. The rest of a solicitud is long texts and the whole explanation of its term.
DE_LA_PARTE = ("solicitud_id", "entidad_id", "estado", "reservada", "recibido_en", "vence", "prestada_en")
DE_LA_FILA = {"solicitud": ("radicado", "asunto", "siga_entrada"), "entidad": ("nombre",), "tema": ("nombre",),
              "modalidad": ("nombre",), "asesor": ("nombre",), "dependencia": ("nombre_corto",)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pestana:
    """A tab: which rows and in which order. The shared queue goes by arrival, and so does one's own tray where work
    comes by sector (R20, R41); elsewhere one's own list goes by its last day."""

    clave: str
    texto: str
    filtro: Q
    orden: tuple[str, ...]
    vacia: str


def pestanas_de(alcance: Alcance, *, por_sector: bool = False) -> list[Pestana]:
    """The tabs of a person. An asesor's speak of their own work; a head's, of everybody's."""
    mia = Q(asesor_id=alcance.persona_id)
    jefe = alcance.rol in JEFES
    de_quien = Q() if jefe else mia
    en_mano = mia & Q(estado__in=EN_TRABAJO) & ~Q(estado=E.EN_COMPLEMENTO)
    mias_vacia = "No tiene solicitudes a su cargo."
    if por_sector:
        mias_vacia += " Lo que pidan las entidades de sus sectores llega aquí."
    por_vencer = Q(vence__lte=vence_hasta()) & (Q() if jefe else mia | Q(estado=E.EN_COLA))
    return [
        Pestana("mias", "Mías", en_mano, POR_LLEGADA if por_sector else POR_VENCIMIENTO, mias_vacia),
        Pestana("sin-asignar", "Sin asignar", Q(estado=E.EN_COLA), POR_LLEGADA, "No hay solicitudes sin asignar."),
        Pestana(
            "por-vencer", "Por vencer", por_vencer, POR_VENCIMIENTO, "Ninguna vence en los próximos 2 días hábiles."
        ),
        Pestana(
            "esperando",
            "Esperando a la entidad",
            de_quien & Q(estado=E.EN_COMPLEMENTO),
            POR_VENCIMIENTO,
            "No espera respuesta de ninguna entidad.",
        ),
        Pestana("todas", "Todas", Q(), POR_LLEGADA, "No hay solicitudes abiertas."),
    ]


@requiere(*ATIENDEN_)
def cola(request: HttpRequest) -> HttpResponse:
    alcance = request.alcance
    version = _version_del_sondeo(request)
    if version == "" or (version and not _ALGO_RECIENTE(version=int(version), persona=request.user.pk)):
        return HttpResponse(status=204)  # what almost every poll finds: nothing else is read for it
    dependencias = dependencias_de(request)
    elegida = dependencia_elegida(request, dependencias)
    miradas = [elegida] if elegida else dependencias
    por_sector = bool(miradas) and all(d.reparto == Dependencia.Reparto.SECTOR for d in miradas)
    pestanas = pestanas_de(alcance, por_sector=por_sector)
    actual = _pestana_actual(request, pestanas, alcance)
    filtros = Filtros(request.GET, dependencias=dependencias)
    base = _abiertas(alcance, miradas)
    filtradas = filtros.aplicar(base.filter(actual.filtro))
    if version is not None:
        return _sondeo(request, filtradas, _recientes(int(version), request.user.pk))
    pagina = paginar(filtradas, actual.orden, request.GET.get("desde", ""), mostrar=para_la_lista, siempre=True)
    cuentas = base.aggregate(**{p.clave.replace("-", "_"): Count("pk", filter=p.filtro) for p in pestanas})
    calendario = calendario_vigente()
    for fila in pagina.filas:
        vestir(fila, calendario, alcance)
    contexto = {
        "pestanas": [_dibujo(request, p, actual, cuentas) for p in pestanas],
        "actual": actual,
        "por_llegada": actual.orden == POR_LLEGADA,
        "pagina": pagina,
        "renglones": de_la_cola(
            pagina, con_dependencia=not elegida and len(dependencias) > 1, persona_id=request.user.pk
        ),
        "cuentas": cuentas,
        "filtros": filtros,
        "hay_filtros": bool(filtros.valores),
        "ocultos": _ocultos(request, actual),
        "dependencias": dependencias,
        "elegida": elegida,
        "para_tomar": elegida or (dependencias[0] if len(dependencias) == 1 else None),
        "version": _version(),
        "es_jefe": alcance.rol in JEFES,
        "sondeo": _direccion_de_sondeo(request, actual),
        "sin_filtros": f"?{urlencode(_ocultos(request, actual))}",
    }
    return render(request, "atencion/cola.html", contexto)


@require_POST
@requiere(*ATIENDEN_)
def siguiente(request: HttpRequest) -> HttpResponse:
    """«Atender la siguiente»: claims the oldest and opens it (E9)."""
    dependencias = dependencias_de(request)
    codigo = request.POST.get("dependencia", "")
    dependencia = next((d for d in dependencias if d.codigo == codigo), None)
    if dependencia is None and not codigo and len(dependencias) == 1:
        dependencia = dependencias[0]
    if dependencia is None:
        raise PermissionDenied("Elija la dependencia de la que quiere atender la siguiente.")
    parte = atender_siguiente(dependencia=dependencia, persona=request.user)
    if parte is None:
        messages.info(request, "No hay solicitudes en espera. Buen trabajo.")
        return redirect("atencion:cola")
    messages.success(request, "Ahora usted la atiende.")
    return redirect(f"{reverse('atencion:caso', args=[parte.solicitud.radicado])}?{urlencode({'parte': parte.pk})}")


def _abiertas(alcance: Alcance, dependencias: list[Dependencia]) -> Any:
    return Parte.objects.visibles_para(alcance).abiertas().filter(dependencia__in=dependencias)


def para_la_lista(consulta: QuerySet[Parte]) -> QuerySet[Parte]:
    """What a row shows, in one query: whether the last word is the entity's included (E14)."""
    ultimo = Mensaje.objects.filter(solicitud=OuterRef("solicitud"), interno=False).order_by("-id")
    columnas = [f"{otra}__{campo}" for otra, campos in DE_LA_FILA.items() for campo in campos]
    return (
        consulta.select_related(*DE_LA_FILA)
        .only(*DE_LA_PARTE, *columnas)
        .annotate(respondio=Subquery(ultimo.values("de_la_entidad")[:1]))
    )


def vestir(parte: Parte, calendario: Calendario, alcance: Alcance) -> None:
    """What the template shows of a row: its term in words, where it opens and what can be done from the list."""
    parte.plazo = vencimiento(parte, calendario)
    parte.url = f"{ruta_de('atencion:caso', parte.solicitud.radicado)}?parte={parte.pk}"
    parte.respondio = bool(parte.respondio) and parte.estado == E.EN_ATENCION
    accion = {E.EN_COLA: "tomar", E.ASIGNADA: "empezar"}.get(E(parte.estado))
    parte.boton = parte.boton_url = ""
    if accion and not por_que_no(parte, ACCIONES[accion], alcance):
        parte.boton = "Atender" if accion == "tomar" else "Empezar"
        parte.boton_url = f"{ruta_de('atencion:accion', parte.solicitud.radicado, accion)}?parte={parte.pk}"


def _pestana_actual(request: HttpRequest, pestanas: list[Pestana], alcance: Alcance) -> Pestana:
    por_defecto = "todas" if alcance.rol in JEFES else "mias"
    pedida = request.GET.get("vista", por_defecto)
    por_clave = {p.clave: p for p in pestanas}
    return por_clave.get(pedida, por_clave[por_defecto])


def _dibujo(request: HttpRequest, pestana: Pestana, actual: Pestana, cuentas: dict[str, int]) -> dict[str, Any]:
    consulta = request.GET.copy()
    for sobra in ("desde", "parcial", "version"):
        consulta.pop(sobra, None)
    consulta["vista"] = pestana.clave
    return {
        "texto": pestana.texto,
        "url": f"?{consulta.urlencode()}",
        "n": cuentas[pestana.clave.replace("-", "_")],
        "actual": pestana is actual,
    }


def _ocultos(request: HttpRequest, actual: Pestana) -> list[tuple[str, str]]:
    """What the filter form keeps besides its own fields."""
    dependencia = request.GET.get("dependencia", "")
    return [("vista", actual.clave), *([("dependencia", dependencia)] if dependencia else [])]


def _version() -> str:
    """The last move anywhere: an id, which says nothing of what it was."""
    with como_sistema("leer el último movimiento"):
        return str(Movimiento.objects.aggregate(ultimo=Max("id"))["ultimo"] or 0)


def _direccion_de_sondeo(request: HttpRequest, actual: Pestana) -> str:
    consulta = request.GET.copy()
    for sobra in ("desde", "version"):
        consulta.pop(sobra, None)
    consulta["vista"], consulta["parcial"] = actual.clave, "1"
    return f"?{consulta.urlencode()}"


def _version_del_sondeo(request: HttpRequest) -> str | None:
    """What the page that asks by itself already knows; '' when that makes no sense, None when a person asks."""
    if not request.GET.get("parcial"):
        return None
    version = request.GET.get("version", "")
    return version if version.isdecimal() and int(version) < MAYOR_ID else ""


def _recientes(version: int, persona: int) -> QuerySet[Movimiento]:
    """What somebody else moved since the list was drawn."""
    return Movimiento.objects.filter(id__gt=version).exclude(persona=persona).order_by()


_ALGO_RECIENTE = Compilada(
    lambda version, persona: _recientes(version, persona).values_list("pk")[:1], version=int, persona=int
)


def _sondeo(request: HttpRequest, filtradas: QuerySet[Parte], recientes: QuerySet[Movimiento]) -> HttpResponse:
    """How many rows of this list they are; 204 when none is."""
    cuantas = filtradas.filter(Exists(recientes.filter(solicitud=OuterRef("solicitud")))).count()
    if not cuantas:
        return HttpResponse(status=204)
    if request.GET.get("vista") in {"mias", "sin-asignar"}:
        texto = "Llegó 1 solicitud." if cuantas == 1 else f"Llegaron {cuantas} solicitudes."
    else:
        texto = "Hay novedades en 1 solicitud." if cuantas == 1 else f"Hay novedades en {cuantas} solicitudes."
    return JsonResponse({"texto": texto})
