"""The queue (interface.md W4): tabs, filters in the address, keyset pages, a poll that never moves the list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Count, Exists, F, Func, Max, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from alcance import Alcance, como_sistema
from alcance.compiladas import Compilada, Forma, agregada
from alcance.planes import sin_mapas
from alcance.politicas import requiere
from direcciones.models import Dependencia
from direcciones.roles import JEFES
from plazos.calendario import Calendario
from plazos.reloj import hoy
from plazos.services import reglas_vigentes
from sdfi_portal.acciones import anotar_errores
from solicitudes.estados import ACCIONES, EN_TRABAJO, EstadoParte
from solicitudes.forms.filtros import Catalogo, Filtros, catalogos, filtros_de
from solicitudes.models import Mensaje, Movimiento, Parte, Solicitud
from solicitudes.paginas import Lista, Pagina
from solicitudes.services.abiertas import abiertas_llevadas
from solicitudes.services.cola import atender_siguiente
from solicitudes.services.reflujo import ACCION as REFLUJO
from solicitudes.services.transiciones import NoSePuede, por_que_no
from solicitudes.vencimiento import DEL_VENCIMIENTO, Leido, vence_hasta, vencimiento, vencimiento_de
from solicitudes.views.atencion.comun import ATIENDEN_, dependencia_elegida, dependencias_de
from solicitudes.views.filas import (
    BOTONES,
    COLUMNAS_DE_COLA,
    EnlaceDePestana,
    FilaDeCola,
    de_la_cola,
    juntas,
    ruta_de,
)

E = EstadoParte
MAYOR_ID = 2**63
POR_LLEGADA = ("recibido_en", "solicitud_id", "id")
POR_VENCIMIENTO = ("vence", "recibido_en", "solicitud_id", "id")
# What a row of the list shows. The rest of a solicitud is long texts and the whole explanation of its term.
DE_LA_PARTE = ("solicitud_id", "entidad_id", "reservada", "recibido_en", *DEL_VENCIMIENTO)
DE_LA_FILA = {"solicitud": ("radicado", "asunto", "siga_entrada"), "entidad": ("nombre",), "tema": ("nombre",),
              "modalidad": ("nombre",), "asesor": ("nombre",), "dependencia": ("nombre_corto",)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pestana:
    """A tab: in which order its rows go, and what it says when there is none. The shared queue goes by arrival, and so
    does one's own tray where work comes by sector (R20, R41); elsewhere one's own list goes by its last day."""

    clave: str
    texto: str
    orden: tuple[str, ...]
    vacia: str


SIN_ASIGNAR = Pestana("sin-asignar", "Sin asignar", POR_LLEGADA, "No hay solicitudes sin asignar.")
POR_VENCER = Pestana("por-vencer", "Por vencer", POR_VENCIMIENTO, "Ninguna vence en los próximos 2 días hábiles.")
ESPERANDO = Pestana("esperando", "Esperando a la entidad", POR_VENCIMIENTO, "No espera respuesta de ninguna entidad.")
TODAS = Pestana("todas", "Todas", POR_LLEGADA, "No hay solicitudes abiertas.")


@cache
def pestanas_de(*, por_sector: bool = False) -> tuple[Pestana, ...]:
    """The tabs, in their order."""
    vacia = "No tiene solicitudes a su cargo."
    if por_sector:
        vacia += " Lo que pidan las entidades de sus sectores llega aquí."
    mias = Pestana("mias", "Mías", POR_LLEGADA if por_sector else POR_VENCIMIENTO, vacia)
    return mias, SIN_ASIGNAR, POR_VENCER, ESPERANDO, TODAS


def filtro_de(vista: str, alcance: Alcance, hasta: date | None) -> Q:
    """Which open ones a tab holds. An asesor's speak of their own work; a head's, of everybody's. `hasta`: the last
    day of what is about to be due."""
    mia = Q(asesor_id=alcance.persona_id)
    jefe = alcance.rol in JEFES
    if vista == "mias":
        return mia & Q(estado__in=EN_TRABAJO) & ~Q(estado=E.EN_COMPLEMENTO)
    if vista == "sin-asignar":
        return Q(estado=E.EN_COLA)
    if vista == "por-vencer":
        return Q(vence__lte=hasta) & (Q() if jefe else mia | Q(estado=E.EN_COLA))
    if vista == "esperando":
        return (Q() if jefe else mia) & Q(estado=E.EN_COMPLEMENTO)
    return Q()


@requiere(*ATIENDEN_)
def cola(request: HttpRequest) -> HttpResponse:
    alcance = request.alcance
    version = _version_del_sondeo(request)
    if version == "" or (version and not _algo_reciente(int(version), request.user.pk)):
        return HttpResponse(status=204)  # what almost every poll finds: nothing else is read for it
    dependencias = dependencias_de(request)
    elegida = dependencia_elegida(request, dependencias)
    miradas = [elegida] if elegida else dependencias
    por_sector = bool(miradas) and all(d.reparto == Dependencia.Reparto.SECTOR for d in miradas)
    pestanas = pestanas_de(por_sector=por_sector)
    actual = _pestana_actual(request, pestanas, alcance)
    leidos = catalogos(frozenset([d.pk for d in dependencias]))
    filtros = filtros_de(request.GET, leidos)
    if version is not None:
        abiertas = filtros.aplicar(_abiertas(alcance, _llaves(miradas)))
        dentro = filtro_de(actual.clave, alcance, vence_hasta())
        return _sondeo(abiertas, actual.clave, dentro, _recientes(int(version), request.user.pk))
    pagina = _pagina(alcance, miradas, actual, filtros, request.GET.get("desde", ""))
    cuentas, ultimo = _cuentas(alcance, _llaves(miradas), pestanas)
    nombrar = not elegida and len(dependencias) > 1
    para_tomar = elegida or (dependencias[0] if len(dependencias) == 1 else None)
    enlaces = _enlaces(str(request.META.get("QUERY_STRING", "")), actual.clave)
    contexto = {
        "pestanas": tuple(
            [EnlaceDePestana(p.texto, enlaces[p.clave], cuentas[p.clave], p is actual) for p in pestanas],
        ),
        "actual": actual,
        "por_llegada": actual.orden == POR_LLEGADA,
        "pagina": pagina,
        "renglones": juntas(_renglones(pagina, alcance, leidos, dependencias if nombrar else [])),
        "sin_asignar": cuentas["sin-asignar"],
        "filtros": filtros,
        "hay_filtros": bool(filtros.valores),
        "ocultos": _ocultos(request, actual),
        "dependencias": dependencias,
        "elegida": elegida,
        "lugar": elegida.nombre_corto if elegida else "",
        "para_tomar": para_tomar.codigo if para_tomar else "",
        "version": ultimo,
        "es_jefe": alcance.rol in JEFES,
        "sondeo": enlaces["sondeo"],
        "sin_filtros": enlaces["sin_filtros"],
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
    try:
        parte = atender_siguiente(dependencia=dependencia, persona=request.user)
    except NoSePuede as falla:  # they are away
        anotar_errores(request, falla)
        return redirect("atencion:cola")
    if parte is None:
        messages.info(request, "No hay solicitudes en espera. Buen trabajo.")
        return redirect("atencion:cola")
    messages.success(request, "Ahora usted la atiende.")
    return redirect(f"{reverse('atencion:caso', args=[parte.solicitud.radicado])}?{urlencode({'parte': parte.pk})}")


def _abiertas(alcance: Alcance, dependencias: tuple[int, ...]) -> Any:
    return Parte.objects.visibles_para(alcance).abiertas().filter(dependencia__in=dependencias)


def _de_la_pestana(alcance: Alcance, miradas: list[Dependencia], pestana: Pestana) -> Any:
    filtro = filtro_de(pestana.clave, alcance, vence_hasta())
    return _abiertas(alcance, _llaves(miradas)).filter(filtro)


def _llaves(dependencias: list[Dependencia]) -> tuple[int, ...]:
    return tuple([d.pk for d in dependencias])


# --- The rows ------------------------------------------------------------------------------------------------------
def _filtradas(
    quien: Alcance, miradas: tuple[int, ...], vista: str, hasta: date | None, **elegidos: int | None
) -> QuerySet[Parte]:
    filtros = {campo: valor for campo, valor in elegidos.items() if valor is not None}
    filtradas: QuerySet[Parte] = _abiertas(quien, miradas).filter(filtro_de(vista, quien, hasta), **filtros)
    return filtradas


def _anotar(consulta: QuerySet[Parte]) -> QuerySet[Parte]:
    """Whether the last word is the entity's (E14)."""
    ultimo = Mensaje.objects.filter(solicitud=OuterRef("solicitud"), interno=False).order_by("-id")
    return consulta.annotate(respondio=Subquery(ultimo.values("de_la_entidad")[:1]))


