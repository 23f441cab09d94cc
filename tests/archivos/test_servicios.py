"""From the upload to the verdict, with the rows of a real model (security.md U06, U07, U11; §5.1)."""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from alcance import como_sistema
from archivos import almacen
from archivos.antivirus import EstadoAntivirus
from archivos.errores import ArchivoRehusado
from archivos.services import barrer_huerfanos, recibir, revisar, revisar_pendientes
from solicitudes.models import Archivo, Borrador
from tests.archivos import muestras
from tests.archivos.clamd_de_prueba import FIRMA_DE_PRUEBA, ClamdDePrueba
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _almacen(settings, tmp_path: Path) -> None:
    opciones = settings.STORAGES["default"]["OPTIONS"] | {"location": tmp_path}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": opciones}}


@pytest.fixture
def guardar(elenco: Elenco) -> Iterator:
    """`guardar(b"…")` → a row of a draft; everything inside acts as the system."""
    with como_sistema("prueba"):
        borrador = Borrador.objects.create(persona=elenco.enlace, entidad=elenco.secretaria)

        def poner(contenido: bytes = b"hola", nombre: str = "nota.txt") -> Archivo:
            recibido = recibir(SimpleUploadedFile(nombre, contenido, content_type=""))
            return Archivo.objects.create(**recibido.campos(), borrador=borrador, subido_por=elenco.enlace)

        yield poner


@pytest.fixture
def clamd(settings) -> Iterator[ClamdDePrueba]:
    """Configured and not yet running: `with clamd:` starts it."""
    with tempfile.TemporaryDirectory(prefix="clamd-") as carpeta:
        servidor = ClamdDePrueba(Path(carpeta))
        settings.ANTIVIRUS_CLAMD = servidor.ajuste
        yield servidor


def estado(archivo: Archivo) -> str:
    archivo.refresh_from_db()
    return archivo.estado_antivirus


def test_lo_rehusado_no_deja_rastro(tmp_path: Path) -> None:
    with pytest.raises(ArchivoRehusado):
        recibir(SimpleUploadedFile("virus.exe", b"MZ", content_type="text/plain"))
    assert list(tmp_path.rglob("*")) == []


def test_sin_antivirus_se_guarda_y_se_puede_descargar(guardar) -> None:
    archivo = guardar(muestras.pdf(lambda d: d.attachments.__setitem__("a.xml", b"<x/>")), "acta.pdf")
    assert (archivo.tipo, archivo.estado_antivirus, archivo.se_puede_descargar) == ("pdf", "sin_antivirus", True)
    assert archivo.advertencias == ["Lleva otros archivos por dentro."] and archivo.tipo_servido == "application/pdf"
    assert almacen.huella_de(archivo.ruta) == (archivo.bytes, archivo.sha256)


def test_de_en_revision_a_limpio_o_infectado(guardar, clamd: ClamdDePrueba) -> None:
    """U06: clamd down, the file is kept and waits; back, the sweep clears it; each verdict is given once."""
    limpio, infectado = guardar(b"hola"), guardar(b"malo " + FIRMA_DE_PRUEBA)
    assert not limpio.se_puede_descargar
    assert revisar(Archivo, limpio.pk) is None and revisar_pendientes(Archivo) == {}
    assert estado(limpio) == "en_revision"
    with clamd:
        assert revisar_pendientes(Archivo) == {
            limpio.pk: EstadoAntivirus.LIMPIO,
            infectado.pk: EstadoAntivirus.INFECTADO,
        }
        assert revisar_pendientes(Archivo) == {} and revisar(Archivo, infectado.pk) is None
    assert (estado(limpio), estado(infectado)) == ("limpio", "infectado")
    assert infectado.antivirus_detalle == "Prueba" and infectado.revisado_en and not infectado.se_puede_descargar


def test_lo_demasiado_grande_no_tapa_a_los_demas(guardar, clamd: ClamdDePrueba) -> None:
    """U07: never clean; the sweep looks first at what it has not tried."""
    clamd.maximo = 10
    grandes, chico = [guardar(b"grande " * n) for n in (5, 6)], guardar(b"chico")
    with clamd:
        assert revisar_pendientes(Archivo, maximo=3) == {chico.pk: EstadoAntivirus.LIMPIO}
        otro = guardar(b"otro")
        assert revisar_pendientes(Archivo, maximo=1) == {otro.pk: EstadoAntivirus.LIMPIO}
    assert {estado(grande) for grande in grandes} == {"en_revision"}
    assert "StreamMaxLength" in grandes[0].antivirus_detalle


def test_huerfanos_de_una_transaccion_deshecha(guardar) -> None:
    """§5.1: a rollback leaves a file without a row; it goes after a day, and nothing else does."""
    quedo = guardar()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        deshecho = guardar(b"deshecho")
        raise ZeroDivisionError
    manana = timezone.now() + timedelta(hours=25)
    assert barrer_huerfanos() == []
    assert barrer_huerfanos(ahora=manana) == [deshecho.ruta]
    assert default_storage.exists(quedo.ruta) and barrer_huerfanos(ahora=manana) == []


def test_verificar_archivos(guardar, tmp_path: Path) -> None:
    """U11: the bytes served are the bytes received, for ever; a change or a loss is named."""
    salida, errores = StringIO(), StringIO()
    cambiado, perdido, bueno = guardar(), guardar(b"otro"), guardar(b"bueno")
    call_command("verificar_archivos", stdout=salida)
    assert "Todos los archivos coinciden" in salida.getvalue()
    (tmp_path / cambiado.ruta).write_bytes(b"hole")
    (tmp_path / perdido.ruta).unlink()
    with pytest.raises(CommandError, match="2 archivos no coinciden"):
        call_command("verificar_archivos", stderr=errores)
    assert errores.getvalue().splitlines() == [
        f"solicitudes.Archivo {cambiado.pk}: su contenido cambió",
        f"solicitudes.Archivo {perdido.pk}: no está en el almacén",
    ]
    assert str(bueno.pk) not in errores.getvalue().replace(str(cambiado.pk), "").replace(str(perdido.pk), "")


@pytest.mark.parametrize("falso", [{"sha256": "x" * 64}, {"bytes": 0}, {"estado_antivirus": "ok"}])
def test_lo_que_la_base_no_acepta(guardar, falso: dict) -> None:
    """Bytes and digest never change; the state is one of the known ones."""
    archivo = guardar()
    with pytest.raises(DatabaseError), transaction.atomic():
        Archivo.objects.filter(pk=archivo.pk).update(**falso)
