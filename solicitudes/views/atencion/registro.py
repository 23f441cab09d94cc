"""The register (lineamiento §5; R25, R26): every solicitud received, whatever the channel, one row for each parte.

It lives in the address: filters, columns, saved view, page. Nothing is counted beyond `SE_CUENTAN` unless the address
asks for it (`contar=si`), as every number of the board does.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from alcance.politicas import requiere
from direcciones.roles import PERSONAL, VEN_ENCUESTAS
from plazos.reloj import ahora
from plazos.services import calendario_vigente
from solicitudes.columnas import COLUMNAS
from solicitudes.models import Vista
from solicitudes.paginas import paginar
from solicitudes.registro import MAS_RECIENTES, Registro, consulta_limpia, registro_de
from solicitudes.views.atencion.celdas import con_columnas, dibujar, grupos
from solicitudes.views.atencion.comun import dependencias_de

SE_CUENTAN = 1_000


@requiere(*sorted(PERSONAL))
def registro(request: HttpRequest) -> HttpResponse:
    alcance: Any = request.alcance  # type: ignore[attr-defined]
    vistas = list(Vista.objects.visibles_para(alcance).order_by("nombre", "id"))
    predeterminada = next((v for v in vistas if v.predeterminada and v.persona_id == alcance.persona_id), None)
    if predeterminada and not request.GET:
        return redirect(predeterminada)
    pedido = registro_de(alcance, request.GET, dependencias_de(request))
    pagina = paginar(
        pedido.consulta,
        MAS_RECIENTES,
        request.GET.get("desde_fila", ""),
        en=pedido.en,
        mostrar=lambda filas: con_columnas(filas, pedido.columnas),
    )
    consulta = consulta_limpia(request.GET)
    contexto = {
        "pagina": pagina,
        "filas": dibujar(pagina.filas, pedido.columnas, calendario_vigente()),
        "grupos": grupos(pedido.columnas),
        "formularios": _formularios(request.GET, pedido),
        "filtros": pedido.filtros,
        "hay_filtros": bool(pedido.filtros.valores),
        "en_palabras": pedido.filtros.en_palabras(),
        "columnas_elegidas": [("columna", c) for c in request.GET.getlist("columna")],
        "vistas": _pestanas(vistas, consulta),
        "consulta": consulta,
        "consolidado": bool(alcance.nivel),
        "ve_encuestas": alcance.rol in VEN_ENCUESTAS,
        "dependencias": pedido.dependencias,
        "impreso_en": ahora(),
        **_cuantas(request, pedido),
    }
    return render(request, "atencion/registro.html", contexto)


@dataclass(frozen=True, slots=True)
class _Formularios:
    """The forms of filters and columns: what they are drawn from, and all that decides how they come out."""

    consulta: str
    opciones: tuple[tuple[Any, ...], ...]
    errores: tuple[str, ...]
    hay_filtros: bool
    contexto: dict[str, Any] = field(compare=False)


def _formularios(datos: QueryDict, pedido: Registro) -> SafeString:
    filtros = pedido.filtros
    contexto = {
        "filtros": filtros,
        "hay_filtros": bool(filtros.valores),
        "columnas": [(columna, columna in pedido.columnas) for columna in COLUMNAS],
        "columnas_elegidas": [("columna", c) for c in datos.getlist("columna")],
        "filtros_elegidos": [(n, v) for n, v in datos.items() if n in filtros.fields and v],
    }
    opciones = tuple(_opciones_de(campo) for campo in filtros.fields.values())
    return _dibujados(
        _Formularios(datos.urlencode(), opciones, tuple(filtros.errors), contexto["hay_filtros"], contexto)
    )


def _opciones_de(campo: Any) -> tuple[Any, ...]:
    """What the field offers: those of a catalogue are in its widget (solicitudes/forms/filtros.py)."""
    return tuple(getattr(campo.widget, "filas", ()) or getattr(campo, "choices", ()))


@lru_cache(maxsize=8)
def _dibujados(formularios: _Formularios) -> SafeString:
    """Drawn again only when something of them changed: they have two hundred options, and are a fifth of the page."""
    return render_to_string("atencion/_filtros_registro.html", formularios.contexto)


def _cuantas(request: HttpRequest, pedido: Registro) -> dict[str, Any]:
    """Exactly, when the address asks; otherwise up to where nobody would read on."""
    if request.GET.get("contar") == "si":
        return {"cuantas": pedido.consulta.count(), "hay_mas": False}
    cuantas = pedido.consulta[: SE_CUENTAN + 1].count()
    return {"cuantas": min(cuantas, SE_CUENTAN), "hay_mas": cuantas > SE_CUENTAN}


def _pestanas(vistas: list[Vista], consulta: str) -> list[dict[str, Any]]:
    """The whole register and every saved view; the one that the address says is marked."""
    todo = {"texto": "Todo el registro", "url": f"{reverse('atencion:registro')}?vista=", "consulta": ""}
    filas = [todo, *({"texto": v.nombre, "url": v.get_absolute_url(), "consulta": v.consulta} for v in vistas)]
    actual = next((f for f in filas if f["consulta"] == consulta), None)
    return [fila | {"actual": fila is actual, "n": None} for fila in filas]
