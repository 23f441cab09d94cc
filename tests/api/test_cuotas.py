"""E07: requests are counted exactly, whoever serves them, and the answer says how many are left."""

import multiprocessing
import time
from collections import Counter
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from api import cuotas
from api.models import Cuota
from tests.api.conftest import Programa, secreto_de
from tests.api.test_entrada import problema
from tests.soporte.elenco import crear_elenco

LIMITE, INTENTOS = 100, 80


@pytest.fixture
def un_minuto_entero() -> None:
    """No minute ends in the middle of the test."""
    _esperar(8)


def _esperar(segundos: int) -> None:
    """Unless this minute has so many left, wait for the next one."""
    quedan = 60 - time.time() % 60
    if quedan < segundos:
        time.sleep(quedan + 0.5)


@pytest.mark.django_db
def test_past_the_limit_429_says_when(elenco, programa, settings, un_minuto_entero) -> None:
    settings.API_LIMITE_TOKEN = 3
    quien, otro = programa(elenco.enlace), programa(elenco.colega)

    respuestas = [quien.get("token/") for _ in range(4)]

    assert [r.status_code for r in respuestas] == [200, 200, 200, 429]
    assert [r["RateLimit"].split(";")[1] for r in respuestas] == ["r=2", "r=1", "r=0", "r=0"]
    assert respuestas[0]["RateLimit-Policy"] == '"token";q=3;w=60' and "Retry-After" not in respuestas[2]
    problema(respuestas[3], 429)
    assert 0 < int(respuestas[3]["Retry-After"]) <= 60
    assert otro.get("token/").status_code == 200


@pytest.mark.django_db
def test_without_a_token_the_address_is_counted(elenco, programa, settings, un_minuto_entero) -> None:
    """Also what comes with a token that does not work: guessing has a limit too."""
    settings.API_LIMITE_DIRECCION = 2
    falso = Programa("sdfi_" + "0" * 64)

    assert [falso.get("token/").status_code, programa().get("conceptos/").status_code] == [401, 200]
    problema(falso.get("token/"), 429)
    problema(programa().get("conceptos/"), 429)
    assert programa(elenco.enlace).get("token/").status_code == 200
    desde_otra = Client(REMOTE_ADDR="10.1.2.3").get("/api/v1/conceptos/", secure=True)
    assert desde_otra.status_code == 200


@pytest.mark.django_db
def test_the_next_minute_begins_again_and_the_old_ones_are_forgotten(elenco, programa, settings) -> None:
    settings.API_LIMITE_TOKEN = 1
    quien = programa(elenco.enlace)
    quien.get("token/")
    Cuota.objects.update(minuto=1, peticiones=500)

    assert quien.get("token/").status_code == 200
    Cuota.objects.update(minuto=1)
    assert cuotas.limpiar() == 1 and not Cuota.objects.exists()


@pytest.mark.django_db
def test_pages_are_not_counted(elenco, entrar) -> None:
    entrar(elenco.enlace).get("/mis-solicitudes/")

    assert not Cuota.objects.exists()


def _insistir(base: str, secreto: str, salida: Any) -> None:
    """Another process of the web: its own connections, the same database."""
    connections.close_all()
    connections["default"].settings_dict["NAME"] = base
    quien = Programa(secreto)
    salida.put(Counter(quien.get("token/").status_code for _ in range(INTENTOS)))
    connections.close_all()


@pytest.mark.larga
def test_the_limit_holds_across_two_processes(base_propia: str, settings) -> None:
    """160 requests from two processes at once, 100 allowed: 100 pass, within 5 %."""
    settings.API_LIMITE_TOKEN = LIMITE
    secreto = secreto_de(crear_elenco().enlace)
    connections.close_all()
    _esperar(30)
    contexto = multiprocessing.get_context("fork")
    salida = contexto.Queue()
    procesos = [contexto.Process(target=_insistir, args=(base_propia, secreto, salida)) for _ in range(2)]
    for proceso in procesos:
        proceso.start()
    contados: Counter[int] = sum((salida.get(timeout=55) for _ in procesos), Counter())
    for proceso in procesos:
        proceso.join(10)

    assert contados.total() == 2 * INTENTOS and set(contados) == {200, 429}
    assert abs(contados[200] - LIMITE) <= LIMITE * 0.05, contados
