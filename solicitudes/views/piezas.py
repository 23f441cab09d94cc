"""Pieces of the two pages of a solicitud, written without a template: its history, messages and files were most of
what those pages cost. Each is a pure function of what it shows, remembered by all of it: nothing to invalidate.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.forms import Form
from django.template.defaultfilters import linebreaks_filter, linebreaksbr
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from alcance.contexto import NADIE
from archivos.antivirus import DESCARGABLES
from archivos.validacion import texto_limites
from plazos.fechas import con_horas_juntas, dias_habiles, fecha_corrida
from sdfi_portal.templatetags.portal import bytes_legibles, tiempo
from solicitudes.botones import Boton
from solicitudes.estados import ACTOS
from solicitudes.forms.atencion import FormularioAccion
from solicitudes.forms.entidad import MensajeForm
from solicitudes.models import Actuacion, Mensaje, Parte
from solicitudes.models.archivos import NOTAS
from solicitudes.services.archivos import POR_MENSAJE
from solicitudes.services.relojes import RelojDicho
from solicitudes.views.filas import DE_PARTE, NADA, ruta_de, ruta_de_archivo

TIPOS = dict(Mensaje.Tipo.choices)
# Of the history of a solicitud: some 10 kB each.
RECORDADAS = 128
DE_UN_ARCHIVO = ("pk", "nombre", "bytes", "estado_antivirus", "es_evidencia", "mensaje_id", "actuacion_id")


# --- Files ---------------------------------------------------------------------------------------------------------
class ArchivoPuesto(NamedTuple):
    """A file of a filed solicitud, as its pages show it: the columns of `DE_UN_ARCHIVO`."""

    pk: int
    nombre: str
    bytes: int
    estado_antivirus: str
    es_evidencia: bool
    mensaje_id: int | None
    actuacion_id: int | None


def lista_de_archivos(archivos: tuple[ArchivoPuesto, ...], radicado: str) -> SafeString:
    """As the entity reads them. One that is not cleared shows its state and no link (U06)."""
    return _de_la_entidad(archivos, radicado) if archivos else NADA


@lru_cache(maxsize=RECORDADAS)
def _de_la_entidad(archivos: tuple[ArchivoPuesto, ...], radicado: str) -> SafeString:
    filas = ((_nombre(uno, radicado), bytes_legibles(uno.bytes), _nota(uno)) for uno in archivos)
    return format_html(
        '<ul class="archivos">{}</ul>',
        format_html_join("", '<li class="archivo"><span>{} <small>({}){}</small></span></li>', filas),
    )


def archivos_del_caso(archivos: tuple[ArchivoPuesto, ...], radicado: str) -> SafeString:
    """As who attends reads them."""
    return _del_caso(archivos, radicado) if archivos else NADA


@lru_cache(maxsize=RECORDADAS)
def _del_caso(archivos: tuple[ArchivoPuesto, ...], radicado: str) -> SafeString:
    filas = (
        (_nombre(uno, radicado), EVIDENCIA if uno.es_evidencia else NADA, bytes_legibles(uno.bytes), _nota(uno))
        for uno in archivos
    )
    return format_html(
        '<ul class="archivos">{}</ul>',
        format_html_join("", '<li class="archivo"><span>{}{}</span><small>{}{}</small></li>', filas),
    )


EVIDENCIA = format_html(" <small>{}</small>", "(evidencia de la recepción)")


def _nombre(archivo: ArchivoPuesto, radicado: str) -> str | SafeString:
    if archivo.estado_antivirus not in DESCARGABLES:
        return archivo.nombre
    return format_html('<a href="{}">{}</a>', ruta_de_archivo(radicado, archivo.pk), archivo.nombre)


def _nota(archivo: ArchivoPuesto) -> str:
    nota = NOTAS.get(archivo.estado_antivirus)
    return f" · {nota}" if nota else ""


def sesiones_con(sesiones: list[Actuacion], archivos: Sequence[ArchivoPuesto], radicado: str) -> list[Actuacion]:
    """The sessions as a page draws them: each with its files, and whether its place is a link."""
    for sesion in sesiones:
        suyos = tuple(a for a in archivos if a.actuacion_id == sesion.pk)
        sesion.sus_archivos = archivos_del_caso(suyos, radicado)  # type: ignore[attr-defined]
        sesion.es_enlace = sesion.lugar.startswith(("https://", "http://"))  # type: ignore[attr-defined]
    return sesiones


# --- What the entity reads -----------------------------------------------------------------------------------------
Linea = tuple[datetime, str, str, str | None, str | None]  # when, what, why, who, dependencia


def linea_de_tiempo(movimientos: list[Linea], *, varias: bool, hasta: date | None) -> SafeString:
    """`partes/linea-de-tiempo.html`, newest first; while it is open (`hasta` a day) the answer that has not come goes
    before, hollow."""
    return _linea_de_tiempo(tuple(movimientos), varias, hasta, _este_anio())


@lru_cache(maxsize=RECORDADAS)
def _linea_de_tiempo(movimientos: tuple[Linea, ...], varias: bool, hasta: date | None, _anio: int) -> SafeString:
    pendiente = (
        format_html(
            '<li class="pendiente"><p><strong>Respuesta, a más tardar el {}</strong></p></li>', fecha_corrida(hasta)
        )
        if hasta
        else NADA
    )
    hechos = (
        (tiempo(en, "fecha_hora_corta"), texto, _detalle(quien, donde if varias else None, motivo))
        for en, texto, motivo, quien, donde in movimientos
    )
    return format_html(
        '<ol class="linea">{}{}</ol>',
        pendiente,
        format_html_join("", "<li><p>{}</p><p><strong>{}</strong></p><p>{}</p></li>", hechos),
    )


def _detalle(quien: str | None, donde: str | None, motivo: str) -> str:
    """The year is in the words of `tiempo`: it is part of what is remembered."""
    firma = f"{quien or EL_PORTAL}{f' · {donde}' if donde else ''}."
    return f"{firma} {motivo}" if motivo else firma


EL_PORTAL = "El portal"


def _este_anio() -> int:
    return timezone.localtime().year


Escrito = tuple[int, datetime, str, str, str | None]  # id, when, kind, text, who


def mensajes_con(mensajes: list[Escrito], archivos: list[ArchivoPuesto], radicado: str) -> SafeString:
    """What was written, newest first, each with its files."""
    con_mensaje = [a for a in archivos if a.mensaje_id]
    return _mensajes(
        tuple(
            (en, tipo, texto, quien, tuple(a for a in con_mensaje if a.mensaje_id == pk) if con_mensaje else ())
            for pk, en, tipo, texto, quien in mensajes
        ),
        radicado,
    )


@lru_cache(maxsize=RECORDADAS)
def _mensajes(mensajes: tuple[Any, ...], radicado: str) -> SafeString:
    return format_html_join(
        "",
        """
          <article class="caja">
            <p><strong>{}</strong> <span class="gris">· {} · {}</span></p>
            <p>{}</p>
            {}
          </article>
        """,
        (
            (quien or EL_PORTAL, TIPOS[tipo], tiempo(en, "fecha_hora"), linebreaksbr(texto),
             lista_de_archivos(adjuntos, radicado))
            for en, tipo, texto, quien, adjuntos in mensajes
        ),
    )  # fmt: skip


# --- What who attends reads ----------------------------------------------------------------------------------------
class Hecho(NamedTuple):
    """One line of the history: a move of the state, a message, a note. `clase` is empty for a move."""

    en: datetime
    quien: str
    que: str
    texto: str
    interno: bool
    clase: str = ""
    archivos: tuple[ArchivoPuesto, ...] = ()
    clave: UUID | None = None


def historia(hechos: Iterable[Hecho], radicado: str) -> SafeString:
    """One thread, in the order given: moves, messages and notes."""
    return _historia(tuple(hechos), radicado, _este_anio())


@lru_cache(maxsize=RECORDADAS)
def _historia(hechos: tuple[Hecho, ...], radicado: str, _anio: int) -> SafeString:
    filas = (
        (tiempo(h.en, "fecha_hora_corta"), h.quien, _escrito(h, radicado) if h.clase else _movido(h)) for h in hechos
    )
    dentro = format_html_join(
        "",
        """
    <li>
      <p class="cuando">{} · {}</p>
      {}
    </li>""",
        filas,
    )
    return format_html('<ol class="linea">{}\n</ol>', dentro)


def _movido(hecho: Hecho) -> SafeString:
    return format_html(
        "<p><strong>{}</strong>{}</p>{}",
        hecho.que,
        NO_LO_VE if hecho.interno else NADA,
        format_html("<p>{}</p>", hecho.texto) if hecho.texto else NADA,
    )


def _escrito(hecho: Hecho, radicado: str) -> SafeString:
    return format_html(
        """<div class="caja {}" data-clave="{}">
          <p><strong>{}</strong>{}</p>
          <div class="texto-largo">{}</div>
          {}
        </div>""",
        CAJAS[hecho.clase],
        hecho.clave,
        hecho.que,
        NO_LA_VE if hecho.interno else NADA,
        linebreaks_filter(hecho.texto),
        archivos_del_caso(hecho.archivos, radicado),
    )


NO_LO_VE = format_html(' <small class="gris">{}</small>', "(no lo ve la entidad)")
NO_LA_VE = format_html(" <small>{}</small>", "(no la ve la entidad)")
CAJAS = {"nota": "caja--interna", "entidad": "caja--azul", "mensaje": ""}


def relojes(dichos: Iterable[RelojDicho], titulo: str) -> SafeString:
    """The clock that binds, explained under `titulo`; then the others, each with its date and its days."""
    return _relojes(tuple(dichos), titulo)


@lru_cache(maxsize=RECORDADAS)
def _relojes(dichos: tuple[RelojDicho, ...], titulo: str) -> SafeString:
    que_obliga = [uno for uno in dichos if uno.obliga]
    otros = [uno for uno in dichos if not uno.obliga]
    cual = format_html("<p>Esta fecha la pone: {}.</p>", que_obliga[0].nombre) if otros and que_obliga else NADA
    plegados = [(titulo, cual, _explicado(uno)) for uno in que_obliga]
    plegados += [(_titulo_de(uno), _nota_de(uno), _explicado(uno)) for uno in otros]
    return format_html_join("", "<details><summary>{}</summary>{}{}</details>", plegados)


def _explicado(reloj: RelojDicho) -> SafeString:
    explicacion = reloj.explicacion
    if not explicacion.frases:
        return NADA
    return por_que_vence(explicacion.frases, tuple(dia.texto for dia in explicacion.dias))


def _titulo_de(reloj: RelojDicho) -> str:
    if reloj.cumplido_en:
        dia = timezone.localdate(reloj.cumplido_en)
        tarde = ", después de vencer" if reloj.vence is not None and dia > reloj.vence else ""
        return f"{reloj.nombre}: se cumplió el {fecha_corrida(dia)}{tarde}"
    if reloj.sin_contar:
        cuando = f"vencía el {fecha_corrida(reloj.vence)}" if reloj.vence else "sin fecha"
        return f"{reloj.nombre}: {dias_habiles(reloj.dias)}, {cuando}"
    if reloj.vence is None:
        return f"{reloj.nombre}: {dias_habiles(reloj.dias)}, todavía no empieza"
    return f"{reloj.nombre}: {dias_habiles(reloj.dias)}, vence el {fecha_corrida(reloj.vence)}"


def _nota_de(reloj: RelojDicho) -> SafeString:
    if reloj.sin_contar:
        return format_html("<p>{}</p>", "El portal no pudo contarlo y lo intenta de nuevo. La administración lo sabe.")
    if reloj.provisional:
        return format_html("<p>{}</p>", "Es provisional: no obliga hasta que la SDFI lo confirme.")
    return format_html("<p>{}</p>", "No cambia la fecha en que se debe responder.")


@lru_cache(maxsize=RECORDADAS)
def por_que_vence(frases: tuple[str, ...], dias: tuple[str, ...]) -> SafeString:
    """Why the term expires that day, and what each day of it was."""
    lista = format_html_join("", "<li>{}</li>", ((con_horas_juntas(frase),) for frase in frases))
    return format_html("<ul>{}</ul>{}", lista, _dia_por_dia(dias) if dias else NADA)


def _dia_por_dia(dias: tuple[str, ...]) -> SafeString:
    lista = format_html_join("", "<li>{}</li>", ((dia,) for dia in dias))
    return format_html('<h3>Día por día</h3><ol class="lista-simple">{}</ol>', lista)


class Tramo(NamedTuple):
    """Of the buttons, in their order: one that sends at once, or the links that follow each other, drawn."""

    envio: Boton | None
    enlaces: SafeString


def botonera(botones: Iterable[Boton]) -> list[Tramo]:
    """Those that are seen. What sends needs the token of the page: its form is in the template."""
    tramos: list[Tramo] = []
    for envia, seguidos in groupby((b for b in botones if b.envia or not b.menor), key=attrgetter("envia")):
        if envia:
            tramos += [Tramo(boton, NADA) for boton in seguidos]
        else:
            tramos.append(Tramo(None, _enlaces(tuple(seguidos))))
    return tramos


@lru_cache(maxsize=RECORDADAS)
def _enlaces(botones: tuple[Boton, ...]) -> SafeString:
    return format_html_join(
        "\n    ", '<a class="boton {}" href="{}">{}</a>', ((b.clase, b.url, b.texto) for b in botones)
    )


def mas_acciones(botones: Iterable[Boton]) -> SafeString:
    """The rest, for a menu; one that sends at once is seen even if it is a lesser one."""
    menores = tuple(b for b in botones if b.menor)
    return _menores(menores) if menores else NADA


@lru_cache(maxsize=RECORDADAS)
def _menores(botones: tuple[Boton, ...]) -> SafeString:
    return format_html_join("", '<li><a href="{}">{}</a></li>', ((b.url, b.texto) for b in botones))


@lru_cache(maxsize=RECORDADAS)
def conceptos_relacionados(conceptos: tuple[tuple[str, str, str], ...]) -> SafeString:
    """Address, number and title of each."""
    return format_html_join("", '<li><a href="{}">{}</a>: {}</li>', conceptos)


class Parecida(NamedTuple):
    radicado: str
    sigla: str
    nombre: str
    entidad_id: int
    asunto: str
    estado: str


@lru_cache(maxsize=RECORDADAS)
def parecidas(filas: tuple[Parecida, ...], entidad_id: int) -> SafeString:
    return format_html_join(
        "",
        '<li><a class="radicado" href="{}">{}</a> {}{}<br><small>{} · {}</small></li>',
        (
            (ruta_de("atencion:caso", p.radicado), p.radicado, p.sigla or p.nombre,
             LA_MISMA if p.entidad_id == entidad_id else NADA, p.asunto, DE_PARTE[p.estado])
            for p in filas
        ),
    )  # fmt: skip


LA_MISMA = format_html(" <strong>{}</strong>", "(la misma entidad)")


# --- Both ----------------------------------------------------------------------------------------------------------
def ficha(datos: list[tuple[str, str]]) -> SafeString:
    """`partes/ficha.html`, of what can't be changed there; nothing without rows."""
    return _ficha(tuple(datos)) if datos else NADA


