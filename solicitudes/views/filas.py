"""Rows of the queue and of the entity's list, written without a template: twenty-five rows of a dozen tags each were
most of what a page cost. The words are those of everywhere else; the table around them is in the page's template.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from django.urls import get_urlconf, reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from sdfi_portal.templatetags.portal import estado, hora, tiempo
from solicitudes.estados import EstadoParte, EstadoSolicitud
from solicitudes.vencimiento import Vencimiento

MUESTRA = "AT-2000-000000"
NADA = format_html("{}", "")
PUNTO = format_html("{}", " · ")
RESERVADA = format_html("<small><strong>{}</strong></small>", "Reservada")
ES_RESERVADA = format_html(' <span class="estado">{}</span>', "Reservada")
RESPONDIO = format_html(" {}", estado("", "Respondió la entidad", "verde"))
DE_PARTE = {str(uno.value): str(uno.label) for uno in EstadoParte}
DE_SOLICITUD = {str(uno.value): str(uno.label) for uno in EstadoSolicitud}
# Names of catalogues, the same few on every page.
_nombre = lru_cache(maxsize=4096, typed=True)(conditional_escape)


def ruta_de(nombre: str, radicado: str, *resto: str) -> str:
    """`reverse` of a page of one solicitud: only the radicado changes, and a list has fifty."""
    antes, despues = _molde(nombre, resto, get_urlconf())
    return f"{antes}{radicado}{despues}"


@cache
def _molde(nombre: str, resto: tuple[str, ...], _urlconf: str | None) -> tuple[str, str]:
    antes, _, despues = reverse(nombre, args=[MUESTRA, *resto]).partition(MUESTRA)
    return antes, despues


def de_la_cola(partes: Iterable[Any], *, con_dependencia: bool, persona_id: int) -> SafeString:
    """Rows of `templates/atencion/_filas.html`, of partes already dressed (`cola.vestir`)."""
    return format_html_join("", "{}", ((_de_la_cola(p, con_dependencia, persona_id),) for p in partes))


def _de_la_cola(parte: Any, con_dependencia: bool, persona_id: int) -> SafeString:
    solicitud, radicado = parte.solicitud, conditional_escape(parte.solicitud.radicado)
    siga = solicitud.siga_entrada
    asesor = parte.asesor if parte.asesor_id != persona_id else None
    return format_html(
        """
    <tr role="row">
      <td role="cell" data-label="Radicado"><a class="radicado" href="{}" data-atajo-fila>{}</a>{}{}</td>
      <td role="cell" data-label="Entidad"><strong>{}</strong><small>{}</small></td>
      <td role="cell" data-label="Tema">{}<small>{}{}{}</small></td>
      <td role="cell" data-label="Recibida" class="fecha">{}<small>{}</small></td>
      <td role="cell" data-label="Plazo" class="primero"><span>{}</span><small>{}</small></td>
      <td role="cell" data-label="Estado"><span>{}{}</span>{}</td>
      <td role="cell" class="no-imprimir">{}</td>
    </tr>""",
        parte.url,
        radicado,
        format_html("<small>SIGA {}</small>", siga) if siga else NADA,
        RESERVADA if parte.reservada else NADA,
        _nombre(parte.entidad.nombre),
        solicitud.asunto,
        _nombre(parte.tema.nombre),
        _nombre(parte.modalidad.nombre),
        PUNTO if con_dependencia else NADA,
        _nombre(parte.dependencia.nombre_corto) if con_dependencia else NADA,
        tiempo(parte.recibido_en, "fecha_corta"),
        hora(parte.recibido_en),
        estado("", parte.plazo.texto, parte.plazo.tono),
        tiempo(parte.vence, "fecha_corta"),
        estado(parte.estado, DE_PARTE[parte.estado]),
        RESPONDIO if parte.respondio else NADA,
        format_html("<small>{}</small>", asesor.nombre) if asesor else NADA,
        _boton(parte, radicado) if parte.boton else NADA,
    )


def _boton(parte: Any, radicado: str) -> SafeString:
    return format_html(
        '<a class="boton boton--2 boton--chico" href="{}">{}<span class="oculto"> {}</span></a>',
        parte.boton_url, parte.boton, radicado,
    )  # fmt: skip


def de_la_entidad(filas: Iterable[tuple[Any, Vencimiento]]) -> SafeString:
    """Rows of `solicitudes/mias.html`: a solicitud with `las_partes`, the leading one first, and its term."""
    return format_html_join("", "{}", ((_de_la_entidad(*fila),) for fila in filas))


def _de_la_entidad(solicitud: Any, vence: Vencimiento) -> SafeString:
    return format_html(
        """
          <tr role="row" tabindex="-1" data-atajo-fila>
            <td role="cell" class="primero"><a class="radicado" href="{}">{}</a></td>
            <td role="cell" data-label="Asunto"><span>{}{}</span></td>
            <td role="cell" data-label="La atiende"><span>{}</span></td>
            <td role="cell" data-label="Recibida">{}</td>
            <td role="cell" data-label="Plazo">{}</td>
            <td role="cell" data-label="Estado">{}</td>
          </tr>""",
        ruta_de("solicitudes:detalle", solicitud.radicado),
        solicitud.radicado,
        solicitud.asunto,
        ES_RESERVADA if solicitud.reservada else NADA,
        ", ".join(parte.dependencia.nombre_corto for parte in solicitud.las_partes),
        tiempo(solicitud.recibido_en, "fecha_corta"),
        estado("", vence.texto, vence.tono),
        estado(solicitud.estado, DE_SOLICITUD[solicitud.estado]),
    )
