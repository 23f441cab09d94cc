"""A small season: every kind of story in some weeks, with a plan of its own."""

from datetime import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from demo import cargar as carga
from demo.cuentas import crear_cuentas
from demo.simulacion import llegadas
from demo.simulacion.mundo import Mundo, leer_mundo
from demo.simulacion.plan import Plan, planear
from direcciones.catalogos import cargar_catalogos

# A working Wednesday, so that nothing of what is checked depends on the day of the run.
HOY = timezone.make_aware(datetime(2026, 11, 25, 15, 30))


def leer() -> Mundo:
    with como_sistema("prueba"), transaction.atomic():
        cargar_catalogos()
        crear_cuentas()
        return leer_mundo(HOY.date(), carga.NORMAL)


def plan_de(mundo: Mundo, *, tamano: int = carga.NORMAL, hasta: datetime = HOY) -> Plan:
    return planear(mundo, semilla=carga.SEMILLA, hasta=hasta, tamano=tamano)


@pytest.fixture
def temporada(monkeypatch: pytest.MonkeyPatch) -> int:
    """Sixty days without the examples, where the rare endings are as common as the rest. Gives its size."""
    monkeypatch.setattr(llegadas, "DIAS", 60)
    monkeypatch.setattr(llegadas, "VIVAS", ())
    monkeypatch.setattr(llegadas, "DESTINOS", tuple((destino, 85) for destino, _ in llegadas.DESTINOS))
    monkeypatch.setattr("demo.simulacion.mundo.leer", lambda calendario, hoy: [])
    monkeypatch.setattr(carga, "ahora", lambda: HOY)
    monkeypatch.setattr(carga, "_recibir_correo", lambda: None)  # tests/demo/test_entrantes.py
    return 35
