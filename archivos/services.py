"""Receiving a file, having it examined, and keeping rows and storage in agreement."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from archivos import almacen, antivirus, validacion
from archivos.antivirus import Dictamen, EstadoAntivirus
from archivos.models import modelos_con_archivos
from archivos.validacion import Validado


@dataclass(frozen=True, slots=True)
class Recibido:
    """The columns of `ArchivoBase` for a file that is already stored."""

    nombre: str
    tipo: str
    bytes: int
    sha256: str
    ruta: str
    senales: list[str]
    estado_antivirus: str

    def campos(self) -> dict[str, Any]:
        """For `Modelo.objects.create(**recibido.campos(), …)`."""
        return asdict(self)


def recibir(subido: UploadedFile, validado: Validado | None = None) -> Recibido:
    """Judge an upload and store it. Raises ArchivoRehusado; a rollback later leaves an orphan, swept in a day.

    `validado`: what the gate said of it, for whoever asked before.
    """
    validado = validado or validacion.validar(subido)
    escrito = almacen.escribir(subido)
    return Recibido(
        nombre=validado.nombre,
        tipo=validado.tipo.clave,
        bytes=escrito.bytes,
        sha256=escrito.sha256,
        ruta=escrito.ruta,
        senales=list(validado.senales),
        estado_antivirus=antivirus.estado_inicial().value,
    )


def revisar(modelo: type[Any], pk: int) -> EstadoAntivirus | None:
    """Have one file examined and keep the verdict. Returns the state this call gave it, or None when it gave none.

    Safe to run twice at once: only one caller moves the file out of *en revisión*, so only one sends the notice.
    """
    archivo = modelo.objects.filter(pk=pk, estado_antivirus=EstadoAntivirus.EN_REVISION).first()
    if archivo is None:
        return None
    return asentar(modelo, pk, dictaminar(archivo.ruta))


def dictaminar(ruta: str) -> Dictamen:
    """Ask the antivirus about a stored file. May take a minute: not inside a transaction."""
    with almacen.abrir(ruta) as flujo:
        return antivirus.examinar(flujo)


def asentar(modelo: type[Any], pk: int, dictamen: Dictamen) -> EstadoAntivirus | None:
    """Keep a verdict. Returns the state it gave, or None when somebody had already moved the file."""
    movidos = modelo.objects.filter(pk=pk, estado_antivirus=EstadoAntivirus.EN_REVISION).update(
        estado_antivirus=dictamen.estado,
        antivirus_detalle=dictamen.detalle[:200],
        revisado_en=None if dictamen.estado == EstadoAntivirus.EN_REVISION else timezone.now(),
    )
    return dictamen.estado if movidos and dictamen.estado != EstadoAntivirus.EN_REVISION else None


def revisar_pendientes(modelo: type[Any], *, maximo: int = 50) -> dict[int, EstadoAntivirus]:
    """Sweep of files still *en revisión*, the ones never tried first. Shape: id → the state it got now."""
    if antivirus.configurado() and not antivirus.responde():
        return {}
    pendientes = modelo.objects.filter(estado_antivirus=EstadoAntivirus.EN_REVISION).order_by(
        "antivirus_detalle", "pk"
    )
    movidos = {pk: revisar(modelo, pk) for pk in list(pendientes.values_list("pk", flat=True)[:maximo])}
    return {pk: estado for pk, estado in movidos.items() if estado is not None}


def barrer_huerfanos(*, ahora: datetime | None = None) -> list[str]:
    """Delete stored files older than a day that no row of any table names."""
    return almacen.barrer_huerfanos([modelo.objects.all() for modelo in modelos_con_archivos()], ahora=ahora)


def verificar(modelo: type[Any]) -> Iterator[tuple[int, str]]:
    """Files whose bytes are not the ones that were received (U11). Shape: id, what is wrong."""
    for archivo in modelo.objects.order_by("pk").iterator():
        try:
            hallado = almacen.huella_de(archivo.ruta)
        except FileNotFoundError:
            yield archivo.pk, "no está en el almacén"
            continue
        if hallado != (archivo.bytes, archivo.sha256):
            yield archivo.pk, "su contenido cambió"
