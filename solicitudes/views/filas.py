"""Rows of the queue and of the entity's list, written without a template: twenty-five rows of a dozen tags each were
most of what a page cost. The words are those of everywhere else; the table around them is in the page's template.
"""

from datetime import date, datetime
from functools import cache, lru_cache, reduce
from operator import add
from typing import NamedTuple

from django.urls import get_urlconf, reverse
from django.utils.html import conditional_escape, format_html
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
BOTONES = {"tomar": "Atender", "empezar": "Empezar"}


def ruta_de(nombre: str, radicado: str, *resto: str) -> str:
    """`reverse` of a page of one solicitud: only the radicado changes, and a list has fifty."""
    antes, despues = _molde(nombre, resto, get_urlconf())
    return f"{antes}{radicado}{despues}"


def ruta_de_archivo(radicado: str, pk: int) -> str:
    """`reverse` of a file of a filed solicitud."""
    antes, despues = _molde("solicitudes:archivo", (0,), get_urlconf())
    return f"{antes}{radicado}{despues.removesuffix('0/')}{pk}/"


@cache
def _molde(nombre: str, resto: tuple[str | int, ...], _urlconf: str | None) -> tuple[str, str]:
    antes, _, despues = reverse(nombre, args=[MUESTRA, *resto]).partition(MUESTRA)
    return antes, despues


class EnlaceDePestana(NamedTuple):
    """A tab as `partes/pestanas.html` draws it."""

    texto: str
    url: str
    n: int | str
    actual: bool


class FilaDeEntidad(NamedTuple):
    """What the entity's list reads of a row: the columns of its query."""

    recibido_en: datetime
    id: int
    radicado: str
    asunto: str
    reservada: bool
    estado: str


class FilaDeCola(NamedTuple):
    """What the query of the queue reads of a row (`COLUMNAS_DE_COLA`)."""

    recibido_en: datetime
    solicitud_id: int
    id: int
    vence: date
    estado: str
    reservada: bool
    entidad_id: int
    tema_id: int
    modalidad_id: int
    dependencia_id: int
    asesor_id: int | None
    atencion_en: datetime | None
    radicado: str
    asunto: str
    siga_entrada: str
    asesor: str | None
    respondio: bool | None


COLUMNAS_DE_COLA = (
    *FilaDeCola._fields[:12],
    "solicitud__radicado",
    "solicitud__asunto",
    "solicitud__siga_entrada",
    "asesor__nombre",
    "respondio",
)


def juntas(filas: list[SafeString]) -> SafeString:
    return reduce(add, filas, NADA)


@lru_cache(maxsize=1024, typed=True)
def de_la_cola(
    una: FilaDeCola,
    entidad: str,
    tema: str,
    modalidad: str,
    dependencia: str,
    asesor: str,
    accion: str,
    plazo: Vencimiento,
    _anio: int,
) -> SafeString:
    """A row of the queue, drawn once for all that it shows. `dependencia` and `asesor` are empty where they are not
    told; `accion` is what can be done from the list; the year is in the words of its dates."""
    radicado = conditional_escape(una.radicado)
    respondio = una.respondio and una.estado == EstadoParte.EN_ATENCION
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
        f"{ruta_de('atencion:caso', una.radicado)}?parte={una.id}",
        radicado,
        format_html("<small>SIGA {}</small>", una.siga_entrada) if una.siga_entrada else NADA,
        RESERVADA if una.reservada else NADA,
        entidad,
        una.asunto,
        tema,
        modalidad,
        PUNTO if dependencia else NADA,
        dependencia,
        tiempo(una.recibido_en, "fecha_corta"),
        hora(una.recibido_en),
        estado("", plazo.texto, plazo.tono),
        tiempo(una.vence, "fecha_corta"),
        estado(una.estado, DE_PARTE[una.estado]),
        RESPONDIO if respondio else NADA,
        format_html("<small>{}</small>", asesor) if asesor else NADA,
        _boton(una, accion) if accion else NADA,
    )


def _boton(una: FilaDeCola, accion: str) -> SafeString:
    return format_html(
        '<a class="boton boton--2 boton--chico" href="{}">{}<span class="oculto"> {}</span></a>',
        f"{ruta_de('atencion:accion', una.radicado, accion)}?parte={una.id}", BOTONES[accion], una.radicado,
    )  # fmt: skip


@lru_cache(maxsize=1024, typed=True)
def de_la_entidad(una: FilaDeEntidad, responsables: tuple[str, ...], vence: Vencimiento, _anio: int) -> SafeString:
    """A row of `solicitudes/mias.html`, drawn once for all that it shows. `responsables`: the dependencias, the leader
    first; the year is in the words of its date."""
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
        ruta_de("solicitudes:detalle", una.radicado),
        una.radicado,
        una.asunto,
        ES_RESERVADA if una.reservada else NADA,
        ", ".join(responsables),
        tiempo(una.recibido_en, "fecha_corta"),
        estado("", vence.texto, vence.tono),
        estado(una.estado, DE_SOLICITUD[una.estado]),
    )
