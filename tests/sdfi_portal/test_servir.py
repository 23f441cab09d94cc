"""`servir` for real: its processes are killed, its folder survives, two copies ignore each other."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from sdfi_portal.pila.uso import Servidores
from tests.soporte.pila import RAIZ_PROYECTO, Pila, esperar, vivo

TODOS = ("web", "trabajador", "reloj", "correo", "postgres", "valkey")


@pytest.fixture(scope="module")
def nueva(tmp_path_factory) -> Path:
    """The folder of an installation that nobody has started."""
    return tmp_path_factory.mktemp("instalación con espacios") / ("x" * 60)


@pytest.fixture(scope="module")
def primera(nueva: Path) -> subprocess.CompletedProcess[str]:
    """The first command that is given in it."""
    pila = Pila(nueva)
    orden = pila.orden("recontar", "--json")
    return subprocess.run(orden, cwd=RAIZ_PROYECTO, env=pila.entorno, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def pila(nueva: Path, primera: subprocess.CompletedProcess[str]) -> Pila:
    """One installation for the module. Its folder is too deep for a socket: the short path is exercised too."""
    pila = Pila(nueva, "--sin-demo").iniciar()
    yield pila
    pila.detener()


def anotar(pila: Pila, clave: str) -> None:
    pila.consultar("create table if not exists anotado (clave text)")
    pila.consultar("insert into anotado values (%s)", [clave])


def anotadas(pila: Pila) -> list[str]:
    return [clave for (clave,) in pila.consultar("select clave from anotado order by 1")]


def test_la_primera_orden_encuentra_tablas_y_catalogos(primera, pila):
    """A fresh clone needs no `script/server` before its first command, and its output is only its own."""
    assert primera.returncode == 0, primera.stderr
    assert "se preparan sus tablas y catálogos, una sola vez" in primera.stderr
    assert json.loads(primera.stdout)
    assert pila.consultar("select count(*) from direcciones_entidad")[0][0] > 90


def test_sirve_y_dice_que_esta_bien(pila):
    salud = pila.salud()
    assert salud["componentes"]["base_de_datos"] == "bien"
    assert salud["componentes"]["redis"] == "bien"
    assert salud["componentes"]["correo"] == "bien"
    assert all(pila.pid(nombre) for nombre in TODOS)
    assert f"listo en {pila.url}/" in pila.texto()


def test_las_carpetas_son_solo_del_dueno(pila):
    """Whoever reaches a socket is trusted: nobody else may."""
    for carpeta in ("sockets", "llaves", "registro", "archivos", "correo"):
        ruta = getattr(pila.rutas, carpeta)
        assert ruta.stat().st_mode & 0o077 == 0, ruta
    assert (pila.rutas.llaves / "secret_key").stat().st_mode & 0o077 == 0


def test_nada_escucha_fuera_de_la_maquina(pila):
    escuchas = subprocess.run(["ss", "-Hltn"], capture_output=True, text=True, check=False).stdout
    if not escuchas:
        pytest.skip("no hay ss en esta máquina")
    assert f"127.0.0.1:{pila.puerto}" in escuchas
    assert f"0.0.0.0:{pila.puerto}" not in escuchas


@pytest.mark.parametrize("nombre", TODOS)
def test_un_hijo_muerto_vuelve(pila, nombre):
    anterior = pila.matar(nombre)
    assert pila.esperar_otro(nombre, anterior)
    esperar(lambda: pila_atiende(pila))


def pila_atiende(pila: Pila) -> bool:
    try:
        componentes = pila.salud()["componentes"]
    except OSError:
        return False
    return all(componentes[nombre] == "bien" for nombre in ("base_de_datos", "redis", "correo"))


def test_un_segundo_servidor_en_la_misma_carpeta_se_niega(pila):
    assert "Ya hay un portal sirviendo desde esta carpeta" in pila.gestionar("servir", codigo=1)


def test_una_orden_usa_los_servidores_que_ya_estan(pila):
    antes = pila.pid("postgres"), pila.pid("valkey")
    assert "No migrations to apply" in pila.gestionar("migrate")
    assert (pila.pid("postgres"), pila.pid("valkey")) == antes


def test_con_servidores_externos_no_inicia_nada(pila, tmp_path):
    """DATABASE_URL from outside: the same code, and no server of our own."""
    otra = Pila(tmp_path / "externa")
    salida = otra.gestionar("migrate", "--check", DATABASE_URL=pila.dsn("sdfi_web"), codigo=1)
    assert "Defina DATABASE_URL_MIGRADOR" in salida
    externas = {"DATABASE_URL": pila.dsn("sdfi_web"), "DATABASE_URL_MIGRADOR": pila.dsn("sdfi_migrador")}
    assert "No migrations to apply" in otra.gestionar("migrate", **externas)
    assert not otra.rutas.postgres.exists()
    assert otra.pid("postgres") == otra.pid("valkey") == 0


def test_respaldo_y_restauracion_con_las_ordenes(pila, tmp_path):
    """With the portal serving, into an installation that does not exist yet (F15)."""
    (pila.rutas.archivos / "ab").mkdir()
    (pila.rutas.archivos / "ab" / "carta.pdf").write_bytes(b"%PDF-1.7 carta")
    otra = Pila(tmp_path / "restaurada")
    assert "1 archivos" in pila.gestionar("respaldar", str(tmp_path / "copia"))
    assert "Restaurado e igual" in otra.gestionar("restaurar", str(tmp_path / "copia"))
    assert "no está vacía" in otra.gestionar("restaurar", str(tmp_path / "copia"), codigo=1)
    assert (otra.rutas.archivos / "ab" / "carta.pdf").read_bytes() == b"%PDF-1.7 carta"
    consulta = "select count(*), md5(string_agg(e::text, '|' order by id)) from direcciones_entidad e"
    with Servidores(otra.rutas):
        assert otra.consultar(consulta) == pila.consultar(consulta)
        assert otra.consultar("select count(*) > 50 from direcciones_entidad") == [(True,)]


def test_dos_copias_no_se_estorban(pila, tmp_path):
    """Another folder is another portal; a port in use is said plainly."""
    otra = Pila(tmp_path / "otra", "--sin-demo")
    ocupada = otra.gestionar("servir", f"--port={pila.puerto}", codigo=1)
    assert f"El puerto {pila.puerto} está ocupado" in ocupada
    otra.iniciar()
    try:
        anotar(otra, "solo en la otra")
        assert pila.salud()["componentes"]["base_de_datos"] == "bien"
        assert pila.consultar("select to_regclass('anotado')") == [(None,)]
        assert otra.pid("postgres") != pila.pid("postgres")
    finally:
        assert otra.detener() == 0
    assert pila.salud()


def test_los_datos_sobreviven_a_matarlo_todo(pila):
    """kill -9 of everything: what was committed is there, no orphan keeps a port, the same port serves again."""
    anotar(pila, "antes de matar")
    llave = (pila.rutas.llaves / "secret_key").read_text()
    pila.matar_todo()
    pila.iniciar()
    assert anotadas(pila) == ["antes de matar"]
    assert (pila.rutas.llaves / "secret_key").read_text() == llave


def test_los_huerfanos_se_recogen(pila):
    """kill -9 of the supervisor alone leaves its children running: the next start replaces them."""
    viejos = {nombre: pila.pid(nombre) for nombre in TODOS}
    os.kill(pila.supervisor.pid, signal.SIGKILL)
    pila.supervisor.wait(10)
    pila.iniciar()
    assert all(pila.pid(nombre) not in {0, viejos[nombre]} for nombre in ("web", "trabajador", "reloj", "correo"))
    assert not any(vivo(viejos[nombre]) for nombre in ("web", "trabajador", "reloj", "correo"))


def test_al_detenerse_no_queda_nada(pila):
    pids = [pila.pid(nombre) for nombre in TODOS]
    assert pila.detener() == 0
    assert "Portal detenido." in pila.texto()
    assert not any(vivo(pid) for pid in pids)
