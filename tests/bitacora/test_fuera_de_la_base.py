"""Against whoever owns the database: a seal kept outside, and a backup that verifies (A04, F15)."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from avisos.tasks import sellar_bitacora
from bandeja.services import entregar
from bitacora.models import Suceso
from bitacora.sellos import sellar_el_dia
from sdfi_portal import respaldo
from tests.bitacora.test_cadena import escribir, rupturas
from tests.soporte.bases import usando
from tests.soporte.correo import CorreoSmtp
from tests.soporte.elenco import crear_elenco
from tests.soporte.settings import RUTAS


@pytest.fixture(autouse=True)
def _almacen(settings, tmp_path: Path) -> None:
    settings.STORAGES = _en(settings, tmp_path / "archivos")


def _en(settings, carpeta: Path) -> dict:
    opciones = settings.STORAGES["default"]["OPTIONS"] | {"location": carpeta}
    return settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": opciones}}


@pytest.fixture
def destino(base_propia: str, fabrica, monkeypatch):
    """Where to restore, told to the commands: a database that does not exist yet."""
    otra = f"pruebas_{os.getpid()}_bitacora"
    fabrica.borrar(otra)
    for variable, base, rol in (
        ("DATABASE_URL", otra, "sdfi_web"),
        ("DATABASE_URL_RESPALDO", base_propia, "sdfi_respaldo"),
        ("DATABASE_URL_ADMIN", "postgres", "postgres"),
    ):
        monkeypatch.setenv(variable, f"postgresql://{rol}@/{base}?host={RUTAS.sockets}")
    yield otra
    fabrica.borrar(otra)


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
    """Without it the chain verifies by itself (negative control); with it the command names the place. With the one
    that was kept in the store, too; and when that one is gone, the record still says that there was one."""
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
    assert rupturas() == []
    falta, errores = "entidad-1, lugar 3: falta: el sello llegaba más lejos.\n", StringIO()
    with pytest.raises(CommandError, match="rota en 1 cadenas"):
        call_command("verificar_bitacora", stdout=StringIO(), stderr=errores)
    assert errores.getvalue() == falta
    [guardado] = _sellos()
    default_storage.delete(guardado)
    errores = StringIO()
    with pytest.raises(CommandError, match="rota en 2 cadenas"):
        call_command("verificar_bitacora", sello=sello, stdout=StringIO(), stderr=errores)
    sin_el = f"sellos: el sello {timezone.localdate()} no está donde se guardó.\n"
    assert errores.getvalue() == sin_el + falta


def test_lo_restaurado_verifica_y_sigue(base_propia: str, destino: str, tmp_path: Path, settings) -> None:
    """F15: a backup restored into an empty place verifies, and the next event continues the same chain."""
    escribir(6)
    sellar_bitacora()
    call_command("respaldar", str(tmp_path / "copia"))
    settings.STORAGES = _en(settings, tmp_path / "restaurados")
    salida = StringIO()
    call_command("restaurar", str(tmp_path / "copia"), stdout=salida)
    assert "Bitácora comprobada: 6 sucesos y 1 sellos." in salida.getvalue()
    with usando(destino):
        assert rupturas() == []
        escribir(3)
        assert rupturas() == []


@pytest.mark.parametrize(
    ("orden", "dicho"),
    [
        ("update bitacora_suceso set accion = 'x' where cadena = 'entidad-1' and posicion = 2",
         "entidad-1, lugar 2: su contenido cambió."),
        ("delete from bitacora_suceso where cadena = 'sistema'; delete from bitacora_cabeza where cadena = 'sistema'",
         "sistema, lugar 1: falta: el sello llegaba más lejos."),
    ],
)  # fmt: skip
def test_una_bitacora_cambiada_se_descubre_al_restaurar(
    superusuario, destino: str, tmp_path: Path, settings, orden: str, dicho: str
) -> None:
    """R9: equal to the backup is not enough: what was backed up is read against its chain and its seals. What was
    restored stays, for whoever must look at it."""
    escribir(6)
    sellar_bitacora()
    superusuario.execute(orden)
    call_command("respaldar", str(tmp_path / "copia"))
    settings.STORAGES = _en(settings, tmp_path / "restaurados")
    with pytest.raises(CommandError, match="su bitácora no es como se escribió") as falla:
        call_command("restaurar", str(tmp_path / "copia"), stdout=StringIO())
    assert dicho in str(falla.value)
    with usando(destino), como_sistema("prueba"), transaction.atomic():
        assert Suceso.objects.count() in {4, 6}


def test_un_sello_posterior_a_la_copia_no_va_en_ella(
    base_propia: str, destino: str, monkeypatch, tmp_path: Path, settings
) -> None:
    """It would promise what the dump has not, and every restore would look like a cut tail."""
    escribir(6)
    volcar = respaldo._pg

    def con_trafico(programa, conexion, *opciones):
        if programa == "pg_dump":
            escribir(3)
            sellar_bitacora()
        volcar(programa, conexion, *opciones)

    monkeypatch.setattr(respaldo, "_pg", con_trafico)
    call_command("respaldar", str(tmp_path / "copia"))
    settings.STORAGES = _en(settings, tmp_path / "restaurados")
    salida = StringIO()
    call_command("restaurar", str(tmp_path / "copia"), stdout=salida)
    assert "6 sucesos y 0 sellos" in salida.getvalue()
