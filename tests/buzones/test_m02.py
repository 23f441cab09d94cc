"""M02: whoever reads is killed at any line between what is fetched, kept, committed and moved; each is once.

A child of this process reads a real mailbox and is killed (SIGKILL) after so many lines of what reads. The next
reading goes on: each message is in the ledger exactly once, none is lost in the server, and the comparison agrees.
"""

import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from archivos import almacen
from buzones import services
from buzones.models import Casilla, Conciliacion, EstadoCasilla, Llegada
from tests.buzones.apoyos import casilla, conectada, llegadas
from tests.fabricas import escribiendo
from tests.soporte.dovecot import Dovecot
from tests.soporte.elenco import crear_elenco

LEIDOS, CUANTOS = "Portal leidos", 3
RAIZ = Path(services.__file__).parents[2]
DE_LEER = {
    str(RAIZ / ruta)
    for ruta in (
        "buzones/conexion.py", "buzones/services/leer.py", "buzones/services/guardar.py", "archivos/almacen.py",
    )
}  # fmt: skip


@pytest.fixture
def suya(base_propia: str) -> Iterator[tuple[Casilla, Dovecot]]:
    with Dovecot() as dovecot, conectada(dovecot.conexion()):
        with escribiendo():
            elenco = crear_elenco()
        desde = timezone.now() - timedelta(days=1)
        yield casilla(elenco, conexion="prueba", carpeta="INBOX", desde_en=desde), dovecot


def lineas(cuantas: int | None) -> Any:
    """Kill this process at that line of those that read; without a number, only count them."""
    vistas = [0]

    def linea(marco: FrameType, que: str, _: Any) -> Any:
        if que == "line":
            vistas[0] += 1
            if vistas[0] == cuantas:
                os.kill(os.getpid(), signal.SIGKILL)
        return linea

    def entrar(marco: FrameType, que: str, _: Any) -> Any:
        return linea if marco.f_code.co_filename in DE_LEER else None

    sys.settrace(entrar)
    return vistas


def leer_y_morir(casilla_id: int, en: int) -> bool:
    """Whether it was killed before its end."""
    connections.close_all()
    hijo = os.fork()
    if not hijo:
        try:
            lineas(en)
            services.leer_casilla(casilla_id, quien="el que muere")
        finally:
            os._exit(0)
    _, como = os.waitpid(hijo, 0)
    return os.WIFSIGNALED(como)


def poner(dovecot: Dovecot, vuelta: int) -> list[bytes]:
    crudos = [f"Message-ID: <{vuelta}.{n}@x>\r\n\r\nTexto {vuelta} {n}\r\n".encode() for n in range(CUANTOS)]
    for crudo in crudos:
        dovecot.poner(crudo, en=datetime.now(UTC))
    return crudos


def en_el_libro() -> Counter[bytes]:
    hallados: Counter[bytes] = Counter()
    for una in llegadas():
        with almacen.abrir(una.ruta) as archivo:
            hallados[archivo.read()] += 1
    return hallados


def cuantas_lineas(suya: Casilla, dovecot: Dovecot) -> int:
    poner(dovecot, 0)
    vistas = lineas(None)
    try:
        assert services.leer_casilla(suya.pk, quien="el que cuenta").nuevas == CUANTOS
    finally:
        sys.settrace(None)
    return int(vistas[0])


def matar_en(donde: list[int], suya: Casilla, dovecot: Dovecot) -> None:
    esperados, muertes = Counter(en_el_libro()), 0
    for vuelta, linea in enumerate(donde, 1):
        esperados += Counter(poner(dovecot, vuelta))
        muertes += leer_y_morir(suya.pk, linea)
        # It holds it for two minutes more.
        EstadoCasilla.objects.update(tomada_hasta=None, intentar_en=None)
        assert services.leer_casilla(suya.pk, quien="el siguiente").falla == ""
        assert en_el_libro() == esperados, f"muerto en la línea {linea}"
        assert dovecot.hay() == []
        assert Counter(dovecot.hay(LEIDOS)) == esperados
        assert not sin_mover()
    assert muertes == len(donde)
    assert services.conciliar(suya.pk).bien
    assert Conciliacion.objects.get().en_libro == sum(esperados.values())


def sin_mover() -> list[Llegada]:
    return [una for una in llegadas() if una.movida_en is None]


def test_killed_between_fetch_store_commit_and_move(suya: tuple[Casilla, Dovecot]) -> None:
    total = cuantas_lineas(*suya)
    assert total > 100
    matar_en([total * n // 9 for n in range(1, 9)], *suya)


@pytest.mark.larga
def test_killed_at_fifty_lines(suya: tuple[Casilla, Dovecot]) -> None:
    total = cuantas_lineas(*suya)
    matar_en([max(1, total * n // 51) for n in range(1, 51)], *suya)
