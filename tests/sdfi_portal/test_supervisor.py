"""The supervisor's rules on small processes: pauses, adoption, leftovers."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from sdfi_portal.pila.proceso import Proceso
from sdfi_portal.pila.rutas import Rutas
from sdfi_portal.pila.supervisor import PAUSA_MAXIMA, VIDA_SANA, Hijo, detener, pausa, vigilar
from tests.soporte.pila import esperar

DORMIR = [sys.executable, "-c", "import time; time.sleep(600)"]
TERCO = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('listo', flush=True); time.sleep(600)",
]
CON_NIETO = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(p.pid, flush=True); time.sleep(600)",
]


@pytest.fixture
def rutas(tmp_path) -> Rutas:
    return Rutas.de(tmp_path)


@pytest.fixture
def hacer(rutas):
    """Make processes that do not outlive the test."""
    hechos = []

    def uno(orden=DORMIR, nombre="hijo"):
        hechos.append(Proceso(nombre, orden, rutas))
        return hechos[-1]

    yield uno
    for proceso in hechos:
        proceso.detener(espera=0.1)


def test_la_pausa_crece_hasta_un_tope():
    assert [pausa(n) for n in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert pausa(100) == PAUSA_MAXIMA


def test_el_primer_reinicio_es_inmediato_y_los_siguientes_esperan(hacer):
    proceso = hacer()
    hijo = Hijo(proceso, proceso.iniciar)
    proceso.iniciar()
    hijo.desde = 100.0
    for muerte, vuelve in ((110.0, 110.0), (120.0, 121.0), (130.0, 132.0)):
        os.kill(proceso.pid(), signal.SIGKILL)
        esperar(lambda: not proceso.vivo())
        if vuelve > muerte:
            assert not hijo.revisar(muerte)
            assert not hijo.revisar(vuelve - 0.01)
        assert hijo.revisar(vuelve)


def test_quien_no_logra_iniciar_se_intenta_otra_vez(hacer):
    """F05: PostgreSQL killed again while it starts must not take the supervisor, and with it the portal, down."""
    proceso, avisos = hacer(), []
    intentos = iter([OSError("lo mataron al iniciar"), RuntimeError("y otra vez"), None])

    def iniciar() -> None:
        if falla := next(intentos):
            raise falla
        proceso.iniciar()

    class Suficiente(BaseException):
        """As Ctrl-C."""

    def avisar(texto: str) -> None:
        avisos.append(texto)
        if "se inició de nuevo" in texto:
            raise Suficiente

    with pytest.raises(Suficiente):
        vigilar([Hijo(proceso, iniciar)], avisar)

    assert proceso.vivo()
    assert ["no volvió a iniciar" in texto for texto in avisos] == [True, True, False]
    assert "lo mataron al iniciar" in avisos[0]


def test_quien_vivio_sano_empieza_de_cero(hacer):
    proceso = hacer()
    hijo = Hijo(proceso, proceso.iniciar, fallas=7, desde=100.0)
    assert hijo.revisar(100.0 + VIDA_SANA + 1)
    assert hijo.fallas == 1


def test_un_vivo_no_se_toca(hacer):
    proceso = hacer()
    proceso.iniciar()
    pid = proceso.pid()
    assert not Hijo(proceso, proceso.iniciar, desde=1.0).revisar(2.0)
    assert proceso.pid() == pid


def test_detener_no_deja_nietos(hacer):
    proceso = hacer(CON_NIETO)
    proceso.iniciar()
    esperar(lambda: proceso.ultimas_lineas().strip().isdigit())
    nieto = int(proceso.ultimas_lineas())
    detener([Hijo(proceso, proceso.iniciar)])
    esperar(lambda: not psutil.pid_exists(nieto))


def test_los_nietos_de_un_muerto_tambien_se_recogen(hacer, rutas):
    """The leader was killed with -9; a later start, which only has the file, finds what it left."""
    proceso = hacer(CON_NIETO)
    proceso.iniciar()
    esperar(lambda: proceso.ultimas_lineas().strip().isdigit())
    nieto = int(proceso.ultimas_lineas())
    os.kill(proceso.pid(), signal.SIGKILL)
    esperar(lambda: not proceso.vivo())
    assert psutil.pid_exists(nieto)
    proceso._hijo.wait()
    Proceso("hijo", [], rutas).detener(espera=1)
    esperar(lambda: not psutil.pid_exists(nieto))


def test_al_terco_se_le_mata(hacer):
    proceso = hacer(TERCO)
    proceso.iniciar()
    esperar(lambda: "listo" in proceso.ultimas_lineas())
    proceso.detener(espera=0.2)
    assert not proceso.vivo()
    assert not proceso.marca.exists()


def test_un_numero_reciclado_no_es_el_hijo(hacer, rutas):
    """Its file names a pid that a stranger has now: nobody is killed."""
    ajeno = subprocess.Popen(DORMIR, start_new_session=True)
    try:
        recordado = Proceso("hijo", DORMIR, rutas)
        recordado.marca.write_text(json.dumps([ajeno.pid, time.time() - 3600]))
        assert not recordado.vivo()
        recordado.detener(espera=0.1)
        assert ajeno.poll() is None
    finally:
        ajeno.kill()
        ajeno.wait()


def test_la_ruta_honda_usa_sockets_cortos(tmp_path):
    """The kernel refuses socket paths of 108 bytes; two installations never share the short one."""
    honda, otra = Rutas.de(tmp_path / ("a" * 120)), Rutas.de(tmp_path / ("b" * 120))
    try:
        assert len(str(honda.sockets)) < 60
        assert (honda.var / "sockets").resolve() == honda.sockets
        assert honda.sockets != otra.sockets
        assert honda.sockets.stat().st_mode & 0o777 == 0o700
    finally:
        honda.sockets.rmdir()
        otra.sockets.rmdir()
