"""The files of a message: the gate of every upload judges them; of one that is a solicitud, they become its files."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from archivos import almacen, validacion
from archivos.errores import ArchivoRehusado
from archivos.nombres import limpiar
from archivos.services import Recibido, recibir
from archivos.validacion import Validado
from buzones.estados import EstadoAdjunto
from buzones.mime.desarmar import desarmar
from buzones.mime.partes import Desarmado, Pieza
from buzones.models import Adjunto, Correo, Llegada
from solicitudes.models import Archivo, Mensaje, Solicitud
from solicitudes.services.archivos import POR_CORREO, adjuntar_recibidos


@dataclass(frozen=True, slots=True)
class Juzgada:
    """A piece, and what may be done with it. `validado` only when it may be a file of a solicitud."""

    pieza: Pieza
    estado: EstadoAdjunto
    motivo: str = ""
    validado: Validado | None = None


def juzgar(pieza: Pieza) -> Juzgada:
    """By its name and its content, whatever type the message says: many programs send everything as one. What is not
    accepted stays in quarantine with the sentence of the gate; it is never lost, for it is in the raw message."""
    if pieza.incrustada:
        return Juzgada(pieza, EstadoAdjunto.INCRUSTADO)
    if pieza.cuarentena:
        return Juzgada(pieza, EstadoAdjunto.CUARENTENA, pieza.cuarentena)
    try:
        validado = validacion.validar(_subido(pieza))
    except ArchivoRehusado as rehuso:
        if pieza.defecto:
            return Juzgada(pieza, EstadoAdjunto.ILEGIBLE, pieza.defecto)
        return Juzgada(pieza, EstadoAdjunto.CUARENTENA, str(rehuso.message))
    return Juzgada(pieza, EstadoAdjunto.DISPONIBLE, pieza.defecto, validado)


@dataclass(frozen=True, slots=True)
class Piezas:
    """The files of a message that has just been read, and their rows of the ledger."""

    juzgadas: Sequence[Juzgada]
    adjuntos: Sequence[Adjunto]


def anotar_piezas(correo: Correo, juzgadas: Sequence[Juzgada]) -> Piezas:
    adjuntos = Adjunto.objects.bulk_create(
        Adjunto(
            correo=correo,
            orden=una.pieza.orden,
            nombre=limpiar(una.pieza.nombre),
            tipo_dicho=una.pieza.tipo[:127],
            bytes=una.pieza.bytes,
            sha256=una.pieza.sha256,
            estado=una.estado,
            motivo=una.motivo[:300],
        )
        for una in juzgadas
    )
    return Piezas(juzgadas, adjuntos)


def leer_de_nuevo(correo: Correo) -> Desarmado:
    """What the message says, from its bytes: the same that was read when it came."""
    llegada = primera_llegada(correo)
    servidor = llegada.casilla.servidor_autenticacion if llegada.casilla else ""
    return desarmar(crudo_de(llegada), servidor_autenticacion=servidor)


def primera_llegada(correo: Correo) -> Llegada:
    return Llegada.objects.filter(correo=correo).select_related("casilla").order_by("recibida_en", "id")[0]


def crudo_de(llegada: Llegada) -> bytes:
    with almacen.abrir(llegada.ruta) as archivo:
        crudo: bytes = archivo.read()
    return crudo


@dataclass(frozen=True, slots=True)
class Guardadas:
    """Files already in the storage, each with the row of the ledger that it comes from."""

    adjuntos: list[Adjunto]
    recibidos: list[Recibido]


def guardar_piezas(correo: Correo, piezas: Piezas | None = None) -> Guardadas:
    """Store what may be a file of a solicitud; before its row is written, for others wait for whoever files.

    `piezas`, when whoever calls has just read the message.
    """
    anotados = piezas.adjuntos if piezas else Adjunto.objects.filter(correo=correo).order_by("orden")
    adjuntos = [uno for uno in anotados if uno.estado == EstadoAdjunto.DISPONIBLE][:POR_CORREO]
    if not adjuntos:
        return Guardadas([], [])
    if piezas is not None:
        juzgadas = piezas.juzgadas
    else:
        pedidas = {adjunto.orden for adjunto in adjuntos}
        juzgadas = [juzgar(pieza) for pieza in leer_de_nuevo(correo).piezas if pieza.orden in pedidas]
    por_orden = {una.pieza.orden: una for una in juzgadas}
    suyas = [por_orden[adjunto.orden] for adjunto in adjuntos]
    return Guardadas(adjuntos, [recibir(_subido(una.pieza), una.validado) for una in suyas])


def archivar(guardadas: Guardadas, *, solicitud: Solicitud, mensaje: Mensaje | None = None) -> list[Archivo]:
    """Make them files of the solicitud."""
    if not guardadas.adjuntos:
        return []
    archivos = adjuntar_recibidos(solicitud=solicitud, recibidos=guardadas.recibidos, mensaje=mensaje)
    for adjunto, archivo in zip(guardadas.adjuntos, archivos, strict=True):
        adjunto.estado, adjunto.archivo = EstadoAdjunto.ARCHIVADO, archivo
        adjunto.save(update_fields=["estado", "archivo"])
    return archivos


def _subido(pieza: Pieza) -> SimpleUploadedFile:
    return SimpleUploadedFile(pieza.nombre, pieza.contenido, content_type="application/octet-stream")
