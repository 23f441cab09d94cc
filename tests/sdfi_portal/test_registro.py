"""Log lines: one JSON object each, nothing forged, nothing leaked (security.md I07, X04)."""

import json
import logging

import pytest

from sdfi_portal.registro import LineaJson


def linea(mensaje: str, *args: object, **extra: object) -> str:
    registro = logging.getLogger("prueba").makeRecord("prueba", 20, "f.py", 1, mensaje, args, None, extra=extra)
    return LineaJson().format(registro)


@pytest.mark.parametrize(
    "trampa", ["\r\n2026-01-01 INFO falso", "\x1b[2J\x1b[31mrojo", "a\u2028b", "\u202egnp.exe", "\x00", "\x85"]
)
def test_nada_escrito_por_una_persona_rompe_la_linea(trampa):
    texto = linea("buscó %s", trampa, filtro=trampa)
    assert texto.isprintable()
    datos = json.loads(texto)
    assert datos["mensaje"].isprintable()
    assert datos["filtro"].isprintable()


@pytest.mark.parametrize(
    "mensaje",
    [
        "postgresql://web:muysecreta@db/portal",
        "password=muysecreta",
        '{"token": "muysecreta"}',
        "SECRET_KEY=muysecreta",
        "Authorization: Bearer muysecreta",
        "Cookie: __Host-sesion=muysecreta; otra=1",
        "clave: 'muysecreta'",
    ],
)
def test_los_secretos_no_salen(mensaje):
    assert "muysecreta" not in linea(mensaje)


def test_los_extras_con_nombre_secreto_no_salen():
    assert json.loads(linea("entró", token="muysecreta", radicado="AT-2026-000001")) | {"hora": ""} == {
        "hora": "",
        "nivel": "INFO",
        "origen": "prueba",
        "mensaje": "entró",
        "token": "***",
        "radicado": "AT-2026-000001",
    }


def test_la_traza_va_en_la_misma_linea():
    try:
        raise ValueError("mal\nhecho")
    except ValueError:
        registro = logging.getLogger("prueba").makeRecord(
            "prueba", 40, "f.py", 1, "falló", (), __import__("sys").exc_info()
        )
    texto = LineaJson().format(registro)
    assert "\n" not in texto
    assert "ValueError" in json.loads(texto)["error"]
