"""With the database away nobody sees a stack or a 500: 503, when to come back, and what to do (F05, F06)."""

import psycopg2
import pytest
from django.db import connection
from django.test import Client

from tests.soporte.settings import RUTAS


@pytest.fixture
def navegante(client: Client) -> Client:
    client.raise_request_exception = False
    return client


@pytest.fixture
def sin_servidor(base_propia, tmp_path):
    """The socket is gone, as while PostgreSQL starts again."""
    anfitrion = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = str(tmp_path)
    yield
    connection.close()
    connection.settings_dict["HOST"] = anfitrion


def exigir_503(respuesta) -> None:
    assert respuesta.status_code == 503
    assert respuesta["Retry-After"] == "10"
    assert "El portal no puede atender en este momento" in respuesta.content.decode()
    assert "Traceback" not in respuesta.content.decode()


def test_una_pagina_sin_base_de_datos(navegante, sin_servidor):
    exigir_503(navegante.get("/"))


def test_salud_sin_base_de_datos(navegante, sin_servidor, monkeypatch):
    monkeypatch.setattr("sdfi_portal.salud._memoria", {})
    respuesta = navegante.get("/salud/")
    assert respuesta.status_code == 503
    assert respuesta.json()["componentes"]["base_de_datos"] == "caido"


@pytest.mark.parametrize("limite", ["lock_timeout", "statement_timeout"])
def test_una_consulta_que_no_cabe_en_su_tiempo(navegante, base_propia, limite, monkeypatch):
    """The database is busy: the page is not to blame, and asking again is right."""
    opciones = connection.settings_dict["OPTIONS"]
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", opciones | {"options": f"-c {limite}=200ms"})
    connection.close()
    with psycopg2.connect(f"host='{RUTAS.sockets}' user=postgres dbname={base_propia}") as otra:
        otra.cursor().execute("lock table direcciones_dependencia in access exclusive mode")
        exigir_503(navegante.get("/"))
    otra.close()
    assert navegante.get("/").status_code == 200
