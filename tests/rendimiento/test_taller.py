"""A seeded base is kept while nothing that decides its rows changed."""

import pytest

from rendimiento.taller import huella, sigue_de

ANTES = {"solicitudes/migrations/0001_a.py": "1", "rendimiento/sembrar.py": "2", "datos/festivos.csv": "3"}


@pytest.mark.parametrize(
    ("cambio", "se_conserva"),
    [
        ({}, True),
        ({"solicitudes/migrations/0002_b.py": "4"}, True),
        ({"solicitudes/migrations/0001_a.py": "otra"}, False),
        ({"rendimiento/sembrar.py": "otra"}, False),
        ({"datos/nuevo.csv": "5"}, False),
    ],
)
def test_solo_las_migraciones_nuevas_se_le_ponen_encima(cambio: dict[str, str], se_conserva: bool) -> None:
    assert sigue_de(ANTES, ANTES | cambio) is se_conserva


def test_una_migracion_que_se_quito_la_deshace() -> None:
    assert not sigue_de(ANTES, {k: v for k, v in ANTES.items() if "migrations" not in k})


def test_la_huella_mira_las_migraciones_la_siembra_y_los_datos() -> None:
    rutas = huella()
    assert "rendimiento/siembra_sql.py" in rutas
    assert any(ruta.startswith("solicitudes/migrations/0001") for ruta in rutas)
    assert any(ruta.startswith("datos/") for ruta in rutas)
