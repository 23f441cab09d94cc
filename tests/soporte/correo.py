"""A real SMTP server for tests, the same one the demo uses."""

import asyncio
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller

from sdfi_portal.pila.correo import Recogedor
from tests.soporte.pila import leer_mensajes, puerto_libre


class _Servidor(Controller):
    """Hangs up before it stops: a connection that its loop had no time to close would be reported in another test."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.atendidos: list[Any] = []

    def factory(self) -> Any:
        self.atendidos.append(super().factory())
        return self.atendidos[-1]

    def stop(self, no_assert: bool = False) -> None:
        asyncio.run_coroutine_threadsafe(self._colgar(), self.loop).result(10)
        super().stop(no_assert)

    async def _colgar(self) -> None:
        for atendido in self.atendidos:
            if atendido.transport is not None:
                atendido.transport.abort()
        await asyncio.sleep(0)


class CorreoSmtp:
    def __init__(self, carpeta: Path) -> None:
        carpeta.mkdir(parents=True, exist_ok=True)
        self.carpeta, self.puerto = carpeta, puerto_libre()
        self._servidor = _Servidor(Recogedor(carpeta), hostname="127.0.0.1", port=self.puerto, enable_SMTPUTF8=True)

    def __enter__(self) -> Self:
        self._servidor.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._servidor.stop()

    def mensajes(self) -> list[EmailMessage]:
        """What arrived, oldest first."""
        return leer_mensajes(self.carpeta)
