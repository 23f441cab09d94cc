"""Filing while the worker, Redis or PostgreSQL die, with the processes that `script/server` starts (F02, F03, F05).

Nothing that was accepted is lost or done twice, nobody sees more than «vuelva a intentar», and the portal heals alone.
"""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from tests.soporte.pila import Pila
from tests.soporte.tormenta import Navegante, Oraculo, comprobar, preparar, tormenta

pytestmark = pytest.mark.larga
CURACION = 15.0  # seconds (F05)
DRENADO = 60.0  # F02, F03


@pytest.fixture(scope="module")
def pila(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pila]:
    """A portal of this module alone: its processes are killed."""
    suya = Pila(tmp_path_factory.mktemp("fallas")).iniciar()
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
