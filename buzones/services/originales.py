"""The bytes of a message: whole, and each of its pieces. Who may have them is who sees the correo: ask that before."""

from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from alcance import como_sistema
from archivos import almacen
from archivos.errores import ArchivoRehusado
from archivos.validacion import validar
from buzones.estados import EstadoAdjunto
from buzones.mime.desarmar import desarmar
from buzones.models import Adjunto, Correo, Llegada

# What may be asked for by itself. The rest stays inside the original, for whoever must look at it.
SE_ENTREGAN = frozenset({EstadoAdjunto.DISPONIBLE, EstadoAdjunto.ARCHIVADO, EstadoAdjunto.INCRUSTADO})
_LLEGADAS = 20  # of one message: enough for every mailbox


class NoSeEntrega(LookupError):
    """With the sentence for the person."""


@dataclass(frozen=True, slots=True)
class Abierta:
    """A piece as it leaves: with the type of our own table."""

    nombre: str
    servido: str
    contenido: bytes


def original_de(correo: Correo) -> Llegada:
    """The first arrival of the message that may be downloaded. Raises NoSeEntrega."""
    with como_sistema("abrir el original de un correo que se puede ver"), transaction.atomic():
        llegadas = list(Llegada.objects.filter(correo=correo).order_by("recibida_en", "id")[:_LLEGADAS])
    if not llegadas:
        raise NoSeEntrega("Este correo no tiene el original guardado.")
    for llegada in llegadas:
        if llegada.se_puede_descargar:
            llegada.nombre = f"{correo.numero}.eml"
            return llegada
    raise NoSeEntrega(f"El original está {llegadas[0].get_estado_antivirus_display().lower()}.")


def abrir_adjunto(adjunto: Adjunto) -> Abierta:
    """A piece, read again from the raw message: it passes the same gate as what people upload. Raises NoSeEntrega."""
    if adjunto.estado not in SE_ENTREGAN:
        raise NoSeEntrega(adjunto.motivo or f"«{adjunto.nombre}» no se entrega.")
    llegada = original_de(adjunto.correo)
    with almacen.abrir(llegada.ruta) as archivo:
        piezas = desarmar(archivo.read()).piezas
    pieza = next((una for una in piezas if una.orden == adjunto.orden and una.sha256 == adjunto.sha256), None)
    if pieza is None or pieza.cuarentena:
        raise NoSeEntrega(pieza.cuarentena if pieza else f"«{adjunto.nombre}» ya no se encuentra en el original.")
    try:
        validado = validar(SimpleUploadedFile(adjunto.nombre, pieza.contenido, "application/octet-stream"))
    except ArchivoRehusado as rehuso:
        raise NoSeEntrega(str(rehuso.message).replace("no se subió", "no se entrega")) from rehuso
    return Abierta(validado.nombre, validado.tipo.servido, pieza.contenido)
