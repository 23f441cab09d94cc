"""Against whoever owns the database: a seal kept outside, and a backup that verifies (A04, F15)."""

import json
import os
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from bitacora.tasks import sellar_el_dia
from sdfi_portal import respaldo
from tests.bitacora.test_cadena import escribir, rupturas
from tests.soporte.bases import usando
from tests.soporte.settings import RUTAS


@pytest.fixture(autouse=True)
def _almacen(settings, tmp_path: Path) -> None:
    opciones = settings.STORAGES["default"]["OPTIONS"] | {"location": tmp_path / "archivos"}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": opciones}}


def _sellos() -> list[str]:
    return [nombre for nombre in respaldo._nombres() if nombre.startswith("sellos/")]


def test_un_sello_por_dia(base_propia: str) -> None:
    """Asked twice it is kept once, and it agrees with what was there when it was made."""
    escribir(6)
    sellar_el_dia()
    escribir(3)
    sellar_el_dia()
    [nombre] = _sellos()
    with default_storage.open(nombre) as archivo:
        sello = json.load(archivo)
    assert sello["cabezas"]["entidad-1"]["posicion"] == 2
    assert rupturas(sello) == []


def test_lo_restaurado_verifica_y_sigue(base_propia: str, fabrica, monkeypatch, tmp_path: Path, settings) -> None:
    """F15: a backup restored into an empty place verifies, and the next event continues the same chain."""
    escribir(6)
    otra = f"pruebas_{os.getpid()}_bitacora"
    fabrica.borrar(otra)
    for variable, base, rol in (
        ("DATABASE_URL", otra, "sdfi_web"),
        ("DATABASE_URL_RESPALDO", base_propia, "sdfi_respaldo"),
        ("DATABASE_URL_ADMIN", "postgres", "postgres"),
    ):
        monkeypatch.setenv(variable, f"postgresql://{rol}@/{base}?host={RUTAS.sockets}")
    call_command("respaldar", str(tmp_path / "copia"))
    call_command("restaurar", str(tmp_path / "copia"))
    try:
        with usando(otra):
            assert rupturas() == []
            escribir(3)
            assert rupturas() == []
    finally:
        fabrica.borrar(otra)
