"""Mail sink of a demo: a real SMTP server on loopback that keeps every message as a file and sends none."""

import asyncio
import itertools
import os
import time
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

TAMANO_MAXIMO = 30 * 1024 * 1024


class Recogedor:
    """aiosmtpd handler: one `.eml` per message, whole or absent, named so that they sort by arrival."""

    def __init__(self, carpeta: Path) -> None:
        self.carpeta = carpeta
        self._cuenta = itertools.count()

    async def handle_DATA(self, servidor: Any, sesion: Any, sobre: Any) -> str:
        mensaje = message_from_bytes(sobre.content, policy=policy.SMTP)
        # Who it was handed over for, which may differ from what its headers say (blind copies).
        mensaje["X-Sobre-De"] = sobre.mail_from or ""
        mensaje["X-Sobre-Para"] = ", ".join(sobre.rcpt_tos)
        nombre = f"{time.time_ns():020d}-{os.getpid()}-{next(self._cuenta):04d}"
        temporal = self.carpeta / f".{nombre}"
        temporal.write_bytes(mensaje.as_bytes())
        temporal.rename(self.carpeta / f"{nombre}.eml")
        return "250 Recibido"


async def recibir(puerto: int, carpeta: Path) -> None:
    """Listen on loopback until cancelled."""
    recogedor = Recogedor(carpeta)

    def atender() -> SMTP:
        return SMTP(recogedor, data_size_limit=TAMANO_MAXIMO, enable_SMTPUTF8=True, hostname="localhost")

    servidor = await asyncio.get_running_loop().create_server(atender, "127.0.0.1", puerto)
    async with servidor:
        await servidor.serve_forever()
