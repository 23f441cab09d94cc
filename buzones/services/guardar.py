"""The one door of the ledger: a raw message is kept before anybody looks at what it says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.functions import Length

from alcance import como_sistema
from archivos import almacen, antivirus
from buzones.estados import EstadoLlegada, Origen
from buzones.models import Casilla, Llegada
from plazos.reloj import ahora

NOMBRE = "correo.eml"


@dataclass(frozen=True, slots=True)
class Traido:
    """What a folder gave of one of its messages. `falla` says why it is kept apart: then `crudo` are its headers."""

    uid: int
    recibida_en: datetime
    crudo: bytes
    falla: str = ""


def guardar(
    crudo: bytes,
    *,
    origen: Origen,
    recibida_en: datetime | None = None,
    casilla: Casilla | None = None,
    sobre_de: str = "",
    sobre_para: str = "",
    falla: str = "",
) -> Llegada:
    """Keep what did not come from a folder (a file, a pipe, a provider). Twice is twice: the ledger says each arrival,
    and that both are the same message is found when it is read. `falla`: what should be known of it."""
    llegada = _llegada(crudo, origen=origen, recibida_en=recibida_en, casilla=casilla)
    llegada.sobre_de, llegada.sobre_para = _limpia(sobre_de), _limpia(sobre_para)
    llegada.falla = falla
    with como_sistema("guardar un mensaje recibido"), transaction.atomic():
        llegada.save()
    return llegada


def guardar_lote(traidos: Sequence[Traido], *, casilla: Casilla, carpeta: str, uidvalidity: int) -> int:
    """Keep what a folder gave; what was already kept of it stays as it was. Returns how many are new.

    The bytes are on disk before the rows that name them, and all the rows enter in one commit: only then may the
    messages be moved. Those of a row that did not enter are swept in a day.
    """
    llegadas = []
    for traido in traidos:
        llegada = _llegada(traido.crudo, origen=Origen.IMAP, recibida_en=traido.recibida_en, casilla=casilla)
        llegada.carpeta, llegada.uidvalidity, llegada.uid = carpeta, uidvalidity, traido.uid
        if traido.falla:
            llegada.estado, llegada.falla = EstadoLlegada.APARTADA, traido.falla
        llegadas.append(llegada)
    with como_sistema("guardar lo que trajo un buzón"), transaction.atomic():
        antes = _suyas(casilla, carpeta, uidvalidity, traidos)
        Llegada.objects.bulk_create(llegadas, ignore_conflicts=True)
        return _suyas(casilla, carpeta, uidvalidity, traidos) - antes


def casilla_de(direcciones: Iterable[str]) -> Casilla | None:
    """The one of the first of these addresses that has one; the shared one last, for it says least of who attends. Of
    several of a mailbox, that which nobody reads."""
    casillas = Casilla.objects.vigentes().filter(activa=True).select_related("buzon")
    por_correo: dict[str, Casilla] = {}
    for casilla in casillas.order_by("es_compartida", Length("conexion"), "pk"):
        por_correo.setdefault(casilla.buzon.correo.lower(), casilla)
    limpias = (una.strip().strip("<>").lower() for una in direcciones)
    return min((por_correo[una] for una in limpias if una in por_correo), key=lambda c: c.es_compartida, default=None)


def _limpia(direccion: str) -> str:
    """An address of the envelope as a column takes it."""
    return direccion.encode("utf-8", "replace").decode().replace("\x00", "").strip()[:320]


def _suyas(casilla: Casilla, carpeta: str, uidvalidity: int, traidos: Sequence[Traido]) -> int:
    uids = [traido.uid for traido in traidos]
    return Llegada.objects.filter(casilla=casilla, carpeta=carpeta, uidvalidity=uidvalidity, uid__in=uids).count()


def _llegada(crudo: bytes, *, origen: Origen, recibida_en: datetime | None, casilla: Casilla | None) -> Llegada:
    """The row of bytes that are already on disk. An empty message is kept as one line end: an empty file is none."""
    escrito = almacen.escribir(ContentFile(crudo or b"\n"))
    en = ahora()
    return Llegada(
        nombre=NOMBRE,
        tipo="eml",
        bytes=escrito.bytes,
        sha256=escrito.sha256,
        ruta=escrito.ruta,
        estado_antivirus=antivirus.estado_inicial(),
        casilla=casilla,
        origen=origen,
        # A server whose clock is ahead would put its messages at the end of the queue.
        recibida_en=min(recibida_en or en, en),
        guardada_en=en,
        subido_en=en,
        dependencias=casilla.dependencias() if casilla else [],
    )
