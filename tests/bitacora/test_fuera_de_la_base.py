"""Against whoever owns the database: a seal kept outside, and a backup that verifies (A04, F15)."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from avisos.tasks import sellar_bitacora
from bandeja.services import entregar
from bitacora.sellos import sellar_el_dia
from sdfi_portal import respaldo
from tests.bitacora.test_cadena import escribir, rupturas
from tests.soporte.bases import usando
from tests.soporte.correo import CorreoSmtp
from tests.soporte.elenco import crear_elenco
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


def test_el_sello_sale_por_correo_una_vez_al_dia(base_propia: str, correo_smtp: CorreoSmtp, settings) -> None:
    """A04: to each auditor and to the control office, with the file that discovers a cut tail."""
    settings.CORREOS_DE_CONTROL = ["Control@sg.example"]
    elenco = crear_elenco()
    escribir(6)
    for _ in range(2):
        sellar_bitacora()
        entregar()
    mensajes = correo_smtp.mensajes()
    assert sorted(str(m["to"]).rpartition("<")[2].rstrip(">") for m in mensajes) == [
        elenco.auditora.correo, "control@sg.example"
    ]  # fmt: skip
    [adjunto] = list(mensajes[0].iter_attachments())
    assert adjunto.get_filename() == f"{timezone.localdate()}.json"
    sello = json.loads(adjunto.get_content())
    assert sello["cabezas"]["entidad-1"]["posicion"] == 2
    assert sello["huella"] in mensajes[0].get_body().get_content()
    assert rupturas(sello) == []


def test_con_el_sello_del_correo_se_descubre_una_cola_cortada(
    base_propia: str, superusuario, correo_smtp: CorreoSmtp, tmp_path: Path
) -> None:
    """Without it the chain verifies by itself (negative control); with it the command names the place."""
    crear_elenco()
    escribir(12)
    sellar_bitacora()
    entregar()
    [mensaje] = correo_smtp.mensajes()
    [adjunto] = list(mensaje.iter_attachments())
    sello = tmp_path / "del-correo.json"
    sello.write_bytes(adjunto.get_content())
    superusuario.execute("delete from bitacora_suceso where cadena = 'entidad-1' and posicion > 2")
    superusuario.execute(
        """update bitacora_cabeza set posicion = 2, hash = (select hash from bitacora_suceso
           where cadena = 'entidad-1' and posicion = 2) where cadena = 'entidad-1'"""
    )
    call_command("verificar_bitacora", stdout=StringIO())
    errores = StringIO()
    with pytest.raises(CommandError, match="rota en 1 cadenas"):
        call_command("verificar_bitacora", sello=sello, stdout=StringIO(), stderr=errores)
    assert errores.getvalue() == "entidad-1, lugar 3: falta: el sello llegaba más lejos.\n"


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
