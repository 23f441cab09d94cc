"""A real SMTP server for tests, the same one the demo uses."""

from email.message import EmailMessage
from pathlib import Path
from typing import Self

from aiosmtpd.controller import Controller

from sdfi_portal.pila.correo import Recogedor
from tests.soporte.pila import leer_mensajes, puerto_libre


class CorreoSmtp:
    def __init__(self, carpeta: Path) -> None:
        carpeta.mkdir(parents=True, exist_ok=True)
        self.carpeta, self.puerto = carpeta, puerto_libre()
        self._servidor = Controller(Recogedor(carpeta), hostname="127.0.0.1", port=self.puerto, enable_SMTPUTF8=True)

    def __enter__(self) -> Self:
        self._servidor.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._servidor.stop()

    def mensajes(self) -> list[EmailMessage]:
        """What arrived, oldest first."""
        return leer_mensajes(self.carpeta)
