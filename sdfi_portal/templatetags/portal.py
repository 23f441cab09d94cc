"""Filters and tags of every template (a builtin: no `{% load %}`). Texts of dates as interface.md §5.8 asks.

Beware of numbers: with thousand separators on, `{{ objeto.pk }}` prints «1.234» and `{{ año }}` prints «2.026».
In attributes, URLs and years write `{{ valor|crudo }}`.
"""

import datetime as dt
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.template.defaultfilters import stringfilter
from django.template.loader import render_to_string
from django.templatetags.static import do_static, static
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from plazos import fechas
from plazos.fechas import DIAS, MESES
from sdfi_portal.formularios import mensaje_con_nombre
from sdfi_portal.una_vez import una_vez

register = template.Library()
register.tag("static", do_static)
register.tag("una_vez", una_vez)

# Tone of each state, by its key in lower case. A key that is not here comes out neutral, never wrong.
TONOS = {
    **dict.fromkeys(("radicada", "asignada", "en_atencion", "en_redaccion", "en_revision", "programada"), "azul"),
    **dict.fromkeys(("en_complemento", "devuelto", "para_firma", "por_firmar", "pendiente"), "ambar"),
    **dict.fromkeys(("por_clasificar", "apartada"), "ambar"),
    **dict.fromkeys(("atendida", "firmado", "enviado", "notificado", "publicado", "vigente", "prestada"), "verde"),
    **dict.fromkeys(("anulado", "rechazado", "vencida"), "rojo"),
    **dict.fromkeys(
        ("borrador", "en_cola", "cerrada", "trasladada", "duplicada", "no_competencia", "retirada"), "neutro"
    ),
}


# --- Dates -------------------------------------------------------------------------------------------------------
def _local(valor: dt.date | dt.datetime) -> dt.date | dt.datetime:
    """Instants are told in Bogotá's time; plain dates stay as they are."""
    if isinstance(valor, dt.datetime) and valor.tzinfo is not None:
        return valor.astimezone(timezone.get_default_timezone())
    return valor


@register.filter
def fecha(valor: dt.date | None) -> str:
    """«23 de noviembre de 2026»."""
    if not isinstance(valor, dt.date):
        return ""
    d = _local(valor)
    return f"{d.day} de {MESES[d.month - 1]} de {d.year}"


@register.filter
def fecha_larga(valor: dt.date | None) -> str:
    """«lunes 23 de noviembre de 2026»."""
    if not isinstance(valor, dt.date):
        return ""
    return f"{DIAS[_local(valor).weekday()]} {fecha(valor)}"


@register.filter
def fecha_corta(valor: dt.date | None) -> str:
    """«23 nov»; with the year when it is not the current one."""
    if not isinstance(valor, dt.date):
        return ""
    d = _local(valor)
    corta = f"{d.day} {MESES[d.month - 1][:3]}"
    return corta if d.year == _este_anio() else f"{corta} {d.year}"


def _este_anio() -> int:
    return dt.datetime.now(timezone.get_default_timezone()).year


@register.filter
def hora(valor: dt.datetime | dt.time | None) -> str:
    """«10:42 a. m.»."""
    if not isinstance(valor, dt.datetime | dt.time):
        return ""
    h = _local(valor) if isinstance(valor, dt.datetime) else valor
    return fechas.hora_junta(h.replace(second=0, microsecond=0))  # type: ignore[arg-type, call-arg]


register.filter("horas_juntas", fechas.con_horas_juntas)


@register.filter
def fecha_hora(valor: dt.datetime | None) -> str:
    """«23 de noviembre de 2026, 10:42 a. m.»."""
    return f"{fecha(valor)}, {hora(valor)}" if isinstance(valor, dt.datetime) else fecha(valor)


@register.filter
def fecha_hora_corta(valor: dt.datetime | None) -> str:
    """«23 nov, 10:42 a. m.»."""
    return f"{fecha_corta(valor)}, {hora(valor)}" if isinstance(valor, dt.datetime) else fecha_corta(valor)


@register.filter
def iso(valor: dt.date | None) -> str:
    """For `<time datetime>`."""
    return _local(valor).isoformat() if isinstance(valor, dt.date) else ""


@register.filter
def tiempo(valor: dt.date | None, forma: str = "fecha") -> str | SafeString:
    """A `<time>` with its machine-readable instant. `forma` names another filter: fecha, fecha_corta, fecha_hora…"""
    if not isinstance(valor, dt.date):
        return ""
    return _tiempo(_local(valor), forma, _este_anio())


@register.filter
def dicho(valor: Any) -> str | SafeString:
    """A value of a row in words: its day, its instant, its hour, or what it says; «—» when it is empty."""
    if isinstance(valor, dt.time):
        return hora(valor)
    return tiempo(valor, "fecha_hora_corta") or str(valor) or "—"


