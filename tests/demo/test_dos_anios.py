"""The two years as a person meets them: the portal opens with the recent weeks; the rest loads while it is used."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.cargar import NORMAL
from tests.soporte.pila import Pila, esperar
from tests.soporte.tormenta import Navegante, Oraculo, preparar, radicar

pytestmark = pytest.mark.larga
TODO = 1800  # seconds: a machine shared with others may be slow; the promise is measured, not asserted
MIENTRAS = 3
# The ten example messages are received too: some of them are solicitudes.
DE_LOS_CORREOS = """solicitudes_solicitud
    where id in (select solicitud_id from buzones_correo where clase = 'nueva_solicitud')"""


@pytest.fixture
def pila(tmp_path: Path) -> Iterator[Pila]:
    suya = Pila(tmp_path / "pila").iniciar()
    yield suya
    suya.detener()


def contar(pila: Pila, de: str) -> int:
    return int(pila.consultar(f"select count(*) from {de}")[0][0])


def test_se_carga_detras_mientras_alguien_radica_y_aunque_lo_maten(pila: Pila, tmp_path: Path) -> None:
    [(total,)] = pila.consultar("select historias from demo_simulacion")
    assert 0.97 * NORMAL < total <= NORMAL
    assert 20 < contar(pila, "demo_historiavivida") < total
    assert pila.pid("demostracion")
    quien, oraculo = Navegante(pila), Oraculo(tmp_path / "aceptadas.txt")
    assert "Se están cargando los dos años de ejemplo" in quien.pedir("GET", "/mis-solicitudes/").cuerpo
    [maximo] = pila.consultar("select max(ultimo) from solicitudes_contador where serie = 'AT-DEMO'")[0]
    pedidos = preparar(pila, quien, MIENTRAS, "mientras")
    for pedido in pedidos:
        radicar(quien, pedido, oraculo)
    en_vivo = [radicado for radicado, _ in oraculo.aceptadas]
    assert len(en_vivo) == MIENTRAS
    assert sorted(int(radicado[-6:]) for radicado in en_vivo) == [maximo + n for n in range(1, MIENTRAS + 1)]

    esperar(lambda: contar(pila, "demo_historiavivida") > NORMAL // 5, TODO)
    pila.matar("demostracion")
    salida = pila.gestionar("cargar_demo")  # waits for what is left of the other, and goes on
    print(salida)
    assert contar(pila, "demo_historiavivida") == total
    por_correo = contar(pila, DE_LOS_CORREOS)
    assert 0 < por_correo < 10
    assert contar(pila, "solicitudes_solicitud") == total + MIENTRAS + por_correo
    assert "deja una historia" not in salida
    assert "dos años de ejemplo" not in quien.pedir("GET", "/mis-solicitudes/").cuerpo

    _los_numeros_van_con_el_registro(pila)
    pila.gestionar("verificar_bitacora")  # fails when a chain is broken


def _los_numeros_van_con_el_registro(pila: Pila) -> None:
    filas = pila.consultar("select radicado from solicitudes_solicitud order by radicado_en, id")
    por_anio: dict[str, list[int]] = {}
    for (radicado,) in filas:
        por_anio.setdefault(radicado[3:7], []).append(int(radicado[-6:]))
    for numeros in por_anio.values():
        assert numeros == list(range(900_001, 900_001 + len(numeros)))