def _lista() -> Lista:
    return Lista(
        Parte,
        _filtradas,
        FilaDeCola,
        COLUMNAS_DE_COLA,
        bordes={"vence": date, "recibido_en": datetime, "solicitud_id": int, "id": int},
        anotar=_anotar,
        quien=Alcance,
        miradas=tuple,
        vista=Forma,
        hasta=date,
        **dict.fromkeys(Filtros.CAMPOS.values(), int),
    )


# In the order of an index of the open ones, whoever asks; or of one entidad, one tema or some words: maybe few.
_EN_ORDEN, _DE_POCAS = _lista().con_un_plan(), _lista()


def _pagina(alcance: Alcance, miradas: list[Dependencia], actual: Pestana, filtros: Filtros, cursor: str) -> Pagina:
    valores = filtros.valores
    if "buscar" in valores:
        return _DE_POCAS.pagina_de(filtros.aplicar(_de_la_pestana(alcance, miradas, actual)), actual.orden, cursor)
    elegidos = {columna: valores[campo].pk if campo in valores else None for campo, columna in Filtros.CAMPOS.items()}
    pedido: dict[str, Any] = {
        "quien": alcance,
        "miradas": _llaves(miradas),
        "vista": actual.clave,
        "hasta": vence_hasta() if actual is POR_VENCER else None,
        **elegidos,
    }
    if elegidos["entidad"] is not None or elegidos["tema"] is not None:
        return _DE_POCAS.pagina(actual.orden, cursor, **pedido)
    with sin_mapas():
        return _EN_ORDEN.pagina(actual.orden, cursor, **pedido)


