"""Back up and restore: the database and the files, in one folder that proves itself (F15, docs/decisiones/0010).

The database is dumped first and the files copied after it: a file is written before the row that names it, so every
row of the snapshot finds its file. Keys (SECRET_KEY, the signing certificate) are kept apart on purpose.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2
from django.core.files import File
from django.core.files.storage import default_storage

from bitacora.cadena import Lectura
from bitacora.sellos import CARPETA, rutas
from bitacora.verificacion import comprobar
from sdfi_portal.entorno import Entorno
from sdfi_portal.pila.binarios import de_postgres
from sdfi_portal.pila.provision import provisionar
from sdfi_portal.pila.rutas import FallaDePila
from sdfi_portal.retrato import Retrato, diferencias, retratar

VERSION = 1
VOLCADO, ARCHIVOS, MANIFIESTO = "base.dump", "archivos", "manifiesto.json"
TROZO = 1024 * 1024


class FallaDeRespaldo(RuntimeError):
    """What could not be backed up or restored, told to the person at the terminal."""


def respaldar(destino: Path) -> dict[str, int]:
    """Write a whole backup to the new folder `destino`. Shape of the answer: what was kept → how much."""
    if destino.exists() and any(destino.iterdir()):
        raise FallaDeRespaldo(f"{destino} no está vacía. Elija una carpeta nueva.")
    destino.mkdir(mode=0o700, parents=True, exist_ok=True)
    conexion = conexion_de("DATABASE_URL_RESPALDO")
    retrato, sellos = _volcar(conexion, destino / VOLCADO)
    # A seal of after the snapshot promises what the dump has not.
    nombres = [n for n in _nombres() if not n.startswith(f"{CARPETA}/") or n in sellos]
    huellas = {nombre: _copiar(nombre, destino / ARCHIVOS / nombre) for nombre in sorted(nombres)}
    manifiesto = {
        "version": VERSION,
        "hecho": datetime.now(UTC).isoformat(timespec="seconds"),
        "volcado_sha256": _huella(destino / VOLCADO),
        "retrato": retrato,
        "archivos": huellas,
    }
    # Last, and only then is the folder a backup: an interrupted one has no manifest.
    (destino / MANIFIESTO).write_text(json.dumps(manifiesto, ensure_ascii=False, indent=1), encoding="utf-8")
    return _resumen(retrato, huellas)


def restaurar(origen: Path) -> dict[str, int]:
    """Restore a backup into an empty database and an empty store, and prove that it came out equal."""
    manifiesto = _leer(origen)
    conexion = conexion_de("DATABASE_URL_ADMIN")
    base = conexion_de("DATABASE_URL")["dbname"]
    provisionar({**conexion, "dbname": "template1"}, base)
    conexion |= {"dbname": base}
    _exigir_vacio(conexion)
    _pg("pg_restore", conexion, "--exit-on-error", "--single-transaction", f"--dbname={base}", str(origen / VOLCADO))
    for nombre, huella in manifiesto["archivos"].items():
        _devolver(origen / ARCHIVOS / nombre, nombre, huella)
    with psycopg2.connect(**conexion) as enlace, enlace.cursor() as cursor:
        fallas = diferencias(manifiesto["retrato"], json.loads(json.dumps(retratar(cursor))))
    enlace.close()
    if fallas:
        raise FallaDeRespaldo("La base restaurada no es igual a la respaldada:\n" + "\n".join(fallas[:50]))
    return _resumen(manifiesto["retrato"], manifiesto["archivos"])


def comprobar_bitacora() -> Lectura:
    """Read the restored record whole, against the restored seals. As the administrator, who may reach it already."""
    conexion = conexion_de("DATABASE_URL_ADMIN") | {"dbname": conexion_de("DATABASE_URL")["dbname"]}
    enlace = psycopg2.connect(**conexion)
    try:
        with enlace.cursor() as cursor:
            return comprobar(cursor=cursor)
    finally:
        enlace.close()


def conexion_de(variable: str) -> dict[str, Any]:
    """Connection parameters of a `…_URL` variable, as libpq names them."""
    datos = Entorno().base_de_datos(variable)
    claves = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    propias = {clave: datos[nombre] for clave, nombre in claves.items() if datos[nombre]}
    return propias | datos["OPTIONS"]


def _volcar(conexion: dict[str, Any], archivo: Path) -> tuple[Retrato, set[str]]:
    """Dump and portrait of one and the same instant: pg_dump reads the snapshot of our transaction. And the seals of
    the bitácora that there were then."""
    enlace = psycopg2.connect(**conexion)
    try:
        enlace.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with enlace.cursor() as cursor:
            cursor.execute("select pg_export_snapshot()")
            (instantanea,) = cursor.fetchone()
            sellos = set(rutas())
            _pg("pg_dump", conexion, "--format=custom", f"--snapshot={instantanea}", f"--file={archivo}")
            return retratar(cursor), sellos
    finally:
        enlace.close()


def _pg(programa: str, conexion: dict[str, Any], *opciones: str) -> None:
    """Run pg_dump or pg_restore. The password goes in the environment, where other users do not see it."""
    variables = {"dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST"}
    variables |= {"port": "PGPORT", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    entorno = {variables[clave]: str(valor) for clave, valor in conexion.items() if clave in variables}
    orden = [_programa(programa), "--no-password", *opciones]
    hecho = subprocess.run(orden, env={**os.environ, **entorno}, capture_output=True, text=True)
    if hecho.returncode:
        raise FallaDeRespaldo(f"{programa} falló:\n{hecho.stderr.strip()}")


def _programa(nombre: str) -> str:
    """The one of the embedded PostgreSQL, else the machine's: it must not be older than the server."""
    try:
        return str(de_postgres() / nombre)
    except FallaDePila:
        del_sistema = shutil.which(nombre)
    if del_sistema is None:
        raise FallaDeRespaldo(f"Falta {nombre}. Instale el cliente de PostgreSQL: apt-get install postgresql-client")
    return del_sistema


