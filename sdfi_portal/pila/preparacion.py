"""What must be true before the portal opens: schema, catalogues, demo and static files. Each step only when needed."""

import hashlib
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.apps import apps
from django.contrib.staticfiles.finders import get_finders
from django.core.management import get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from sdfi_portal.pila.hijos import RAIZ, correr
from sdfi_portal.pila.rutas import Rutas, recordar

SIN_USO = ("rest_framework", "admin")  # static files of pages that the portal does not serve


class Preparacion:
    """`decir` tells the person at the terminal what is going on; `entorno` is that of the children."""

    def __init__(self, rutas: Rutas, entorno: Mapping[str, str], decir: Callable[[str], None]) -> None:
        self.rutas, self.entorno, self.decir = rutas, entorno, decir

    def todo(self, *, demo: bool) -> None:
        with ThreadPoolExecutor(1) as aparte:
            estaticos = aparte.submit(self.reunir_estaticos)  # needs no database: done meanwhile
            self.migrar()
            if demo and not self.rutas.restaurado.exists():
                self.cargar("cargar_demo", "Cargando catálogos y datos de demostración…", "--trozo")
            else:
                self.cargar("cargar_catalogos", "Cargando catálogos…")
            estaticos.result()

    def migrar(self) -> None:
        with self.rutas.cerrojo("esquema"):
            if hay_migraciones_pendientes():
                self.decir("Preparando la base de datos…")
                self.ejecutar("migrate", "--verbosity=0")

    def cargar(self, orden: str, aviso: str, *opciones: str) -> None:
        """Run a loader once per state of `datos/`. It is safe to repeat after an interruption."""
        if orden in get_commands():
            destino = os.environ.get("DATABASE_URL", "local")
            self._si_cambio(orden, [destino, *_estado(_de_datos())], aviso, orden, *opciones)

    def reunir_estaticos(self) -> None:
        orden = ("collectstatic", "--noinput", "--clear", *(f"--ignore={carpeta}" for carpeta in SIN_USO))
        self._si_cambio("estaticos", _estado(_estaticos()), "Reuniendo los estilos…", *orden)

    def _si_cambio(self, sello: str, estado: list[str], aviso: str, *orden: str) -> None:
        marca = self.rutas.registro / f"{sello}.sello"
        huella = hashlib.sha256("\n".join(estado).encode()).hexdigest()
        if marca.exists() and marca.read_text() == huella:
            return
        self.decir(aviso)
        self.ejecutar(*orden)
        recordar(marca, huella)

    def ejecutar(self, *argumentos: str) -> None:
        correr(*argumentos, entorno={**os.environ, **self.entorno})


def hay_migraciones_pendientes() -> bool:
    try:
        ejecutor = MigrationExecutor(connection)
        return bool(ejecutor.migration_plan(ejecutor.loader.graph.leaf_nodes()))
    finally:
        connection.close()


def falta_demo() -> bool:
    """Whether the two years of a demonstration are not all there."""
    if not apps.is_installed("demo"):
        return False
    from demo.models import avance  # noqa: PLC0415  (a production does not have it)

    try:
        return avance() is not None
    finally:
        connection.close()


def _de_datos() -> list[Path]:
    return [ruta for ruta in sorted((RAIZ / "datos").rglob("*")) if ruta.is_file()]


def _estaticos() -> list[Path]:
    return [Path(almacen.path(ruta)) for hallador in get_finders() for ruta, almacen in hallador.list(None)]


def _estado(archivos: list[Path]) -> list[str]:
    """Name, size and time of every file: cheap to compare with what was seen last time."""
    return [f"{ruta} {(estado := ruta.stat()).st_size} {estado.st_mtime_ns}" for ruta in archivos]
