"""The register (lineamiento §5; R25, R26): every solicitud received, whatever the channel, one row for each parte.

It lives in the address: filters, columns, saved view, page, and that it is to be printed. Nothing is counted beyond
`_hasta` unless the address asks for it (`contar=si`), as every number of the board does.
"""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from alcance import Alcance
from alcance.compiladas import Compilada, Forma
from alcance.planes import sin_mapas
from alcance.politicas import requiere
from direcciones.roles import PERSONAL, VEN_ENCUESTAS
from plazos.reloj import ahora, hoy
from plazos.services import calendario_vigente
from solicitudes.busqueda import RADICADO, LasPrimeras, Leida, Ventanas, ventanas
from solicitudes.columnas import COLUMNAS, Columna
from solicitudes.forms.filtros import POR_ID, Condiciones, FiltrosRegistro, filtrar, ofrecidas
from solicitudes.models import Parte, Vista
from solicitudes.paginas import TAMANO, Pagina, de_estas_llaves, despues, paginar_leyendo, por_sus_llaves, tramo
from solicitudes.registro import EN_EL_INDICE, MAS_RECIENTES, Registro, consulta_limpia, del_alcance, registro_de
from solicitudes.views.atencion.celdas import clase_de_fila, con_columnas, dibujar, encabezado, grupos
from solicitudes.views.atencion.comun import dependencias_del_registro

SE_CUENTAN = 1_000
# With words each row that is counted must be read first.
CON_PALABRAS = 100
# Of the page that is made to be printed (`imprimir=si`).
EN_PAPEL = 1_000


@requiere(*sorted(PERSONAL))
def registro(request: HttpRequest) -> HttpResponse:
    alcance: Any = request.alcance  # type: ignore[attr-defined]
    vistas = _VISTAS(quien=alcance)
    predeterminada = next((v for v in vistas if v.predeterminada and v.persona_id == alcance.persona_id), None)
    if predeterminada and not request.GET:
        return redirect(predeterminada)
    pedido = registro_de(alcance, request.GET, dependencias_del_registro(request))
    en_papel = request.GET.get("imprimir") == "si"
    tamano = EN_PAPEL if en_papel else TAMANO
    pagina, contadas = _pagina(pedido, request.GET.get("desde_fila", ""), tamano)
    consulta = consulta_limpia(request.GET)
    contexto = {
        "pagina": pagina,
        "filas": dibujar(pagina.filas, pedido.columnas, calendario_vigente()),
        "grupos": grupos(pedido.columnas),
        "encabezado": encabezado(pedido.columnas),
        "formularios": "" if en_papel else _dibujados(pedido.filtros, request.GET.urlencode(), pedido.columnas),
        "filtros": pedido.filtros,
        "hay_filtros": bool(pedido.filtros.valores),
        "en_palabras": pedido.filtros.en_palabras(),
        "columnas_elegidas": [("columna", c) for c in request.GET.getlist("columna")],
        "vistas": _pestanas(vistas, consulta),
        "consulta": consulta,
        "consolidado": bool(alcance.nivel),
        "ve_encuestas": alcance.rol in VEN_ENCUESTAS,
        "dependencias": ofrecidas(pedido.dependencias),
        "impreso_en": ahora(),
        "en_papel": en_papel,
        "caben_en_papel": EN_PAPEL,
        **_cuantas(request, pedido, pagina, contadas, _hasta(pedido, tamano)),
    }
    return render(request, "atencion/registro.html", contexto)


_VISTAS = Compilada(lambda quien: Vista.objects.visibles_para(quien).order_by("nombre", "id"), quien=Alcance)


@lru_cache(maxsize=32)
def _dibujados(filtros: FiltrosRegistro, consulta: str, columnas: tuple[Columna, ...]) -> SafeString:
    """The forms of filters and columns. What an address asks is one object while what it offers is the same
    (solicitudes/registro.py): they have two hundred options, and were a fifth of the page."""
    datos = QueryDict(consulta)
    contexto = {
        "filtros": filtros,
        "hay_filtros": bool(filtros.valores),
        "columnas": [(columna, columna in columnas) for columna in COLUMNAS],
        "columnas_elegidas": [("columna", c) for c in datos.getlist("columna")],
        "filtros_elegidos": [(n, v) for n, v in datos.items() if n in filtros.fields and v],
    }
    return render_to_string("atencion/_filtros_registro.html", contexto)


