"""What the board draws: tables and columns, put together here (there are hundreds of cells: a template costs more)."""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from tableros.tablero import Tabla, Valor

register = template.Library()
EN_BARRAS = 8
POCOS_MESES = 6
SIN_CLASE = ""
UNA_FILA = '<tr role="row"><th scope="row" role="rowheader">{}</th>'
UNA_CELDA = '<td role="cell" data-label="{}"{}>{dentro}</td>'
UN_ENLACE = '<a href="{}">{}</a>'
ALTO, ANCHO_MES, BASE, TECHO = 220, 58, 190, 24  # of the drawing of columns, in its own units


@register.simple_tag
def tabla_de_cifras(tabla: Tabla) -> SafeString:
    """The table of a Tabla: cards on a phone, like every other."""
    clases = [SIN_CLASE, *(format_html(' class="{}"', "n") if c.es_numero else SIN_CLASE for c in tabla.columnas[1:])]
    encabezado = format_html_join(
        "",
        '<th scope="col" role="columnheader"{}>{}</th>',
        ((clase, columna.texto) for columna, clase in zip(tabla.columnas, clases, strict=True)),
    )
    nombres = [(conditional_escape(c.texto), clase) for c, clase in zip(tabla.columnas, clases, strict=True)]
    # Rows one after another with links in the same places are written in one go.
    iguales = groupby(tabla.filas, lambda fila: tuple([bool(valor.url) for valor in fila]))
    filas = [(format_html_join("", _patron(con), (_fila(nombres, f) for f in suyas)),) for con, suyas in iguales]
    return format_html(
        '<table class="tabla" role="table"><caption class="oculto">{}</caption><thead role="rowgroup">'
        '<tr role="row">{}</tr></thead><tbody role="rowgroup">{}</tbody></table>',
        tabla.titulo,
        encabezado,
        format_html_join("", "{}", filas),
    )


# The same numbers again and again. A safe text and a plain one are not the same.
_escapado = lru_cache(maxsize=2048, typed=True)(conditional_escape)


@cache
def _patron(con_enlace: tuple[bool, ...]) -> str:
    """A row that has a link in those places."""
    primera, *otras = (UN_ENLACE if con else "{}" for con in con_enlace)
    return UNA_FILA.format(primera) + "".join(UNA_CELDA.replace("{dentro}", otra) for otra in otras) + "</tr>"


def _fila(nombres: Sequence[tuple[str, str]], fila: Sequence[Valor]) -> list[Any]:
    """What fills the places of one row, in order."""
    puestos: list[Any] = []
    for k, valor in enumerate(fila):
        if k:
            puestos += nombres[k]
        texto = _escapado(valor.texto)
        puestos += (valor.url, texto) if valor.url else (texto,)
    return puestos


@register.filter
def en_barras(tabla: Tabla) -> list[dict[str, Any]]:
    """The first rows of a table for the tag `barras`, by its drawn column."""
    cual = tabla.dibujo[0]
    filas = [fila for fila in tabla.filas if isinstance(fila[cual].numero, int | float)][:EN_BARRAS]
    return [{"texto": f[0].texto, "valor": f[cual].numero, "url": f[cual].url} for f in filas]


@register.simple_tag
def columnas(tabla: Tabla) -> SafeString:
    """Two series side by side, month by month. The numbers are in the table; the drawing says its shape aloud."""
    series = [[float(fila[i].numero or 0) for fila in tabla.filas] for i in tabla.dibujo]
    mayor = max((n for serie in series for n in serie), default=0) or 1
    barras = format_html_join("", "{}", ((_mes(tabla, n, series, mayor),) for n in range(len(tabla.filas))))
    ancho = ANCHO_MES * len(tabla.filas)
    nombres = " y ".join(tabla.columnas[i].texto.lower() for i in tabla.dibujo)
    return format_html(
        '<svg class="columnas{}" role="img" viewBox="0 0 {} {}" width="{}" height="{}" aria-labelledby="t-{} d-{}">'
        '<title id="t-{}">{}</title><desc id="d-{}">{}</desc>'
        '<line x1="0" x2="{}" y1="{}" y2="{}"/>{}</svg>',
        " columnas--larga" if len(tabla.filas) > POCOS_MESES else "",
        *(ancho, ALTO, ancho, ALTO, tabla.clave, tabla.clave, tabla.clave, tabla.titulo, tabla.clave),
        f"Columnas de {nombres}, un par por mes. El mayor valor es {mayor:.0f}. Los números están en la tabla.",
        *(ancho, BASE, BASE, barras),
    )


def _mes(tabla: Tabla, n: int, series: list[list[float]], mayor: float) -> SafeString:
    izquierda, ancho = n * ANCHO_MES, (ANCHO_MES - 14) // len(series)
    columnas = format_html_join(
        "",
        '<rect class="s{}" x="{}" y="{}" width="{}" height="{}"/><text x="{}" y="{}">{}</text>',
        (
            (
                s + 1,
                izquierda + 7 + s * ancho,
                round(BASE - _alto(serie[n], mayor), 1),
                ancho - 2,
                round(_alto(serie[n], mayor), 1),
                izquierda + 6 + s * ancho + ancho // 2,
                round(BASE - _alto(serie[n], mayor) - 4, 1),
                _corto(tabla.filas[n][tabla.dibujo[s]]),
            )
            for s, serie in enumerate(series)
        ),
    )
    mes, _, anio = tabla.filas[n][0].texto.partition(" de ")
    rotulo = mes[:3] + (f" {anio[2:]}" if mes == "enero" or n == 0 else "")
    return format_html(
        '{}<text class="mes" x="{}" y="{}">{}</text>', columnas, izquierda + ANCHO_MES // 2, BASE + 18, rotulo
    )


def _alto(valor: float, mayor: float) -> float:
    return (BASE - TECHO) * valor / mayor


def _corto(valor: Valor) -> str:
    """What fits over a column: «950», «12,5k»."""
    numero = float(valor.numero or 0)
    return valor.texto if numero < 1000 else f"{numero / 1000:.1f}".replace(".", ",").replace(",0", "") + " mil"
