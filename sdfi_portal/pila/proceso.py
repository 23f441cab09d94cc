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
    """`orden` runs in its own session, so that Ctrl-C reaches only the supervisor, who stops it in order."""

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

    def pid(self) -> int | None:
        """The running process, ours or left by an earlier supervisor. A recycled pid is not mistaken for it."""
        if self._hijo is not None:
            self._hijo.poll()  # reaps it when it has died
        anotado = self._anotado()
        if anotado is None or not self._es_el_mismo(*anotado):
            return None
        return anotado[0]

    def _anotado(self) -> tuple[int, float] | None:
        try:
            pid, nacido = json.loads(self.marca.read_text())
        except (OSError, ValueError):
            return None
        return int(pid), float(nacido)

    @staticmethod
    def _es_el_mismo(pid: int, nacido: float) -> bool:
        try:
            proceso = psutil.Process(pid)
            return bool(abs(proceso.create_time() - nacido) < 1 and proceso.status() != psutil.STATUS_ZOMBIE)
        except psutil.Error:
            return False

    def vivo(self) -> bool:
        return self.pid() is not None

    def pedir_fin(self) -> None:
        pid = self.pid()
        if pid is not None:
            _enviar(pid, self.senal)

    def detener(self, espera: float = 20) -> None:
        """Ask politely, wait, then kill the whole session: no grandchild outlives its parent."""
        self.pedir_fin()
        limite = time.monotonic() + espera
        while self.vivo() and time.monotonic() < limite:
            time.sleep(0.05)
        for pid in self._sesion():
            _enviar(pid, signal.SIGKILL)
        if self._hijo is not None:
            self._hijo.wait()
        self.marca.unlink(missing_ok=True)

    def _sesion(self) -> list[int]:
        """Every process of the session this one opened, also when its leader is dead already."""
        lider = self._anotado()
        if lider is None or (psutil.pid_exists(lider[0]) and not self._es_el_mismo(*lider)):
            return []  # never started, or its number belongs to a stranger now
        return [pid for pid in psutil.pids() if _sesion_de(pid) == lider[0]]

    def soltar(self) -> None:
        """Leave it running for others: Python must not wait for it nor complain when we go."""
        if self._hijo is not None:
            self._hijo.returncode = 0
            self._hijo = None

    def ultimas_lineas(self, cuantas: int = 15) -> str:
        if not self.registro.exists():
            return ""
        return "\n".join(self.registro.read_text(encoding="utf-8", errors="replace").splitlines()[-cuantas:])


def _sesion_de(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def _enviar(pid: int, senal: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, senal)
