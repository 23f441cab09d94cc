"""Client of clamd (INSTREAM over a Unix or TCP socket) and the states of a file towards it (security.md U06, U07).

The file fails closed and the request open: a clamd that is down, slow or overfed leaves the file *en revisión* (nobody
downloads it) and filing goes on. Without `ANTIVIRUS_CLAMD` there is no antivirus, and every page says so.
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.db.models import TextChoices

_TROZO = 65536
_ESPERA_CONEXION = 2
_ESPERA_RESPUESTA = 60


class EstadoAntivirus(TextChoices):
    SIN_ANTIVIRUS = "sin_antivirus", "Sin revisión de virus"
    EN_REVISION = "en_revision", "En revisión"
    LIMPIO = "limpio", "Sin virus"
    INFECTADO = "infectado", "Con virus"


DESCARGABLES = frozenset({EstadoAntivirus.SIN_ANTIVIRUS, EstadoAntivirus.LIMPIO})


@dataclass(frozen=True, slots=True)
class Dictamen:
    """What the antivirus said. `detalle` is the signature found, or why there is no answer yet."""

    estado: EstadoAntivirus
    detalle: str = ""


def configurado() -> bool:
    return bool(settings.ANTIVIRUS_CLAMD)


def estado_inicial() -> EstadoAntivirus:
    """The state a file is born with."""
    return EstadoAntivirus.EN_REVISION if configurado() else EstadoAntivirus.SIN_ANTIVIRUS


def responde() -> bool:
    """True when clamd answers; /salud/ shows it as degraded otherwise."""
    try:
        with _conexion(_ESPERA_CONEXION) as enchufe:
            enchufe.sendall(b"zPING\0")
            return _leer_respuesta(enchufe) == "PONG"
    except OSError:
        return False


def examinar(flujo: IO[bytes]) -> Dictamen:
    """Ask clamd about a whole stream. Never raises: without a verdict the file stays *en revisión*."""
    if not configurado():
        return Dictamen(EstadoAntivirus.SIN_ANTIVIRUS)
    try:
        with _conexion(_ESPERA_RESPUESTA) as enchufe:
            # clamd answers and hangs up in the middle of a stream that is too long; the answer is still there to read.
            with suppress(BrokenPipeError, ConnectionResetError):
                _enviar(enchufe, flujo)
            return _dictaminar(_leer_respuesta(enchufe))
    except OSError as falla:
        return Dictamen(EstadoAntivirus.EN_REVISION, f"El antivirus no responde ({type(falla).__name__}).")


def _dictaminar(respuesta: str) -> Dictamen:
    """Only an explicit OK is clean: errors and limits are *not examined* (U07)."""
    if respuesta == "stream: OK":
        return Dictamen(EstadoAntivirus.LIMPIO)
    if respuesta.startswith("stream: ") and respuesta.endswith(" FOUND"):
        return Dictamen(EstadoAntivirus.INFECTADO, respuesta.removeprefix("stream: ").removesuffix(" FOUND"))
    if "size limit exceeded" in respuesta:
        return Dictamen(EstadoAntivirus.EN_REVISION, "El archivo supera el límite del antivirus (StreamMaxLength).")
    return Dictamen(EstadoAntivirus.EN_REVISION, f"Respuesta del antivirus: {respuesta or 'ninguna'}"[:200])


def _enviar(enchufe: socket.socket, flujo: IO[bytes]) -> None:
    enchufe.sendall(b"zINSTREAM\0")
    while trozo := flujo.read(_TROZO):
        enchufe.sendall(struct.pack("!L", len(trozo)) + trozo)
    enchufe.sendall(struct.pack("!L", 0))


def _leer_respuesta(enchufe: socket.socket) -> str:
    respuesta = b""
    with suppress(ConnectionResetError):
        while not respuesta.endswith(b"\0") and len(respuesta) < 4096:
            trozo = enchufe.recv(4096)
            if not trozo:
                break
            respuesta += trozo
    return respuesta.rstrip(b"\0\n").decode("utf-8", "replace")


@contextmanager
def _conexion(espera: float) -> Iterator[socket.socket]:
    clase, _, lugar = settings.ANTIVIRUS_CLAMD.partition(":")
    if clase == "unix":
        enchufe = socket.socket(socket.AF_UNIX)
        destino: str | tuple[str, int] = lugar
    else:
        anfitrion, _, puerto = lugar.rpartition(":")
        enchufe = socket.socket(socket.AF_INET)
        destino = (anfitrion, int(puerto or 3310))
    with enchufe:
        enchufe.settimeout(_ESPERA_CONEXION)
        enchufe.connect(destino)
        enchufe.settimeout(espera)
        yield enchufe
