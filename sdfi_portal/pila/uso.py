"""Keeps the servers up while somebody needs them. The last one who leaves stops them."""

import fcntl
import os
from typing import Any, Protocol, Self

from sdfi_portal.pila.postgres import BASE, Postgres
from sdfi_portal.pila.provision import provisionar
from sdfi_portal.pila.rutas import Rutas
from sdfi_portal.pila.valkey import Valkey


class Servidor(Protocol):
    nombre: str
    proceso: Any

    def responde(self) -> bool: ...
    def iniciar(self) -> None: ...
    def detener(self) -> None: ...


class Servidores:
    """`with Servidores(rutas):` … PostgreSQL and Valkey answer inside, started only when they were not up.

    Every user holds a shared lock; who leaves and can make it exclusive was the last. What the environment gives
    from outside (`DATABASE_URL`, `BROKER_URL`) is not started.
    """

    def __init__(self, rutas: Rutas, *, durable: bool = True) -> None:
        self.rutas = rutas
        self.postgres = None if os.environ.get("DATABASE_URL") else Postgres(rutas, durable=durable)
        self.valkey = None if os.environ.get("BROKER_URL") else Valkey(rutas)

    @property
    def propios(self) -> list[Servidor]:
        return [servidor for servidor in (self.postgres, self.valkey) if servidor is not None]

    def __enter__(self) -> Self:
        with self.rutas.cerrojo("arranque"):
            self._uso = (self.rutas.registro / "uso.cerrojo").open("w")
            fcntl.flock(self._uso, fcntl.LOCK_SH)
            for servidor in self.propios:
                self._asegurar(servidor)
        return self

    def __exit__(self, *_: object) -> None:
        with self.rutas.cerrojo("arranque"), self._uso:
            try:
                fcntl.flock(self._uso, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                for servidor in self.propios:
                    servidor.proceso.soltar()
                return
            for servidor in reversed(self.propios):
                servidor.detener()

    def asegurar(self, servidor: Servidor) -> None:
        """Start one server again if it does not answer."""
        with self.rutas.cerrojo("arranque"):
            self._asegurar(servidor)

    def _asegurar(self, servidor: Servidor) -> None:
        if servidor.responde():
            return
        servidor.proceso.detener(espera=5)
        servidor.iniciar()
        if servidor is self.postgres:
            provisionar(self.postgres.dsn(), BASE)
