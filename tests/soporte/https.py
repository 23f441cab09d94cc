"""A real HTTPS server of somebody else, on this machine: what it is sent, and what it answers."""

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.soporte.certificados import certificar

BIEN = b"HTTP/1.1 204 No Content\r\n\r\n"
Respuesta = bytes | Callable[[ssl.SSLSocket], None]


@dataclass
class Recibido:
    linea: str
    cabeceras: dict[str, str]
    cuerpo: bytes


@dataclass
class Servidor:
    """`with Servidor(carpeta, "siga.example") as servidor:`; each call takes the next of `respuestas`, and then always
    the last one."""

    carpeta: Path
    nombre: str
    respuestas: list[Respuesta] = field(default_factory=lambda: [BIEN])
    recibidos: list[Recibido] = field(default_factory=list)

    def __enter__(self) -> Self:
        certificar(self.carpeta, self.nombre)
        self._contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._contexto.load_cert_chain(self.carpeta / "servidor.pem", self.carpeta / "servidor.key")
        self._escucha = socket.create_server(("127.0.0.1", 0))
        self.puerto = int(self._escucha.getsockname()[1])
        self._hilo = threading.Thread(target=self._atender, daemon=True)
        self._hilo.start()
        return self

    def __exit__(self, *falla: object) -> None:
        self._escucha.shutdown(socket.SHUT_RDWR)
        self._escucha.close()
        self._hilo.join(timeout=15)

    @property
    def autoridad(self) -> str:
        return str(self.carpeta / "autoridad.pem")

    def _atender(self) -> None:
        while True:
            try:
                crudo, _ = self._escucha.accept()
            except OSError:
                return
            try:
                with self._contexto.wrap_socket(crudo, server_side=True) as enchufe:
                    self._una(enchufe)
            except OSError:  # whoever called hung up
                continue

    def _una(self, enchufe: ssl.SSLSocket) -> None:
        leido = b""
        while b"\r\n\r\n" not in leido:
            leido += enchufe.recv(65536)
        cabeza, _, cuerpo = leido.partition(b"\r\n\r\n")
        linea, *resto = cabeza.decode("latin-1").split("\r\n")
        cabeceras = {clave.lower(): valor for clave, _, valor in (una.partition(": ") for una in resto)}
        while len(cuerpo) < int(cabeceras.get("content-length", 0)):
            cuerpo += enchufe.recv(65536)
        responde = self.respuestas.pop(0) if len(self.respuestas) > 1 else self.respuestas[0]
        self.recibidos.append(Recibido(linea, cabeceras, cuerpo))
        if callable(responde):
            responde(enchufe)
        else:
            enchufe.sendall(responde)