# --- What is read --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Forma:
    """All that decides how the register is asked, but its values. `dia`: compliance depends on it."""

    palabras: tuple[tuple[str, str], ...]
    busqueda: tuple[str, ...] | None
    dia: date
    columnas: tuple[Columna, ...]
    sentido: tuple[str, ...]
    hasta: int  # how many are counted
    tamano: int  # how many are shown


_BORDE = ("borde_0", "borde_1", "borde_2")
_VENTANAS = ("cuando", "desde", "hasta")


def _halladas(quien: Alcance, propias: tuple[int, ...], forma: _Forma, valores: dict[str, Any]) -> Any:
    return filtrar(del_alcance(quien, propias), Condiciones(forma.palabras, forma.busqueda, valores))


def _filas(*, quien: Alcance, propias: tuple[int, ...], forma: _Forma, **valores: Any) -> Any:
    """The rows of the page, and on each one how many there are, up to one more than are counted."""
    borde = _quitar_borde(valores)
    en = EN_EL_INDICE if forma.busqueda is not None else {}
    halladas = _halladas(quien, propias, forma, valores)
    pagina = por_sus_llaves(tramo(halladas, forma.sentido, borde, forma.tamano, en))
    filas = con_columnas(pagina, forma.columnas).annotate(contadas=_contadas(halladas, forma))
    return filas.order_by(*forma.sentido)[: forma.tamano + 1]


def _llaves(*, quien: Alcance, propias: tuple[int, ...], forma: _Forma, **valores: Any) -> Any:
    """The keys of a page of a search, found window by window. On the first page, as many as are counted: whoever reads
    them to find the first ones has counted them. On the others, how many there are goes beside each."""
    borde, por_ventanas = _quitar_borde(valores), [valores.pop(nombre) for nombre in _VENTANAS]
    halladas = _halladas(quien, propias, forma, valores)
    hasta = (forma.tamano if borde else forma.hasta) + 1
    leida = Leida(forma.busqueda or (), tuple(v for n, v in valores.items() if n.startswith("texto_")))
    primeras = despues(halladas, forma.sentido, borde, EN_EL_INDICE)
    consulta = de_estas_llaves(Parte, LasPrimeras(primeras, leida, Ventanas(*por_ventanas), hasta))
    if borde:
        consulta = consulta.annotate(contadas=_contadas(halladas, forma))
    return consulta.order_by(*forma.sentido).values_list("pk", *(["contadas"] if borde else []))[:hasta]


def _quitar_borde(valores: dict[str, Any]) -> list[Any] | None:
    return [valores.pop(nombre) for nombre in _BORDE if nombre in valores] or None


def _contadas(halladas: Any, forma: _Forma) -> Func:
    primeras = ArraySubquery(halladas.values("pk")[: forma.hasta + 1])
    return Func(primeras, function="cardinality", output_field=IntegerField())


# What a search found, drawn apart: only the rows that are shown are joined to what they show, however many were
# counted.
_DE_LLAVES = Compilada(
    lambda llaves, columnas, dia, sentido: con_columnas(Parte.objects.filter(pk__in=llaves), columnas).order_by(
        *sentido
    ),
    llaves=tuple,
    columnas=Forma,
    dia=Forma,
    sentido=Forma,
).con_un_plan()


def _de_llaves(llaves: list[int], forma: _Forma) -> list[Any]:
    """Always as many places, so that it is one statement; no row has a key below zero."""
    puestas = (*llaves, *range(len(llaves) - forma.tamano - 1, 0))
    return _DE_LLAVES(llaves=puestas, columnas=forma.columnas, dia=forma.dia, sentido=forma.sentido) if llaves else []


@lru_cache(maxsize=256)
def _compilada(hacer: Any, nombres: tuple[str, ...]) -> Compilada:
    """The query with these values. One plan serves the register without filters; with them, it depends on how many
    rows each leaves."""
    tipos = {nombre: _tipo(nombre) for nombre in nombres}
    consulta = Compilada(hacer, quien=Alcance, propias=tuple, forma=Forma, **tipos)
    return consulta.con_un_plan() if tipos.keys() <= set(_BORDE) else consulta