def _renglones(
    pagina: Pagina, alcance: Alcance, leidos: Mapping[str, Catalogo], nombradas: list[Dependencia]
) -> list[SafeString]:
    entidades, temas, modalidades = (leidos[uno].nombres for uno in ("entidad", "tema", "modalidad"))
    donde = {d.pk: d.nombre_corto for d in nombradas}
    dia, reglas, yo = hoy(), reglas_vigentes(), alcance.persona_id
    return [
        de_la_cola(
            una,
            entidades.get(str(una.entidad_id), ""),  # one that was born after the catalogues were read
            temas.get(str(una.tema_id), ""),
            modalidades.get(str(una.modalidad_id), ""),
            donde.get(una.dependencia_id, ""),
            una.asesor if una.asesor and una.asesor_id != yo else "",
            que_se_puede(alcance, una.estado, una.dependencia_id, una.asesor_id),
            vencimiento_de(Leido(una.estado, una.vence, None, una.atencion_en, None), dia, reglas),
            dia.year,
        )
        for una in pagina.filas
    ]


@lru_cache(maxsize=4096)
def que_se_puede(alcance: Alcance, estado: str, dependencia_id: int, asesor_id: int | None) -> str:
    """What this person may do from the list with a parte of that state, place and responsible; '' for nothing."""
    accion = {E.EN_COLA: "tomar", E.ASIGNADA: "empezar"}.get(E(estado))
    parte = Parte(estado=estado, dependencia_id=dependencia_id, asesor_id=asesor_id)
    return accion if accion and not por_que_no(parte, ACCIONES[accion], alcance) else ""


# --- The counts ----------------------------------------------------------------------------------------------------
def _cuentas(alcance: Alcance, miradas: tuple[int, ...], pestanas: tuple[Pestana, ...]) -> tuple[dict[str, int], str]:
    """How many rows each tab holds, and the last move anywhere (an id, which says nothing of what it was).

    Those of whole queues are kept at each move; the person's own, and the reserved ones that they filed, are counted.
    """
    claves, hasta = [p.clave for p in pestanas], vence_hasta()
    dirige = set(miradas) <= set(alcance.jefaturas)
    # Of their own dependencias one sees every row that is not reserved, and a head those too.
    llevadas = abiertas_llevadas(miradas, hasta, dirige) if set(miradas) <= set(alcance.dependencias) else None
    if llevadas is None:
        (fila,) = _CUENTAS(quien=alcance, miradas=miradas, hasta=hasta)
        return dict(zip(claves, fila, strict=True)), _version()
    (propias,) = _PROPIAS(quien=alcance, miradas=miradas, hasta=None if dirige else hasta)
    de_las_colas = {
        "sin-asignar": llevadas.en_cola,
        "por-vencer": llevadas.por_vencer if dirige else llevadas.en_cola_por_vencer,
        "esperando": llevadas.esperando if dirige else 0,
        "todas": llevadas.abiertas,
    }
    cuentas = dict(zip(claves, propias, strict=False))
    cuentas = {clave: cuentas.get(clave, 0) + de_las_colas.get(clave, 0) for clave in claves}
    return cuentas, str(llevadas.ultimo_movimiento)