@lru_cache(maxsize=4096)
def _tiempo(local: dt.date, forma: str, _anio: int) -> SafeString:
    """Written once for each instant: a list that is looked at again has the same fifty. The year is in its words."""
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), FORMAS[forma](local))


FORMAS: dict[str, Callable[[Any], str]] = {
    "fecha": fecha,
    "fecha_corta": fecha_corta,
    "fecha_larga": fecha_larga,
    "fecha_hora": fecha_hora,
    "fecha_hora_corta": fecha_hora_corta,
    "hora": hora,
}


# --- Numbers and words -------------------------------------------------------------------------------------------
@register.filter
def crudo(valor: Any) -> str:
    """The value as it is, without thousand separators: for attributes, URLs and years."""
    return str(valor)


@register.filter
def partible(direccion: Any) -> str | SafeString:
    """A mail address that a narrow column may break after its «@», and not in the middle of a word."""
    antes, arroba, despues = str(direccion or "").partition("@")
    return format_html("{}@<wbr>{}", antes, despues) if arroba else antes


@register.filter
def miles(valor: int | float | str | None, decimales: int | None = None) -> str:
    """«1.234» or, with decimals, «1.234,5». A text («más de 100») is already words."""
    if isinstance(valor, str):
        return valor
    return "" if valor is None else number_format(valor, decimal_pos=decimales, force_grouping=True)


@register.filter
def porcentaje(valor: float | None, decimales: int = 1) -> str:
    """95.6 → «95,6 %»."""
    return "—" if valor is None else f"{number_format(valor, decimal_pos=decimales)} %"


@register.filter
def bytes_legibles(valor: int | None) -> str:
    """«340 bytes», «240 kB», «1,1 MB»."""
    if valor is None:
        return ""
    if valor < 1000:
        return f"{valor} bytes" if valor != 1 else "1 byte"
    if valor < 1_000_000:
        return f"{max(1, round(valor / 1000))} kB"
    return f"{number_format(valor / 1_000_000, decimal_pos=1)} MB"


@register.filter
def plural(valor: int, formas: str) -> str:
    """`{{ n|plural:"solicitud,solicitudes" }}` → «1 solicitud», «2.345 solicitudes»."""
    una, varias = formas.split(",")
    return f"{miles(valor)} {una if valor == 1 else varias}"


@register.filter
@stringfilter
def iniciales(nombre: str) -> str:
    """«Laura Pérez Ríos» → «LP»."""
    return "".join(palabra[0] for palabra in nombre.split()[:2]).upper()


# --- Parts -------------------------------------------------------------------------------------------------------
@register.simple_tag
def estado(clave: Any, texto: str = "", tono: str = "") -> SafeString:
    """State badge. `{% estado solicitud.estado solicitud.get_estado_display %}`; `tono` only to depart from TONOS."""
    crudo_ = str(getattr(clave, "value", clave) or "")
    visible = texto or str(getattr(clave, "label", crudo_.replace("_", " ").capitalize()))
    return _insignia(visible, tono or TONOS.get(crudo_.lower(), "neutro"))


@register.simple_tag
def plazo(dias: int | None, fecha_limite: dt.date | None = None, detenido: bool = False) -> SafeString:
    """Deadline badge in words. `dias`: business days left (0 today, negative overdue, None without deadline)."""
    return _insignia(texto_plazo(dias, fecha_limite, detenido), _tono_plazo(dias, detenido))


@lru_cache(maxsize=512, typed=True)  # a safe text and a plain one are not the same badge
def _insignia(texto: str, tono: str) -> SafeString:
    """`partes/estado.html`, written here: a list has fifty of them, and a template for each is most of its cost."""
    clase = f" estado--{tono}" if tono != "neutro" else ""
    return format_html('<span class="estado{}">{}</span>', clase, texto)


def texto_plazo(dias: int | None, fecha_limite: dt.date | None = None, detenido: bool = False) -> str:
    """«Vence hoy», «Vence en 2 días hábiles (24 nov)», «Vencida hace 1 día hábil», «Plazo detenido»."""
    if detenido:
        return "Plazo detenido"
    if dias is None:
        return "Sin plazo"
    if dias == 0:
        return "Vence hoy"
    cuantos = plural(abs(dias), "día hábil,días hábiles")
    texto = f"Vence en {cuantos}" if dias > 0 else f"Vencida hace {cuantos}"
    return f"{texto} ({fecha_corta(fecha_limite)})" if fecha_limite and dias > 0 else texto


def _tono_plazo(dias: int | None, detenido: bool) -> str:
    if detenido or dias is None:
        return "neutro"
    return "rojo" if dias <= 1 else "ambar" if dias <= 3 else "verde"


