"""Embedded Valkey (Redis protocol) with an append-only file: a doorbell, but one that remembers."""

import socket
import time

from sdfi_portal.pila.binarios import de_valkey
from sdfi_portal.pila.proceso import Proceso
from sdfi_portal.pila.rutas import FallaDePila, Rutas

ESPERA_DE_ARRANQUE = 30.0


class Valkey:
    nombre = "valkey"

    def __init__(self, rutas: Rutas) -> None:
        self.rutas = rutas
        self.socket = rutas.sockets / "valkey.sock"
        self.proceso = Proceso(self.nombre, self._orden(), rutas)

    def _orden(self) -> list[str]:
        ajustes = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.rutas.valkey),
            "save": "",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory": "128mb",
            "maxmemory-policy": "noeviction",
        }
        return [str(de_valkey()), *(parte for nombre, valor in ajustes.items() for parte in (f"--{nombre}", valor))]

    def responde(self) -> bool:
        """One PING by hand: the client library would insist for seconds on a server that is not there."""
        with socket.socket(socket.AF_UNIX) as conexion:
            conexion.settimeout(2)
            try:
                conexion.connect(str(self.socket))
                conexion.sendall(b"PING\r\n")
                return conexion.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def iniciar(self) -> None:
        self.proceso.iniciar()
        limite = time.monotonic() + ESPERA_DE_ARRANQUE
        while self.proceso.vivo() and time.monotonic() < limite:
            if self.responde():
                return
            time.sleep(0.05)
        raise FallaDePila(f"Valkey no arrancó. Últimas líneas:\n{self.proceso.ultimas_lineas()}")

    def detener(self) -> None:
        self.proceso.detener()
