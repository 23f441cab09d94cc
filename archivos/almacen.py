"""Where the bytes live: the default storage, under random ids, written before the row that names them (§5.1)."""

import hashlib
import os
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone

# Swept by this room: what others keep in the storage, in folders of their own, is theirs.
CARPETA = "subidos"
GRACIA = timedelta(hours=24)
_LOTE = 500


@dataclass(frozen=True, slots=True)
class Escrito:
    """A stored file: where it is, how long and its SHA-256."""

    ruta: str
    bytes: int
    sha256: str


class EscrituraIncompleta(OSError):
    """The storage holds fewer bytes than were sent (a full disk, a cut connection)."""


def escribir(archivo: File, carpeta: str = CARPETA) -> Escrito:  # type: ignore[type-arg]
    """Store the bytes for good: a row may name them once this returns. A write that fails leaves no file behind."""
    archivo.seek(0)
    resumen = _resumir(archivo.chunks())
    return _guardar(archivo, carpeta, lambda: resumen)


def sin_nombre() -> IO[bytes]:
    """A file to be written long: nothing is left of it whatever happens, until `escribir_largo` gives it a name.
    Beside the stored ones, since /tmp may be memory."""
    try:
        lugar = Path(default_storage.path(""))
        lugar.mkdir(0o700, parents=True, exist_ok=True)
        return os.fdopen(os.open(lugar, os.O_TMPFILE | os.O_RDWR, 0o600), "w+b")
    except (NotImplementedError, OSError):  # not on disk, or on one that has no files without a name
        return tempfile.TemporaryFile(dir=settings.VAR)


def escribir_largo(archivo: File, carpeta: str = CARPETA) -> Escrito:  # type: ignore[type-arg]
    """The same of a file on disk of hundreds of megabytes: it is summed while it is stored. One that only lacks a name
    (`sin_nombre`) is not copied."""
    archivo.flush()
    with ThreadPoolExecutor(1) as aparte:
        resumen = aparte.submit(_resumir, _trozos(archivo.fileno()))
        return _guardar(archivo, carpeta, resumen.result, poner=_nombrar)


def _guardar(
    archivo: File,  # type: ignore[type-arg]
    carpeta: str,
    resumen: Callable[[], tuple[int, str]],
    poner: Callable[[str, File], str] | None = None,  # type: ignore[type-arg]
) -> Escrito:
    azar = uuid.uuid4().hex
    archivo.seek(0)
    ruta = (poner or default_storage.save)(f"{carpeta}/{azar[:2]}/{azar}", archivo)
    try:
        _asegurar_en_disco(ruta)  # while it is summed
        tamano, huella = resumen()
        if default_storage.size(ruta) != tamano:
            raise EscrituraIncompleta(f"se guardaron {default_storage.size(ruta)} de {tamano} bytes")
    except OSError:
        default_storage.delete(ruta)
        raise
    return Escrito(ruta, tamano, huella)


def _nombrar(ruta: str, archivo: File) -> str:  # type: ignore[type-arg]
    """A file without a name takes the one of its place in the storage. Any other is copied."""
    try:
        lugar = Path(default_storage.path(ruta))
        for sitio in (lugar.parent.parent, lugar.parent):
            sitio.mkdir(0o700, exist_ok=True)
        carpeta = os.open(lugar.parent, os.O_RDONLY)
        try:
            os.link(f"/proc/self/fd/{archivo.fileno()}", lugar, src_dir_fd=carpeta)
        finally:
            os.close(carpeta)
    except (NotImplementedError, OSError):
        return default_storage.save(ruta, archivo)
    return ruta


def abrir(ruta: str) -> IO[Any]:
    return default_storage.open(ruta, "rb")


def huella_de(ruta: str) -> tuple[int, str]:
    """Bytes and SHA-256 of what the storage holds now (U11)."""
    with default_storage.open(ruta, "rb") as archivo:
        return _resumir(archivo.chunks())


def huella_de_bytes(contenido: bytes) -> str:
    return hashlib.sha256(contenido).hexdigest()


def barrer_huerfanos(
    nombradas: Iterable[Any], *, ahora: datetime | None = None, carpeta: str = CARPETA, gracia: timedelta = GRACIA
) -> list[str]:
    """Delete files of a folder older than a day that no row names, and return their paths.

    `nombradas` are querysets with a column `ruta`, one per model that keeps files there; all of them, or files that
    are still named would go. Needs an alcance that sees every row.
    """
    consultas = list(nombradas)
    if not consultas:
        raise ValueError("Sin las tablas que nombran archivos, todos parecerían huérfanos.")
    limite = (ahora or timezone.now()) - gracia
    viejas = (ruta for ruta in _todas(carpeta) if default_storage.get_modified_time(ruta) < limite)
    borradas = []
    for lote in _por_lotes(viejas):
        vivas = {
            ruta for consulta in consultas for ruta in consulta.filter(ruta__in=lote).values_list("ruta", flat=True)
        }
        for ruta in sorted(set(lote) - vivas):
            default_storage.delete(ruta)
            borradas.append(ruta)
    return borradas


def _resumir(trozos: Iterable[bytes]) -> tuple[int, str]:
    tamano, huella = 0, hashlib.sha256()
    for trozo in trozos:
        tamano += len(trozo)
        huella.update(trozo)
    return tamano, huella.hexdigest()


def _trozos(descriptor: int) -> Iterator[bytes]:
    """All of a file, wherever whoever else reads it goes."""
    desde = 0
    while trozo := os.pread(descriptor, 1 << 20, desde):
        yield trozo
        desde += len(trozo)


def _asegurar_en_disco(ruta: str) -> None:
    """The row is durable when the transaction ends, so its file must be too. Object stores already are."""
    try:
        lugar = Path(default_storage.path(ruta))
    except NotImplementedError:
        return
    for sitio in (lugar, lugar.parent):
        descriptor = os.open(sitio, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _todas(carpeta: str) -> Iterator[str]:
    try:
        carpetas, archivos = default_storage.listdir(carpeta)
    except FileNotFoundError:
        return
    for archivo in archivos:
        yield f"{carpeta}/{archivo}"
    for hija in carpetas:
        yield from _todas(f"{carpeta}/{hija}")


def _por_lotes(rutas: Iterable[str]) -> Iterator[list[str]]:
    lote: list[str] = []
    for ruta in rutas:
        lote.append(ruta)
        if len(lote) == _LOTE:
            yield lote
            lote = []
    if lote:
        yield lote