@register.inclusion_tag("partes/miga.html")
def miga(*pares: str) -> dict[str, Any]:
    """Breadcrumbs: `{% miga "Mis solicitudes" url_lista radicado %}`. Text, address…; the last text alone."""
    pasos = [(pares[i], pares[i + 1]) for i in range(0, len(pares) - 1, 2)]
    return {"pasos": pasos, "ultimo": pares[-1] if len(pares) % 2 else ""}


@register.inclusion_tag("partes/resumen-errores.html")
def resumen_errores(*formularios: Any) -> dict[str, Any]:
    """Error summary of one or more forms, linked to the fields; takes the focus when the page opens."""
    errores: list[tuple[str, str]] = []
    for formulario in formularios:
        if not formulario:
            continue
        for parte in getattr(formulario, "forms", [formulario]):
            errores += _errores_de(parte)
        if hasattr(formulario, "non_form_errors"):
            errores += [("", mensaje) for mensaje in formulario.non_form_errors()]
    return {"errores": errores}


def _errores_de(formulario: Any) -> list[tuple[str, str]]:
    """(anchor, message) of each error of a form, in the order of its fields."""
    generales = [("", mensaje) for mensaje in formulario.non_field_errors()]
    return generales + [
        (getattr(campo, "ancla", campo.auto_id), mensaje_con_nombre(campo, error))
        for campo in formulario
        for error in campo.errors.as_data()
    ]


@register.inclusion_tag("partes/barras.html")
def barras(titulo: str, datos: list[dict[str, Any]], unidad: str = "", nivel: int = 3) -> dict[str, Any]:
    """Horizontal bars. `datos`: dicts with `texto`, `valor`; optional `url`, `segundo` (stacked, in red), `nota`."""
    mayor = max((fila["valor"] + fila.get("segundo", 0) for fila in datos), default=0) or 1
    filas = [
        {
            "texto": fila["texto"],
            "valor": fila["valor"],
            "segundo": fila.get("segundo", 0),
            "nota": fila.get("nota", ""),
            "url": fila.get("url", ""),
            "ancho": f"{fila['valor'] * 100 / mayor:.2f}%",
            "ancho_segundo": f"{fila.get('segundo', 0) * 100 / mayor:.2f}%",
        }
        for fila in datos
    ]
    return {"titulo": titulo, "filas": filas, "unidad": unidad, "nivel": nivel}


@register.simple_tag(takes_context=True)
def paginacion(context: Any, anterior: str = "", siguiente: str = "", parametro: str = "desde") -> SafeString:
    """Keyset pages: `anterior` and `siguiente` are cursors (empty = there is none). Keeps the other filters."""
    return _paginacion(_consulta_de(context["request"]), anterior, siguiente, parametro)


@lru_cache(maxsize=256)
def _paginacion(consulta: str, anterior: str, siguiente: str, parametro: str) -> SafeString:
    urls = {
        "url_anterior": _con_parametros(consulta, ((parametro, anterior),)) if anterior else "",
        "url_siguiente": _con_parametros(consulta, ((parametro, siguiente),)) if siguiente else "",
    }
    return render_to_string("partes/paginacion.html", urls)


@register.simple_tag(takes_context=True)
def con_parametros(context: Any, **cambios: Any) -> str:
    """`?…` of this page with some parameters changed; None or '' takes one out."""
    return _con_parametros(_consulta_de(context["request"]), tuple(cambios.items()))


def _consulta_de(request: HttpRequest) -> str:
    return str(request.META.get("QUERY_STRING", ""))


@lru_cache(maxsize=1024, typed=True)
def _con_parametros(cruda: str, cambios: tuple[tuple[str, Any], ...]) -> str:
    consulta = QueryDict(cruda.encode("iso-8859-1"), mutable=True)  # as `request.GET` reads it
    for nombre, valor in cambios:
        if valor in (None, ""):
            consulta.pop(nombre, None)
        else:
            consulta[nombre] = str(valor)
    return f"?{consulta.urlencode()}"


@register.simple_tag
def modulo(nombre: str) -> SafeString:
    """`<script>` of a small module of static/js; `{% modulo "htmx" %}` brings htmx. Inside `{% block modulos %}`."""
    return _modulo(nombre)


@cache
def _modulo(nombre: str) -> SafeString:
    if nombre == "htmx":
        return format_html('<script src="{}" defer></script>', static("django_htmx/htmx-2.min.js"))
    return format_html('<script type="module" src="{}"></script>', static(f"js/{nombre}.js"))


@register.filter
def posicion(lista: list[Any], indice: int) -> Any:
    """The element of a list at a position."""
    return lista[indice]
