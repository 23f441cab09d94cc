"""The real thing: `servir` with its own processes, in its own folder, on a free port."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import psutil
import psycopg2

from sdfi_portal.pila.rutas import Rutas
from tests.soporte.settings import RAIZ_PROYECTO

ESPERA = 180
# What the test run sets for itself and the portal under test must not inherit.
DE_LAS_PRUEBAS = {"PORTAL_MODO", "PORTAL_VAR", "PORTAL_VAR_PRUEBAS", "DJANGO_SETTINGS_MODULE", "NIVEL_REGISTRO"}


def puerto_libre() -> int:
    with socket.socket() as prueba:
        prueba.bind(("127.0.0.1", 0))
        return int(prueba.getsockname()[1])


class Pila:
    """One installation of the portal in `var`. `url` has no slash at the end."""

    def __init__(self, var: Path, *opciones: str) -> None:
        self.rutas, self.opciones = Rutas.de(var), opciones
        self.puerto = puerto_libre()
        self.url = f"http://localhost:{self.puerto}"
        self.supervisor: subprocess.Popen[bytes] | None = None

    @property
    def entorno(self) -> dict[str, str]:
        propio = {nombre: valor for nombre, valor in os.environ.items() if nombre not in DE_LAS_PRUEBAS}
        # Its mail leaves at any hour: the tests run at any hour.
        return propio | {"PORTAL_VAR": str(self.rutas.var), "HORAS_DE_ESCRIBIR": ""}

    @property
    def salida(self) -> Path:
        return self.rutas.registro / "servir.log"

    def orden(self, *argumentos: str) -> list[str]:
        return [sys.executable, "-m", "sdfi_portal.pila", *argumentos]

    def iniciar(self) -> "Pila":
        """Start and wait until it announces itself."""
        with self.salida.open("wb") as salida:
            self.supervisor = subprocess.Popen(
                self.orden("servir", f"--port={self.puerto}", *self.opciones),
                cwd=RAIZ_PROYECTO,
                env=self.entorno,
                stdout=salida,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            esperar(lambda: "listo en" in self.texto() or self.supervisor.poll() is not None, ESPERA)
            assert "listo en" in self.texto(), self.texto()
        except AssertionError:
            self.detener()  # no portal is left running that nobody will stop
            raise
        return self

    def texto(self) -> str:
        return self.salida.read_text(encoding="utf-8")

    def detener(self) -> int:
        """Stop as Ctrl-C does and give the exit code."""
        assert self.supervisor is not None
        if self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGINT)
        return self.supervisor.wait(60)

    def pid(self, nombre: str) -> int:
        """Process id of `web`, `trabajador`, `reloj`, `correo`, `postgres` or `valkey`; 0 when it is not running."""
        try:
            pid, _ = json.loads((self.rutas.registro / f"{nombre}.pid").read_text())
        except (OSError, ValueError):
            return 0
        return int(pid) if vivo(pid) else 0

    def matar(self, nombre: str) -> int:
        pid = self.pid(nombre)
        os.kill(pid, signal.SIGKILL)
        return pid

    def esperar_otro(self, nombre: str, anterior: int, espera: float = 30) -> int:
        esperar(lambda: self.pid(nombre) not in {0, anterior}, espera)
        return self.pid(nombre)

    def matar_todo(self) -> None:
        """kill -9 of the supervisor and of every process it started, all at once."""
        assert self.supervisor is not None
        familia = psutil.Process(self.supervisor.pid).children(recursive=True)
        for proceso in [psutil.Process(self.supervisor.pid), *familia]:
            with suppress(psutil.NoSuchProcess):  # one that was ending by itself
                proceso.kill()
        self.supervisor.wait(10)
        psutil.wait_procs(familia, timeout=10)

    def gestionar(self, *argumentos: str, codigo: int = 0, **variables: str) -> str:
        """`script/manage ARGS` on this installation, with more variables; gives what it printed."""
        hecho = subprocess.run(
            self.orden(*argumentos),
            cwd=RAIZ_PROYECTO,
            env=self.entorno | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert hecho.returncode == codigo, hecho.stdout
        return hecho.stdout

    def dsn(self, rol: str) -> str:
        return f"postgresql://{rol}@/portal?host={quote(str(self.rutas.sockets))}"

    def consultar(self, orden: str, valores: Any = None) -> list[tuple[Any, ...]]:
        """Ask the database as its administrator, past every net. Only to look at the truth or to plant it."""
        conexion = psycopg2.connect(self.dsn("postgres"))
        conexion.autocommit = True
        try:
            with conexion.cursor() as cursor:
                cursor.execute(orden, valores)
                return cursor.fetchall() if cursor.description else []
        finally:
            conexion.close()

    def salud(self) -> dict[str, Any]:
        with urlopen(f"{self.url}/salud/", timeout=10) as respuesta:
            return dict(json.load(respuesta))

    def mensajes(self) -> list[EmailMessage]:
        """Mail that reached the sink, oldest first."""
        return leer_mensajes(self.rutas.correo)


def vivo(pid: int) -> bool:
    """Running, and not only waiting for its parent to notice that it ended."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def leer_mensajes(carpeta: Path) -> list[EmailMessage]:
    return [
        message_from_bytes(archivo.read_bytes(), policy=policy.default)  # type: ignore[misc]
        for archivo in sorted(carpeta.glob("*.eml"))
    ]


def esperar(condicion: Any, espera: float = 30) -> None:
    """Poll until the condition holds. Fails, saying what it waited for, when it takes too long."""
    limite = time.monotonic() + espera
    while not condicion():
        assert time.monotonic() < limite, f"no ocurrió en {espera} s"
        time.sleep(0.05)
