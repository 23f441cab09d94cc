"""Filing while the worker, Redis or PostgreSQL die or are busy, with the processes of `script/server` (F02–F06).

Nothing that was accepted is lost or done twice, nobody sees more than «vuelva a intentar», and the portal heals alone.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from tests.soporte.pila import Pila
from tests.soporte.tormenta import Navegante, Oraculo, comprobar, preparar, tormenta

pytestmark = pytest.mark.larga
CURACION = 15.0  # seconds (F05)
DRENADO = 60.0  # F02, F03


@pytest.fixture(scope="module")
def pila(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pila]:
    """A portal of this module alone: its processes are killed."""
    suya = Pila(tmp_path_factory.mktemp("fallas"), "--demo-corta").iniciar()
    yield suya
    suya.detener()


@pytest.fixture(scope="module")
def enlace(pila: Pila) -> Navegante:
    return Navegante(pila)


@pytest.fixture
def oraculo(tmp_path: Path) -> Oraculo:
    return Oraculo(tmp_path / "aceptadas.txt")


def contar(nombre: str, oraculo: Oraculo, **cifras: float) -> None:
    medidas = ", ".join(f"{que} {cuanto:.1f}" for que, cuanto in cifras.items())
    print(f"\n{nombre}: respuestas {dict(oraculo.estados)}, la más lenta {oraculo.peor():.1f} s, {medidas}")


def test_doscientas_veces_el_mismo_boton(pila: Pila, enlace: Navegante, oraculo: Oraculo) -> None:
    """C01: 200 drafts, each sent by 2 to 20 at once through the real web: one solicitud each, one answer for all."""
    pedidos = preparar(pila, enlace, 200, "boton")
    with ThreadPoolExecutor(20) as hilos:
        for numero, pedido in enumerate(pedidos):
            envios = [
                hilos.submit(enlace.pedir, "POST", pedido.url, acepta_datos="on") for _ in range(2 + numero % 19)
            ]
            respuestas = [envio.result() for envio in envios]
            assert {respuesta.estado for respuesta in respuestas} == {302}
            assert len({respuesta.destino for respuesta in respuestas}) == 1
            oraculo.anotar(pedido, 0.0, respuestas[0])
    comprobar(pila, oraculo, pedidos, espera=2 * DRENADO)


def test_se_mata_al_trabajador_entero(pila: Pila, enlace: Navegante, oraculo: Oraculo) -> None:
    """F02: kill -9 of the worker and its children, three times while filings arrive: nobody notices, all is told."""

    def matar() -> None:
        for proceso in [*(padre := psutil.Process(pila.pid("trabajador"))).children(recursive=True), padre]:
            proceso.kill()

    pedidos = preparar(pila, enlace, 120, "trabajador")
    tormenta(enlace, pedidos, oraculo, por_segundo=10, fallas={2: matar, 6: matar, 10: matar})
    assert set(oraculo.estados) == {302}
    contar("F02", oraculo, drenado=comprobar(pila, oraculo, pedidos, espera=DRENADO))


def test_redis_se_calla_y_se_muere(pila: Pila, enlace: Navegante, oraculo: Oraculo) -> None:
    """F03: Redis stopped for six seconds and then killed: every filing is accepted, every notice leaves afterwards."""
    pedidos = preparar(pila, enlace, 120, "redis")
    fallas = {
        2: lambda: os.kill(pila.pid("valkey"), signal.SIGSTOP),
        8: lambda: pila.matar("valkey"),
        9: lambda: pila.esperar_otro("valkey", 0),
    }
    tormenta(enlace, pedidos, oraculo, por_segundo=10, fallas=fallas)
    assert set(oraculo.estados) == {302}
    contar("F03", oraculo, drenado=comprobar(pila, oraculo, pedidos, espera=DRENADO))


def test_redis_se_vacia_bajo_carga(pila: Pila, enlace: Navegante, oraculo: Oraculo) -> None:
    """F04: FLUSHALL twelve times while filings arrive: none lost, every notice leaves, nobody is signed out."""

    def vaciar() -> None:
        with redis.Redis(unix_socket_path=str(pila.rutas.sockets / "valkey.sock")) as cliente:
            assert cliente.flushall()

    colega = Navegante(pila, "asesor@demo.example")
    pedidos = preparar(pila, enlace, 120, "vaciado")
    tormenta(enlace, pedidos, oraculo, por_segundo=10, fallas=dict.fromkeys(range(12), vaciar))
    assert set(oraculo.estados) == {302}
    assert colega.pedir("GET", "/cuenta/").estado == enlace.pedir("GET", "/mis-solicitudes/").estado == 200
    contar("F04", oraculo, drenado=comprobar(pila, oraculo, pedidos, espera=DRENADO))


def test_postgres_sin_conexiones(pila: Pila, enlace: Navegante, oraculo: Oraculo) -> None:
    """F06: somebody holds every connection for four seconds: 503 or a radicado, nothing by halves, and it heals."""

    def acaparar() -> None:
        tomadas = []
        limite = time.monotonic() + 4
        while time.monotonic() < limite:
            try:
                tomadas.append(psycopg2.connect(pila.dsn("sdfi_web")))
            except psycopg2.OperationalError:
                # Those the portal already has are closed too: it must ask for new ones.
                pila.consultar(
                    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'sdfi_web'"
                    " and pid <> all(%s)",
                    [[conexion.get_backend_pid() for conexion in tomadas]],
                )
                time.sleep(0.2)
        for conexion in tomadas:
            conexion.close()

    _bajo_aprietos(pila, enlace, oraculo, "conexiones", acaparar)


@pytest.mark.parametrize("tabla", ["solicitudes_contador", "solicitudes_movimiento", "bandeja_entrega"])
def test_postgres_con_una_tabla_tomada(pila: Pila, enlace: Navegante, oraculo: Oraculo, tabla: str) -> None:
    """F06: a lock that lasts longer than what a filing waits, taken at its start, middle or end: the same."""

    def cerrar() -> None:
        with psycopg2.connect(pila.dsn("postgres")) as otra, otra.cursor() as cursor:
            cursor.execute(f"lock table {tabla} in access exclusive mode")
            time.sleep(10)  # longer than the 8 s that a filing waits for its turn
        otra.close()

    _bajo_aprietos(pila, enlace, oraculo, tabla, cerrar)


def test_un_estado_a_medias_se_nota(pila: Pila, enlace: Navegante, oraculo: Oraculo) -> None:
    """Negative control of F06: what `a_medias` looks for, it finds."""
    pedidos = preparar(pila, enlace, 1, "control")
    tormenta(enlace, pedidos, oraculo, por_segundo=1, fallas={})
    comprobar(pila, oraculo, pedidos, espera=DRENADO)  # nobody writes about it any more
    [(radicado, _)] = oraculo.aceptadas
    assert a_medias(pila) == []
    for tabla, columna in ACOMPANAN.items():
        quita = f"set session_replication_role = replica; begin; delete from {tabla} where {columna} = (select id "
        quita += f"from solicitudes_solicitud where radicado = '{radicado}'); {_A_MEDIAS}"
        assert pila.consultar(quita) == [(radicado,)], tabla  # the connection closes without commit


# What every filing leaves in the same transaction. Shape: table → its column of the solicitud.
ACOMPANAN = {
    "solicitudes_parte": "solicitud_id",
    "solicitudes_movimiento": "solicitud_id",
    "solicitudes_constanciaradicacion": "solicitud_id",
    "bitacora_suceso": "solicitud_id",
    "bandeja_entrega": "solicitud_id",
}
_A_MEDIAS = "select radicado from solicitudes_solicitud s where " + " or ".join(
    f"not exists (select 1 from {tabla} x where x.{columna} = s.id)" for tabla, columna in ACOMPANAN.items()
)


def a_medias(pila: Pila) -> list[str]:
    return [radicado for (radicado,) in pila.consultar(_A_MEDIAS)]


def _bajo_aprietos(pila: Pila, enlace: Navegante, oraculo: Oraculo, lote: str, aprieto: Callable[[], None]) -> None:
    pedidos = preparar(pila, enlace, 60, lote)
    golpes = tormenta(enlace, pedidos, oraculo, por_segundo=10, fallas={1: aprieto})
    assert set(oraculo.estados) == {302, 503}, "la falla debía sentirse"
    drenado = comprobar(pila, oraculo, pedidos, espera=DRENADO)
    assert a_medias(pila) == []
    contar(f"F06 {lote}", oraculo, curación=oraculo.curacion(golpes[0]), drenado=drenado)


def test_postgres_se_muere_mientras_llegan(pila: Pila, enlace: Navegante, oraculo: Oraculo) -> None:
    """F05: PostgreSQL killed and stopped at once under 20 filings a second: 0 accepted lost, others get 503 with
    Retry-After (`radicar` accepts no other answer), and it takes filings again in 15 s."""
    pedidos = preparar(pila, enlace, 240, "postgres")
    fallas = {
        2: lambda: pila.matar("postgres"),
        7: lambda: os.kill(pila.pid("postgres"), signal.SIGQUIT),  # pg_ctl stop -m immediate
    }
    inicio = time.monotonic()
    golpes = tormenta(enlace, pedidos, oraculo, por_segundo=20, fallas=fallas)
    ritmo = len(pedidos) / (time.monotonic() - inicio)
    assert set(oraculo.estados) == {302, 503}, "la falla debía sentirse"
    curaciones = [oraculo.curacion(golpe) for golpe in golpes]
    drenado = comprobar(pila, oraculo, pedidos, espera=DRENADO)
    contar("F05", oraculo, curación=max(curaciones), por_segundo=ritmo, drenado=drenado)
    assert max(curaciones) <= CURACION
