"""A small server that speaks clamd's protocol, for the fast tier. The long tier runs the real clamd."""

import socket
import struct
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

FIRMA_DE_PRUEBA = b"ESTO-ES-UN-VIRUS-DE-PRUEBA"


class ClamdDePrueba:
    """Listens on a Unix socket; finds FIRMA_DE_PRUEBA; hangs up on streams longer than `maximo` like clamd does."""

    def __init__(self, carpeta: Path, *, maximo: int = 1024 * 1024, respuesta: bytes | None = None) -> None:
        self.lugar = carpeta / "clamd.sock"
        self.maximo = maximo
        self.respuesta = respuesta
        self.flujos: list[bytes] = []

    @property
    def ajuste(self) -> str:
        return f"unix:{self.lugar}"

    def __enter__(self) -> Self:
        self.oido = socket.socket(socket.AF_UNIX)
        self.oido.bind(str(self.lugar))
        self.oido.listen()
        self.hilo = threading.Thread(target=self._atender)
        self.hilo.start()
        return self

    def __exit__(
        self, clase: type[BaseException] | None, error: BaseException | None, traza: TracebackType | None
    ) -> None:
        self.oido.shutdown(socket.SHUT_RDWR)
        self.oido.close()
        self.hilo.join()
        self.lugar.unlink()

    def _atender(self) -> None:
        while True:
            try:
                enchufe, _ = self.oido.accept()
            except OSError:
                return
            with enchufe, enchufe.makefile("rb") as entrada:
                enchufe.sendall(self._responder(entrada))

    def _responder(self, entrada) -> bytes:
        orden = b""
        while not orden.endswith(b"\0"):
            orden += entrada.read(1)
        if orden == b"zPING\0":
            return b"PONG\0"
        recibido = b""
        while largo := struct.unpack("!L", entrada.read(4))[0]:
            if len(recibido) + largo > self.maximo:
                return b"INSTREAM size limit exceeded. ERROR\0"
            recibido += entrada.read(largo)
        self.flujos.append(recibido)
        if self.respuesta is not None:
            return self.respuesta
        return b"stream: Prueba FOUND\0" if FIRMA_DE_PRUEBA in recibido else b"stream: OK\0"