def _contadas(quien: Alcance, miradas: tuple[int, ...], hasta: date) -> QuerySet[Any]:
    return agregada(_abiertas(quien, miradas), **_una_por_pestana(quien, hasta))


def _contadas_propias(quien: Alcance, miradas: tuple[int, ...], hasta: date | None) -> QuerySet[Any]:
    """What the kept counts lack: a head, their own; an asesor, also what those of whole queues do not tell apart."""
    radicadas = Solicitud.objects.filter(radicada_por_id=quien.persona_id, reservada=True).order_by().values("pk")
    una_radicada = Func(F("solicitud_id"), ArraySubquery(radicadas), template="%(expressions)s)",
                        arg_joiner=" = any(", output_field=BooleanField())  # fmt: skip
    mia = Q(asesor_id=quien.persona_id, estado__in=EN_TRABAJO)  # as the index of trays says it
    filas = _abiertas(quien, miradas).filter(mia | Q(una_radicada))
    if hasta is None:
        return agregada(filas, mias=Count("pk", filter=filtro_de("mias", quien, None)))
    reservada = Q(reservada=True)
    cuales = {"sin-asignar": reservada, "por-vencer": mia | reservada, "todas": reservada}
    return agregada(filas, **_una_por_pestana(quien, hasta, cuales))


def _una_por_pestana(quien: Alcance, hasta: date, cuales: Mapping[str, Q] = MappingProxyType({})) -> dict[str, Count]:
    return {
        p.clave.replace("-", "_"): Count("pk", filter=filtro_de(p.clave, quien, hasta) & cuales.get(p.clave, Q()))
        for p in pestanas_de()
    }


_CUENTAS = Compilada(_contadas, quien=Alcance, miradas=tuple, hasta=date)
_PROPIAS = Compilada(_contadas_propias, quien=Alcance, miradas=tuple, hasta=date).con_un_plan()


def para_la_lista(consulta: QuerySet[Parte]) -> QuerySet[Parte]:
    """What a row shows, in one query, for the lists that draw instances."""
    columnas = [f"{otra}__{campo}" for otra, campos in DE_LA_FILA.items() for campo in campos]
    return _anotar(consulta.select_related(*DE_LA_FILA).only(*DE_LA_PARTE, *columnas))


def vestir(parte: Parte, calendario: Calendario, alcance: Alcance) -> None:
    """What the template shows of a row: its term in words, where it opens and what can be done from the list."""
    parte.plazo = vencimiento(parte, calendario)
    parte.url = f"{ruta_de('atencion:caso', parte.solicitud.radicado)}?parte={parte.pk}"
    parte.respondio = bool(parte.respondio) and parte.estado == E.EN_ATENCION
    accion = que_se_puede(alcance, parte.estado, parte.dependencia_id, parte.asesor_id)
    parte.boton = parte.boton_url = ""
    if accion:
        parte.boton = BOTONES[accion]
        parte.boton_url = f"{ruta_de('atencion:accion', parte.solicitud.radicado, accion)}?parte={parte.pk}"


# --- The addresses -------------------------------------------------------------------------------------------------
def _pestana_actual(request: HttpRequest, pestanas: tuple[Pestana, ...], alcance: Alcance) -> Pestana:
    por_defecto = "todas" if alcance.rol in JEFES else "mias"
    pedida = request.GET.get("vista", por_defecto)
    por_clave = {p.clave: p for p in pestanas}
    return por_clave.get(pedida, por_clave[por_defecto])


@lru_cache(maxsize=512)
def _enlaces(cruda: str, actual: str) -> dict[str, str]:
    """Where each tab leads from an address, where its poll asks and where its filters are left. Nobody changes it."""
    pedido = QueryDict(cruda.encode("iso-8859-1"))  # as `request.GET` reads it
    enlaces = {p.clave: _con(pedido, quitar=("desde", "parcial", "version"), vista=p.clave) for p in pestanas_de()}
    enlaces["sondeo"] = _con(pedido, quitar=("desde", "version"), vista=actual, parcial="1")
    enlaces["sin_filtros"] = f"?{urlencode(_que_queda(pedido, actual))}"
    return enlaces