@lru_cache(maxsize=RECORDADAS)
def _ficha(datos: tuple[tuple[str, str], ...]) -> SafeString:
    return format_html('<dl class="ficha">{}</dl>', format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", datos))


# --- Forms ---------------------------------------------------------------------------------------------------------
# Of an empty form only its key and its version change: the fields that are seen are drawn once per process.
def formulario_de_mensaje(rotulo: str) -> SafeString:
    """`MensajeForm(rotulo=rotulo)`, empty."""
    return format_html(
        '<input type="hidden" name="clave" value="{}" id="id_clave">{}',
        uuid4(),
        _campos_de_mensaje(rotulo, texto_limites(POR_MENSAJE)),
    )


@lru_cache(maxsize=8)
def _campos_de_mensaje(rotulo: str, _limites: str) -> SafeString:
    return _visibles(MensajeForm(rotulo=rotulo))


def formulario_de(acto: str, version: str) -> SafeString:
    """The form of one of the acts whose fields depend neither on the parte nor on who asks, empty."""
    return format_html(
        '<input type="hidden" name="clave" value="{}" id="id_{}_clave">'
        '<input type="hidden" name="version" value="{}" id="id_{}_version">{}',
        uuid4(),
        acto,
        version,
        acto,
        _campos_de_acto(acto),
    )


@cache
def _campos_de_acto(acto: str) -> SafeString:
    return _visibles(FormularioAccion(transicion=ACTOS[acto], parte=Parte(), alcance=NADIE, auto_id=f"id_{acto}_%s"))


def _visibles(form: Form) -> SafeString:
    return format_html_join("", "\n  {}\n", ((campo.as_field_group(),) for campo in form.visible_fields()))
