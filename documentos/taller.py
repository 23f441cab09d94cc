"""The printing shop of this process: a helper that has WeasyPrint loaded and forks for each order.

Starting Python and importing WeasyPrint costs more than a second; a fork costs nothing. The helper is started on the
first order, belongs to this process alone (a forked worker starts its own), and ends when this process does.
"""

import atexit
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from documentos import proceso

RAIZ = Path(__file__).resolve().parent.parent
_cerrojo = threading.Lock()


@dataclass(slots=True)
class _Taller:
    dueno: int
    proceso: subprocess.Popen[bytes]
    enchufe: socket.socket


_abierto: _Taller | None = None


def encargar(pedido: bytes, *, paciencia: float) -> tuple[int | None, bytes, str]:
    """Print one order: (code, bytes, complaints). The code is None when the fork was killed or took too long."""
    with ExitStack() as pila:
        entrada, salida, quejas = (pila.enter_context(tempfile.TemporaryFile()) for _ in range(3))
        entrada.write(pedido)
        entrada.seek(0)
        lee, escribe = os.pipe()
        pila.callback(os.close, lee)
        try:
            hijo = _mandar([entrada.fileno(), salida.fileno(), quejas.fileno(), escribe])
        finally:
            os.close(escribe)
        codigo = _esperar(lee, paciencia)
        if codigo is None:
            with suppress(ProcessLookupError):
                os.kill(hijo, signal.SIGKILL)
        return codigo, _todo(salida), _todo(quejas).decode(errors="replace").strip()


def cerrar() -> None:
    """End the helper; the next order starts another."""
    global _abierto
    with _cerrojo:
        taller, _abierto = _abierto, None
        if taller is not None and taller.dueno == os.getpid():
            taller.enchufe.close()
            taller.proceso.wait()


atexit.register(cerrar)


def _mandar(descriptores: list[int]) -> int:
    """Hand an order to the helper and return the process that prints it. A helper that died is replaced once."""
    with _cerrojo:
        for intento in (1, 2):
            taller = _en_marcha()
            try:
                socket.send_fds(taller.enchufe, [b"x"], descriptores)
                if respuesta := taller.enchufe.recv(8):
                    return int(struct.unpack("!q", respuesta)[0])
            except OSError:
                if intento == 2:
                    raise
            _desechar(taller)
        raise ConnectionError("El proceso que imprime no arranca.")


def _en_marcha() -> _Taller:
    global _abierto  # noqa: PLW0603
    if _abierto is None or _abierto.dueno != os.getpid():
        _abierto = _arrancar()
    return _abierto


def _desechar(taller: _Taller) -> None:
    global _abierto  # noqa: PLW0603
    taller.enchufe.close()
    taller.proceso.kill()
    taller.proceso.wait()
    _abierto = None


def _arrancar() -> _Taller:
    nuestro, suyo = socket.socketpair()
    hijo = subprocess.Popen(
        [sys.executable, "-m", proceso.__name__, str(suyo.fileno())],
        pass_fds=[suyo.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=RAIZ,
        env=ambiente(),
    )
    suyo.close()
    return _Taller(os.getpid(), hijo, nuestro)


def ambiente() -> dict[str, str]:
    """Almost nothing: no database, no key, no proxy. The cache of fontconfig needs a home."""
    heredadas = {nombre: os.environ[nombre] for nombre in ("HOME", "TMPDIR", "XDG_CACHE_HOME") if nombre in os.environ}
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", **heredadas}


def _esperar(descriptor: int, paciencia: float) -> int | None:
    if not select.select([descriptor], [], [], paciencia)[0]:
        return None
    resultado = os.read(descriptor, 1)
    return resultado[0] if resultado else None


def _todo(archivo: IO[bytes]) -> bytes:
    archivo.seek(0)
    return archivo.read()