def _con(pedido: QueryDict, *, quitar: tuple[str, ...], **cambios: str) -> str:
    consulta = pedido.copy()
    for sobra in quitar:
        consulta.pop(sobra, None)
    for nombre, valor in cambios.items():
        consulta[nombre] = valor
    return f"?{consulta.urlencode()}"


def _ocultos(request: HttpRequest, actual: Pestana) -> tuple[tuple[str, str], ...]:
    return _que_queda(request.GET, actual.clave)


def _que_queda(pedido: QueryDict, vista: str) -> tuple[tuple[str, str], ...]:
    """What the filter form keeps besides its own fields."""
    dependencia = pedido.get("dependencia", "")
    return (("vista", vista), ("dependencia", dependencia)) if dependencia else (("vista", vista),)


# --- The poll ------------------------------------------------------------------------------------------------------
def _version() -> str:
    with como_sistema("leer el último movimiento"):
        ((ultimo,),) = _ULTIMO()
    return str(ultimo or 0)


_ULTIMO = Compilada(lambda: agregada(Movimiento.objects.all(), ultimo=Max("id")))


def _version_del_sondeo(request: HttpRequest) -> str | None:
    """What the page that asks by itself already knows; '' when that makes no sense, None when a person asks."""
    if not request.GET.get("parcial"):
        return None
    version = request.GET.get("version", "")
    return version if version.isdecimal() and int(version) < MAYOR_ID else ""


def _recientes(version: int, persona: int) -> QuerySet[Movimiento]:
    """What somebody else moved since the list was drawn."""
    return Movimiento.objects.filter(id__gt=version).exclude(persona=persona).order_by()


def _algo_reciente(version: int, persona: int) -> bool:
    """Whether anybody else moved anything since, of whomever: what is told are only one's own (`_sondeo`). Asked with
    each person's eyes, a single plan for all gathered first every solicitud they may see: a second at a million."""
    with como_sistema("ver si hay movimientos nuevos"):
        return bool(_ALGO_RECIENTE(version=version, persona=persona))


_ALGO_RECIENTE = (
    Compilada(
        lambda version, persona: _recientes(version, persona).order_by("pk").values_list("pk")[:1],
        version=int,
        persona=int,
    )
    .con_un_plan()
    .sin_transaccion()
)


def _sondeo(abiertas: QuerySet[Parte], vista: str, dentro: Q, recientes: QuerySet[Movimiento]) -> HttpResponse:
    """How many rows of this list (those `dentro`) they are; 204 when none is. A change of the calendar is told apart:
    nothing arrived, what the list says of some dates is old; and it is not news that another of their clocks moved.
    Of the shared queue it also says what somebody took: whoever looks at that row would open it for nothing."""
    suyos = recientes.filter(solicitud=OuterRef("solicitud"))
    tomadas = Exists(suyos.filter(parte=OuterRef("pk"), de=E.EN_COLA))
    comun = vista == "sin-asignar"
    miradas = abiertas if comun else abiertas.filter(dentro)
    cuenta = miradas.filter(Exists(suyos)).aggregate(
        movidas=Count("pk", filter=dentro & Exists(suyos.exclude(accion=REFLUJO))),
        fechas=Count(
            "pk", filter=dentro & Exists(suyos.filter(accion=REFLUJO, parte=OuterRef("pk"), datos__has_key="a"))
        ),
        **({"tomadas": Count("pk", filter=~dentro & tomadas)} if comun else {}),
    )
    cuantas, fechas, ya_no = cuenta["movidas"], cuenta["fechas"], cuenta.get("tomadas", 0)
    textos = []
    if cuantas and vista in {"mias", "sin-asignar"}:
        textos.append("Llegó 1 solicitud." if cuantas == 1 else f"Llegaron {cuantas} solicitudes.")
    elif cuantas:
        textos.append("Hay novedades en 1 solicitud." if cuantas == 1 else f"Hay novedades en {cuantas} solicitudes.")
    if fechas:
        textos.append(
            "Cambió la fecha de 1 solicitud." if fechas == 1 else f"Cambió la fecha de {fechas} solicitudes."
        )
    if ya_no:
        textos.append(
            "1 solicitud ya tiene quien la atienda."
            if ya_no == 1
            else f"{ya_no} solicitudes ya tienen quien las atienda."
        )
    return JsonResponse({"texto": " ".join(textos)}) if textos else HttpResponse(status=204)