def _tipo(nombre: str) -> type:
    if nombre == "lugares":
        return tuple
    if nombre in POR_ID or nombre in {"borde_1", "borde_2"}:
        return int
    if nombre.startswith("texto_") or nombre in _VENTANAS:
        return str
    return date if nombre.startswith("vence__") else datetime


def _pagina(pedido: Registro, cursor: str, tamano: int) -> tuple[Pagina, int | None]:
    """With how many there are, up to one more than are counted; None when they were not."""
    fila, contadas, hasta = clase_de_fila(pedido.columnas), [], _hasta(pedido, tamano)

    def leer(sentido: tuple[str, ...], borde: list[Any] | None) -> list[Any]:
        if pedido.filtros.usa_el_orden:
            pagina = tramo(pedido.consulta, sentido, borde, tamano, pedido.en)
            filas = con_columnas(por_sus_llaves(pagina), pedido.columnas).order_by(*sentido)
            return [fila._make(una) for una in filas]
        condiciones = pedido.filtros.condiciones
        if condiciones.busqueda == ():  # nothing of what was typed can be looked for: nothing is found
            return []
        valores = {**condiciones.valores, **dict(zip(_BORDE, borde or (), strict=False))}
        forma = _Forma(condiciones.palabras, condiciones.busqueda, hoy(), pedido.columnas, sentido, hasta, tamano)
        quien = {"quien": pedido.alcance, "propias": pedido.propias, "forma": forma}
        if condiciones.busqueda not in (None, (RADICADO,)) and sentido == MAS_RECIENTES:
            ultimo = min(borde[0].date() if borde else hoy(), hoy()) + timedelta(days=1)  # its day in UTC, at most
            valores |= {nombre: getattr(ventanas(ultimo), nombre) for nombre in _VENTANAS}
            llaves = _compilada(_llaves, tuple(valores))(**quien, **valores)
            contadas.extend([llaves[0][-1] if borde else len(llaves)] if llaves else [])
            return [fila._make(una) for una in _de_llaves([una[0] for una in llaves[: tamano + 1]], forma)]
        # Words are found by a map; the rest, walking the index of the register until the page is full.
        with nullcontext() if condiciones.busqueda is not None else sin_mapas():
            leidas = _compilada(_filas, tuple(valores))(**quien, **valores)
        contadas.extend(una[-1] for una in leidas[:1])
        return [fila._make(una[:-1]) for una in leidas]

    return paginar_leyendo(Parte, MAS_RECIENTES, cursor, leer, tamano), contadas[0] if contadas else None


def _cuantas(
    request: HttpRequest, pedido: Registro, pagina: Pagina, contadas: int | None, hasta: int
) -> dict[str, Any]:
    """Exactly, when the address asks; otherwise up to where nobody would read on."""
    if not (pagina.anterior or pagina.siguiente):
        return {"cuantas": len(pagina), "hay_mas": False}
    if request.GET.get("contar") == "si":
        return {"cuantas": pedido.consulta.count(), "hay_mas": False}
    if contadas is None:
        contadas = pedido.consulta[: hasta + 1].count()
    return {"cuantas": min(contadas, hasta), "hay_mas": contadas > hasta}


def _hasta(pedido: Registro, tamano: int) -> int:
    """How many are counted without being asked: no fewer than are shown."""
    return max(CON_PALABRAS if "buscar" in pedido.filtros.valores else SE_CUENTAN, tamano)


def _pestanas(vistas: list[Vista], consulta: str) -> list[dict[str, Any]]:
    """The whole register and every saved view; the one that the address says is marked."""
    todo = {"texto": "Todo el registro", "url": f"{reverse('atencion:registro')}?vista=", "consulta": ""}
    filas = [todo, *({"texto": v.nombre, "url": v.get_absolute_url(), "consulta": v.consulta} for v in vistas)]
    actual = next((f for f in filas if f["consulta"] == consulta), None)
    return [fila | {"actual": fila is actual, "n": None} for fila in filas]
