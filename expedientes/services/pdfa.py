"""A PDF/A copy of each document that we can print: what is text, a mail, an image. Beside the original, never instead.

Made after closing, in the lane of what takes long: a document costs up to seconds. A PDF that already claims to be
PDF/A is its own copy. What we can't convert says why: an office document, a scan as TIFF, letters that no font has.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from alcance import como_sistema
from archivos import almacen
from archivos.antivirus import DESCARGABLES
from archivos.pdf import dice_ser_pdfa
from bandeja.services import anotar
from buzones.mime.desarmar import desarmar
from buzones.mime.partes import Desarmado, Falla
from buzones.models import Llegada
from documentos.pdf import DocumentoDesmedido, DocumentoIncompleto, imprimir
from expedientes.models import CopiaPdfa, Documento
from expedientes.services.cierre import CARPETA
from expedientes.services.fuentes import CORREO, JSON, PDF
from plazos.reloj import ahora
from solicitudes.models import Archivo

RATO = 25.0  # seconds of one turn: what is left takes another, and others pass in between
TEXTO_MAXIMO = 2 * 1024 * 1024
IMAGENES = {"image/png", "image/jpeg", "image/webp"}
SIN_ABRIR = "El mensaje no se puede leer: está en el original."
NO_CONVERTIBLE = "El portal no convierte este formato a PDF/A."
NO_ES = "Es un PDF que no dice ser PDF/A, y el portal no cambia lo que llegó."
DESMEDIDO = "Es demasiado grande para convertirlo."
INCOMPLETO = "Tiene letras o imágenes que el portal no puede imprimir."


# They are not printed, and HTML does not carry them.
_CONTROLES = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


class SinCopia(Exception):
    """Its text says why, for whoever reads the index of the copies."""


@dataclass(frozen=True, slots=True)
class _Pagina:
    """What the template prints. `nota` is over all of it: whose copy it is."""

    titulo: str
    nota: str
    texto: str = ""
    imagen: str = ""
    correo: Desarmado | None = None


def hacer_copias_pdfa(*, expediente_id: int, clave: str) -> None:
    """Those that are missing, for a while; if some are left, they get another turn. Safe to run twice."""
    limite = time.monotonic() + RATO
    with transaction.atomic(), como_sistema("hacer las copias PDF/A de un expediente"):
        documentos = Documento.objects.filter(expediente=expediente_id, pdfa__isnull=True).order_by("orden")
        sin_revisar = _sin_revisar(list(documentos))
        for documento in documentos:
            if documento.ruta in sin_revisar:
                continue  # nobody opens it: it gets its copy with the next index, if the antivirus clears it
            if time.monotonic() > limite:
                anotar(
                    tipo="expedientes.pdfa",
                    clave=f"{clave.split(':desde:', maxsplit=1)[0]}:desde:{documento.orden}",
                    carga={"expediente": expediente_id},
                    solicitud_id=documento.solicitud_id,
                )
                return
            _hacer(documento)


def _sin_revisar(documentos: list[Documento]) -> set[str]:
    rutas = [documento.ruta for documento in documentos]
    return {
        ruta
        for modelo in (Archivo, Llegada)
        for ruta in modelo.objects.filter(ruta__in=rutas)
        .exclude(estado_antivirus__in=DESCARGABLES)
        .values_list("ruta", flat=True)
    }


def _hacer(documento: Documento) -> CopiaPdfa:
    copia = CopiaPdfa(documento=documento, solicitud_id=documento.solicitud_id, hecha_en=ahora())
    try:
        if documento.formato == PDF:
            _exigir_pdfa(documento)
            copia.ruta, copia.bytes, copia.sha256 = documento.ruta, documento.bytes, documento.sha256
        else:
            escrito = almacen.escribir(ContentFile(imprimir_copia(documento)), carpeta=CARPETA)
            copia.ruta, copia.bytes, copia.sha256 = escrito.ruta, escrito.bytes, escrito.sha256
    except SinCopia as motivo:
        copia.motivo_sin = str(motivo)
    copia.save(force_insert=True)
    return copia


def _exigir_pdfa(documento: Documento) -> None:
    with almacen.abrir(documento.ruta) as archivo:
        if not dice_ser_pdfa(archivo):
            raise SinCopia(NO_ES)


def imprimir_copia(documento: Documento) -> bytes:
    """The PDF/A of what is not a PDF. Raises SinCopia; DocumentoNoDisponible when it may be another time."""
    formato = documento.formato.partition(";")[0].strip().lower()
    lector: Callable[[Documento, str], _Pagina] | None = None
    adjuntas: dict[str, tuple[str, bytes]] = {}
    if formato in IMAGENES:
        lector = _de_una_imagen
        adjuntas = {"imagen": (formato, _bytes(documento))}
    elif formato == CORREO:
        lector = _de_un_correo
    elif formato == JSON or (formato.startswith("text/") and formato != "text/html"):
        lector = _de_un_texto
    if lector is None:
        raise SinCopia(NO_CONVERTIBLE)
    pagina = lector(documento, f"Copia del documento {documento.orden}. SHA-256 del original: {documento.sha256}")
    with translation.override("es-co"), timezone.override("America/Bogota"):
        html = render_to_string("documentos/copia.html", {"doc": pagina})
    try:
        pdf = imprimir(html, imagenes=[], adjuntas=adjuntas, estricto=True)
    except DocumentoDesmedido:
        raise SinCopia(DESMEDIDO) from None
    except DocumentoIncompleto:
        raise SinCopia(INCOMPLETO) from None
    if b"/DeviceCMYK" in pdf:  # colours of a press, which the profile of the copy does not have
        raise SinCopia(INCOMPLETO)
    return pdf


def _de_una_imagen(documento: Documento, nota: str) -> _Pagina:
    return _Pagina(documento.nombre, nota, imagen="adjunta/imagen")


def _de_un_texto(documento: Documento, nota: str) -> _Pagina:
    if documento.bytes > TEXTO_MAXIMO:
        raise SinCopia(DESMEDIDO)
    crudo = _bytes(documento)
    try:
        texto = crudo.decode("utf-8-sig")
    except UnicodeDecodeError:
        texto = crudo.decode("cp1252", "replace")
    return _Pagina(documento.nombre, nota, texto=sin_controles(texto))


def _de_un_correo(documento: Documento, nota: str) -> _Pagina:
    leido = desarmar(_bytes(documento))
    if leido.tiene(Falla.INTERNO) or len(leido.texto) > TEXTO_MAXIMO:
        raise SinCopia(SIN_ABRIR)
    return _Pagina(documento.nombre, nota, texto=sin_controles(leido.texto), correo=leido)


def sin_controles(texto: str) -> str:
    """A form feed ends a line, as it did on paper."""
    return _CONTROLES.sub("", texto.replace("\x0c", "\n"))


def _bytes(documento: Documento) -> bytes:
    with almacen.abrir(documento.ruta) as archivo:
        contenido: bytes = archivo.read()
    return contenido
