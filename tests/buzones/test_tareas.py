"""What the clock does with the mail: it is read each twenty seconds, and becomes what it is at once."""

from typing import Any

import pytest
from django.conf import settings

from buzones import services, tasks
from buzones.services.leer import Lectura


@pytest.fixture
def pedidas(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    veces: list[Any] = []
    monkeypatch.setattr(tasks.procesar, "apply_async", lambda **datos: veces.append(datos))
    return veces


def test_lo_que_trae_una_lectura_se_procesa_al_terminarla(pedidas: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    lecturas = iter([Lectura(nuevas=3), Lectura(movidas=2), Lectura(falla="no responde")])
    monkeypatch.setattr(services, "leer_casilla", lambda *_, **__: next(lecturas))
    for _ in range(3):
        tasks.leer(1)
    assert len(pedidas) == 1


def test_cuando_hay_mas_sigue_otra(pedidas: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    cuantas = iter([tasks.POR_TAREA, tasks.POR_TAREA - 1])
    monkeypatch.setattr(services, "procesar_pendientes", lambda **_: next(cuantas))
    for _ in range(2):
        tasks.procesar()
    assert len(pedidas) == 1


def test_el_reloj_lo_pide_cada_diez_segundos() -> None:
    suya = settings.CELERY_BEAT_SCHEDULE["procesar-correo"]
    assert (suya["task"], suya["schedule"]) == (tasks.procesar.name, 10.0)
