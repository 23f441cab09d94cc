"""Where the bench works: its own PostgreSQL and Valkey, a base per size kept between runs, and both web servers."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from psycopg2 import sql

from sdfi_portal.pila import hijos
from sdfi_portal.pila.entorno import de_servicio, entorno_local
from sdfi_portal.pila.proceso import Proceso
from sdfi_portal.pila.provision import provisionar
from sdfi_portal.pila.rutas import FallaDePila, Rutas, recordar
from sdfi_portal.pila.uso import Servidores

RAIZ = Path(__file__).resolve().parent.parent
# What decides what a seeded base holds. Another state of these files makes another base.
FUENTES = ("*/migrations/*.py", "rendimiento/sembrar.py", "rendimiento/siembra_sql.py", "datos/*")
Decir = Callable[[str], None]


@dataclass
class Servido:
    """The portal and the floor of one size, answering."""

    tam: int
    entorno: dict[str, str]
    portal: int
    piso: int
    sesiones_del_piso: list[str]
    web: Proceso


class Taller:
    def __init__(self, decir: Decir) -> None:
        self.rutas = Rutas.de(os.environ.get("PORTAL_VAR_BENCH") or RAIZ / ".var" / "bench")
        self.decir = decir

    def limpiar(self) -> None:
        """Forget every base: the next run seeds again."""
        with Servidores(self.rutas), self._cursor() as cursor:
            cursor.execute("select datname from pg_database where datname ~ '^(portal|piso)_[0-9]+$'")
            for (base,) in cursor.fetchall():
                self._borrar(cursor, base)
        for sello in self.rutas.registro.glob("p*_*.sello"):
            sello.unlink()

    @contextmanager
    def abierto(self) -> Iterator[None]:
        with Servidores(self.rutas):
            with self._cursor() as cursor:
                # The same server for both; filling it is not to wait for a checkpoint each gigabyte.
                cursor.execute("alter system set max_wal_size = '6GB'")
                cursor.execute("select pg_reload_conf()")
            yield

    # --- Bases -----------------------------------------------------------------------------------------------------
    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        conexion = psycopg2.connect(host=str(self.rutas.sockets), user="postgres", dbname="postgres")
        conexion.autocommit = True
        try:
            yield conexion.cursor()
        finally:
            conexion.close()

    @staticmethod
    def _borrar(cursor: Any, base: str) -> None:
        cursor.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(base)))

    def entorno(self, tam: int) -> dict[str, str]:
        """What the portal's processes of a size read: its base, and the settings with the counter."""
        propio = entorno_local(self.rutas)
        for nombre in [nombre for nombre in propio if nombre.startswith("DATABASE_URL")]:
            propio[nombre] = propio[nombre].replace("@/portal?", f"@/portal_{tam}?")
        return propio | {"DJANGO_SETTINGS_MODULE": "rendimiento.ajustes", "NIVEL_REGISTRO": "ERROR",
                         "PORTAL_MODO": "demo", "PYTHONPATH": str(RAIZ)}  # fmt: skip

    def _entorno_del_piso(self, tam: int) -> dict[str, str]:
        return {"PISO_BASE": f"piso_{tam}", "PISO_SOCKETS": str(self.rutas.sockets), "PYTHONPATH": str(RAIZ),
                "DJANGO_SETTINGS_MODULE": "rendimiento.piso.ajustes"}  # fmt: skip

    def preparar(self, tam: int) -> list[str]:
        """Both bases of a size, made only when there is none of this state. Gives the floor's session keys."""
        entorno = self.entorno(tam)
        with self._cursor() as cursor:
            self._si_falta(
                cursor,
                f"portal_{tam}",
                lambda: self._hacer_portal(tam, entorno),
                lambda: self._gestion(entorno, "migrate", "-v0"),
            )
            if not self._existe(cursor, f"piso_{tam}"):
                cursor.execute(sql.SQL("create database {}").format(sql.Identifier(f"piso_{tam}")))
        self._correr(
            [sys.executable, str(RAIZ / "manage.py"), "collectstatic", "--noinput", "--clear", "-v0"], entorno
        )
        orden = [sys.executable, "-m", "rendimiento.piso.preparar", str(tam)]
        return self._correr(orden, self._entorno_del_piso(tam)).split()

    def _existe(self, cursor: Any, base: str) -> bool:
        cursor.execute("select 1 from pg_database where datname = %s", [base])
        return cursor.fetchone() is not None

    def _si_falta(self, cursor: Any, base: str, hacer: Callable[[], None], migrar: Callable[[], None]) -> None:
        sello, ahora = self.rutas.registro / f"{base}.sello", huella()
        antes = _leido(sello) if self._existe(cursor, base) else {}
        if antes == ahora:
            return
        if antes and sigue_de(antes, ahora):
            self.decir(f"{base} se conserva: solo hay migraciones nuevas.")
            migrar()
        else:
            self._borrar(cursor, base)
            sello.unlink(missing_ok=True)
            hacer()
        recordar(sello, json.dumps(ahora))

    def _hacer_portal(self, tam: int, entorno: dict[str, str]) -> None:
        principio = time.monotonic()
        provisionar({"host": str(self.rutas.sockets), "user": "postgres"}, f"portal_{tam}")
        self._gestion(entorno, "migrate", "-v0")
        self._gestion(entorno, "sembrar", "--solicitudes", str(tam))
        self.decir(f"{tam} solicitudes sembradas en {time.monotonic() - principio:.0f} s.")

    def _gestion(self, entorno: dict[str, str], *orden: str) -> None:
        self._correr(hijos.gestion(*orden), entorno | {"DJANGO_SETTINGS_MODULE": "sdfi_portal.settings"})

    def _correr(self, orden: list[str], entorno: dict[str, str]) -> str:
        hecho = subprocess.run(orden, env={**os.environ, **entorno}, capture_output=True, text=True)
        if hecho.returncode:
            raise FallaDePila(f"Falló «{' '.join(orden)[:200]}»:\n{hecho.stdout}\n{hecho.stderr}")
        return hecho.stdout

    # --- Servers ---------------------------------------------------------------------------------------------------
    @contextmanager
    def servido(self, tam: int) -> Iterator[Servido]:
        """Portal and floor under the same gunicorn, with the same workers and threads."""
        sesiones = self.preparar(tam)
        entorno = self.entorno(tam)
        portal, piso = puerto_libre(), puerto_libre()
        web = hijos.web(self.rutas, portal, de_servicio(entorno))
        orden = [*hijos.web(self.rutas, piso, {}).orden]
        orden[orden.index("sdfi_portal.wsgi")] = "rendimiento.piso.wsgi"
        el_piso = Proceso("piso", orden, self.rutas, self._entorno_del_piso(tam))
        for proceso in (web, el_piso):
            proceso.detener(espera=5)
            proceso.iniciar()
        try:
            hijos.esperar_web(web, portal)
            hijos.esperar_web(el_piso, piso)
            yield Servido(tam, entorno, portal, piso, sesiones, web)
        finally:
            for proceso in (web, el_piso):
                proceso.detener()

    @contextmanager
    def con_tareas(self, servido: Servido) -> Iterator[None]:
        """Worker, beat and mail sink too: what a whole portal runs while people use it."""
        entorno = de_servicio(servido.entorno) | {"DJANGO_SETTINGS_MODULE": "sdfi_portal.settings"}
        procesos = [hacer(self.rutas, entorno) for hacer in (hijos.correo, hijos.trabajador, hijos.reloj)]
        try:
            for proceso in procesos:
                proceso.iniciar()
            yield
        finally:
            for proceso in procesos:
                proceso.detener()

    def medir(self, servido: Servido, nombre: str, opciones: dict[str, Any]) -> dict[str, Any]:
        """One operation in a process of its own, with the portal's settings and nothing left from another."""
        carga = {"tam": servido.tam, "portal": servido.portal, "piso": servido.piso,
                 "sesiones_del_piso": servido.sesiones_del_piso, **opciones}  # fmt: skip
        orden = [sys.executable, "-m", "rendimiento.medir", nombre, json.dumps(carga)]
        resultado: dict[str, Any] = json.loads(self._correr(orden, servido.entorno).splitlines()[-1])
        return resultado

    @staticmethod
    def memoria_web(servido: Servido) -> float:
        """The largest web worker, in MB, after all it has answered."""
        pid = servido.web.pid()
        hijos_web = psutil.Process(pid).children() if pid else []
        return max((hijo.memory_info().rss for hijo in hijos_web), default=0) / 1e6


def huella() -> dict[str, str]:
    """What decides what a seeded base holds: path → digest."""
    return {
        str(archivo.relative_to(RAIZ)): hashlib.sha256(archivo.read_bytes()).hexdigest()
        for patron in FUENTES
        for archivo in sorted(RAIZ.glob(patron))
        if archivo.is_file()
    }


def _leido(sello: Path) -> dict[str, str]:
    """What was written of a base; nothing when it is not understood."""
    try:
        leido = json.loads(sello.read_text())
    except (OSError, ValueError):
        return {}
    return leido if isinstance(leido, dict) else {}


def sigue_de(antes: dict[str, str], ahora: dict[str, str]) -> bool:
    """Whether there are only migrations more: they run over what was seeded, as on a live portal."""
    nuevas = ahora.keys() - antes.keys()
    return antes.items() <= ahora.items() and all("/migrations/" in ruta for ruta in nuevas)


def puerto_libre() -> int:
    with socket.socket() as prueba:
        prueba.bind(("127.0.0.1", 0))
        return int(prueba.getsockname()[1])


def espacio_libre_gb(ruta: Path) -> float:
    return shutil.disk_usage(ruta if ruta.exists() else ruta.parent.parent).free / 1e9
