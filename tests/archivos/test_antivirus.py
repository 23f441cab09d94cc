"""The antivirus fails closed on the file and open on the request (security.md U06, U07)."""

import io
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archivos import antivirus
from archivos.antivirus import DESCARGABLES, EstadoAntivirus, examinar
from tests.archivos.clamd_de_prueba import FIRMA_DE_PRUEBA, ClamdDePrueba

# The industry's test file (eicar.org), split so that no scanner takes this module for one.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def carpeta() -> Iterator[Path]:
    """A short path: Unix sockets hold less than 108 bytes."""
    with tempfile.TemporaryDirectory(prefix="clamd-") as nombre:
        yield Path(nombre)


def test_sin_antivirus_se_dice_y_se_puede_descargar(settings) -> None:
    settings.ANTIVIRUS_CLAMD = ""
    assert antivirus.estado_inicial() == EstadoAntivirus.SIN_ANTIVIRUS
    assert examinar(io.BytesIO(b"x")).estado == EstadoAntivirus.SIN_ANTIVIRUS


def test_limpio_infectado_y_latido(settings, carpeta) -> None:
    """U06: the whole stream arrives; only an explicit OK is clean."""
    with ClamdDePrueba(carpeta) as clamd:
        settings.ANTIVIRUS_CLAMD = clamd.ajuste
        assert antivirus.responde() and antivirus.estado_inicial() == EstadoAntivirus.EN_REVISION
        assert examinar(io.BytesIO(b"a" * 200_000)).estado == EstadoAntivirus.LIMPIO
        hallado = examinar(io.BytesIO(b"x" + FIRMA_DE_PRUEBA))
        assert (hallado.estado, hallado.detalle) == (EstadoAntivirus.INFECTADO, "Prueba")
        assert clamd.flujos == [b"a" * 200_000, b"x" + FIRMA_DE_PRUEBA]


def test_flujo_demasiado_largo_no_es_limpio(settings, carpeta) -> None:
    """U07: StreamMaxLength exceeded is *not examined*."""
    with ClamdDePrueba(carpeta, maximo=1000) as clamd:
        settings.ANTIVIRUS_CLAMD = clamd.ajuste
        dictamen = examinar(io.BytesIO(b"a" * 30_000_000))
    assert dictamen.estado == EstadoAntivirus.EN_REVISION and dictamen.estado not in DESCARGABLES


@pytest.mark.parametrize(
    "respuesta", [b"", b"\0", b"stream: Can't allocate memory ERROR\0", b"OK\0", b"stream: OK FOUN\0"]
)
def test_respuestas_raras_no_son_limpio(settings, carpeta, respuesta: bytes) -> None:
    with ClamdDePrueba(carpeta, respuesta=respuesta) as clamd:
        settings.ANTIVIRUS_CLAMD = clamd.ajuste
        assert examinar(io.BytesIO(b"a")).estado == EstadoAntivirus.EN_REVISION


def test_clamd_caido(settings, carpeta) -> None:
    """U06: nobody at the socket, nobody at the port: *en revisión*, without raising."""
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        puerto = libre.getsockname()[1]
    for ajuste in (f"unix:{carpeta}/nada.sock", f"tcp:127.0.0.1:{puerto}"):
        settings.ANTIVIRUS_CLAMD = ajuste
        assert not antivirus.responde()
        dictamen = examinar(io.BytesIO(b"a"))
        assert dictamen.estado == EstadoAntivirus.EN_REVISION and "no responde" in dictamen.detalle


@pytest.mark.larga
@pytest.mark.skipif(shutil.which("clamd") is None, reason="sin clamd en esta máquina (paquete clamav-daemon)")
def test_con_el_clamd_de_verdad(settings, carpeta) -> None:
    """U06, U07 against ClamAV itself with a signature of our own."""
    (carpeta / "db").mkdir()
    (carpeta / "db" / "propia.ndb").write_text(f"Prueba.Eicar:0:*:{EICAR.hex()}\n")
    ajustes = f"""Foreground yes\nLocalSocket {carpeta}/c.sock\nDatabaseDirectory {carpeta}/db\nStreamMaxLength 1M\n"""
    (carpeta / "clamd.conf").write_text(ajustes + f"PidFile {carpeta}/pid\nUser root\n")
    settings.ANTIVIRUS_CLAMD = f"unix:{carpeta}/c.sock"
    proceso = subprocess.Popen(["clamd", f"--config-file={carpeta}/clamd.conf"], stdout=subprocess.DEVNULL)
    try:
        limite = time.monotonic() + 60
        while not antivirus.responde():
            assert proceso.poll() is None and time.monotonic() < limite
            time.sleep(0.1)
        assert examinar(io.BytesIO(b"hola")).estado == EstadoAntivirus.LIMPIO
        hallado = examinar(io.BytesIO(EICAR))
        assert hallado.estado == EstadoAntivirus.INFECTADO and "Prueba.Eicar" in hallado.detalle
        dictamen = examinar(io.BytesIO(b"a" * 5_000_000))
        assert dictamen.estado == EstadoAntivirus.EN_REVISION and "StreamMaxLength" in dictamen.detalle
    finally:
        proceso.terminate()
        proceso.wait(20)
    assert examinar(io.BytesIO(EICAR)).estado == EstadoAntivirus.EN_REVISION
