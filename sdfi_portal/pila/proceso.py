"""One process of the stack, remembered on disk: a later start adopts or stops what a killed supervisor left."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from sdfi_portal.pila.rutas import Rutas, recordar

REGISTRO_MAXIMO = 10 * 1024 * 1024


@dataclass
class Proceso:
    """`orden` runs in its own process group, so that Ctrl-C reaches only the supervisor, who stops it in order."""

    nombre: str
    orden: list[str]
    rutas: Rutas
    entorno: Mapping[str, str] = field(default_factory=dict)
    senal: signal.Signals = signal.SIGTERM
    _hijo: subprocess.Popen[bytes] | None = None

    @property
    def registro(self) -> Path:
        return self.rutas.registro / f"{self.nombre}.log"

    @property
    def marca(self) -> Path:
        return self.rutas.registro / f"{self.nombre}.pid"

    def iniciar(self) -> None:
        if self.registro.exists() and self.registro.stat().st_size > REGISTRO_MAXIMO:
            self.registro.replace(self.registro.with_suffix(".log.1"))
        with self.registro.open("ab") as salida:
            self._hijo = subprocess.Popen(
                self.orden,
                stdin=subprocess.DEVNULL,
                stdout=salida,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.entorno},
                start_new_session=True,
            )
        recordar(self.marca, json.dumps([self._hijo.pid, psutil.Process(self._hijo.pid).create_time()]))

    def actual(self) -> psutil.Process | None:
        """The running process, ours or left by an earlier supervisor. A recycled pid is not mistaken for it."""
        if self._hijo is not None:
            self._hijo.poll()  # reaps it when it has died
        try:
            pid, nacido = json.loads(self.marca.read_text())
            proceso = psutil.Process(pid)
            mismo = abs(proceso.create_time() - nacido) < 1 and proceso.status() != psutil.STATUS_ZOMBIE
        except (OSError, ValueError, psutil.Error):
            return None
        return proceso if mismo else None

    def vivo(self) -> bool:
        return self.actual() is not None

    def pedir_fin(self) -> None:
        proceso = self.actual()
        if proceso is not None:
            _enviar(proceso.pid, self.senal, grupo=False)

    def detener(self, espera: float = 20) -> None:
        """Ask politely, wait, then kill the whole group: no grandchild outlives its parent."""
        proceso = self.actual()
        if proceso is None:
            return
        grupo = {proceso.pid, *(nieto.pid for nieto in _descendientes(proceso))}
        _enviar(proceso.pid, self.senal, grupo=False)
        limite = time.monotonic() + espera
        while self.vivo() and time.monotonic() < limite:
            time.sleep(0.05)
        if self.vivo():
            _enviar(proceso.pid, signal.SIGKILL, grupo=True)
        for pid in grupo - {proceso.pid}:
            _enviar(pid, signal.SIGKILL, grupo=False)
        if self._hijo is not None:
            self._hijo.wait()
        self.marca.unlink(missing_ok=True)

    def soltar(self) -> None:
        """Leave it running for others: Python must not wait for it nor complain when we go."""
        if self._hijo is not None:
            self._hijo.returncode = 0
            self._hijo = None

    def ultimas_lineas(self, cuantas: int = 15) -> str:
        if not self.registro.exists():
            return ""
        return "\n".join(self.registro.read_text(encoding="utf-8", errors="replace").splitlines()[-cuantas:])


def _descendientes(proceso: psutil.Process) -> list[psutil.Process]:
    try:
        return list(proceso.children(recursive=True))
    except psutil.Error:
        return []


def _enviar(pid: int, senal: signal.Signals, *, grupo: bool) -> None:
    with suppress(ProcessLookupError):
        (os.killpg if grupo else os.kill)(pid, senal)