def _nombres(carpeta: str = "") -> Iterator[str]:
    """Name of every stored file, wherever the store is."""
    if not carpeta and not default_storage.exists(""):
        return
    carpetas, archivos = default_storage.listdir(carpeta)
    yield from (f"{carpeta}{nombre}" for nombre in archivos)
    for otra in carpetas:
        yield from _nombres(f"{carpeta}{otra}/")


def _copiar(nombre: str, destino: Path) -> str:
    """Copy one stored file and give its SHA-256."""
    destino.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    suma = hashlib.sha256()
    with default_storage.open(nombre) as entrada, destino.open("xb") as salida:
        for trozo in iter(lambda: entrada.read(TROZO), b""):
            suma.update(trozo)
            salida.write(trozo)
    return suma.hexdigest()


def _devolver(copia: Path, nombre: str, huella: str) -> None:
    if _huella(copia) != huella:
        raise FallaDeRespaldo(f"El archivo {nombre} del respaldo está dañado: su SHA-256 no es {huella}.")
    with copia.open("rb") as entrada:
        guardado = default_storage.save(nombre, File(entrada))
    if guardado != nombre:
        raise FallaDeRespaldo(f"El archivo {nombre} ya existía en el lugar de destino.")


def _leer(origen: Path) -> dict[str, Any]:
    try:
        manifiesto: dict[str, Any] = json.loads((origen / MANIFIESTO).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise FallaDeRespaldo(f"{origen} no es un respaldo completo: falta {MANIFIESTO} o no se puede leer.") from None
    if manifiesto.get("version") != VERSION:
        raise FallaDeRespaldo(f"El respaldo es de otra versión ({manifiesto.get('version')}); se espera {VERSION}.")
    if _huella(origen / VOLCADO) != manifiesto["volcado_sha256"]:
        raise FallaDeRespaldo(f"{VOLCADO} está dañado: no coincide con el manifiesto.")
    return manifiesto


def _exigir_vacio(conexion: dict[str, Any]) -> None:
    with psycopg2.connect(**conexion) as enlace, enlace.cursor() as cursor:
        cursor.execute("select count(*) from pg_tables where schemaname = 'public'")
        (tablas,) = cursor.fetchone()
    enlace.close()
    if tablas:
        raise FallaDeRespaldo("La base de datos no está vacía. Restaure en una instalación nueva (otra PORTAL_VAR).")
    if next(_nombres(), None):
        raise FallaDeRespaldo("Ya hay archivos en el lugar de destino. Restaure en una instalación nueva.")


def _huella(archivo: Path) -> str:
    with archivo.open("rb") as entrada:
        return hashlib.file_digest(entrada, "sha256").hexdigest()


def _resumen(retrato: Retrato, archivos: dict[str, str]) -> dict[str, int]:
    filas = sum(cuantas for _, cuantas, _ in retrato["filas"])
    return {"tablas": len(retrato["filas"]), "filas": filas, "archivos": len(archivos)}
