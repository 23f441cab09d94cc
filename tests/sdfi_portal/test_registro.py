"""Log lines: one JSON object each, nothing forged, nothing leaked (security.md I07, X04)."""

import json
import logging
import re

import pytest
from django.urls import get_resolver
from hypothesis import given
from hypothesis import strategies as st

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


def _sin_constantes(palabra: str) -> None:
    raise ValueError(f"JSON no tiene {palabra}")


RAROS = st.one_of(
    st.text(),
    st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Co"])),
    st.floats(),
    st.none() | st.booleans() | st.integers(),
    st.lists(st.text(), max_size=3),
)


@given(st.text(), RAROS, st.text())
def test_lo_que_sea_es_una_linea_de_json_y_nada_invisible(mensaje, extra, causa):
    """A05: CR, LF, ANSI, bidi marks, lone surrogates, infinities, in the message, in an extra and in an error."""
    try:
        raise RuntimeError(causa)
    except RuntimeError as error:
        traza = (RuntimeError, error, error.__traceback__)
    registro = logging.getLogger("prueba").makeRecord(
        "prueba", 40, "f.py", 1, "dijo %s", (mensaje,), traza, extra={"quien": extra}
    )
    texto = LineaJson().format(registro)
    assert texto.isprintable()
    assert len(texto.encode().splitlines()) == 1
    datos = json.loads(texto, parse_constant=_sin_constantes)
    assert all(valor.isprintable() for valor in datos.values() if isinstance(valor, str))


def test_un_formato_ingenuo_si_se_deja_partir():
    """Negative control of A05: the same line without our format is two, and one of them is forged."""
    registro = logging.getLogger("prueba").makeRecord("prueba", 20, "f.py", 1, "buscó %s", ("a\r\nINFO falso",), None)
    assert logging.Formatter("%(levelname)s %(message)s").format(registro).splitlines()[1] == "INFO falso"


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


def test_un_enlace_que_abre_algo_no_sale_cuando_se_rehusa():
    """A06: whoever scans a mail asks with HEAD or OPTIONS, and what is refused is written down with its path. One more
    URL with a secret in it is one more word in `registro.SECRETOS`."""

    def rutas(de, antes=""):
        for uno in de.url_patterns:
            camino = f"{antes}{uno.pattern}"
            yield from rutas(uno, camino) if hasattr(uno, "url_patterns") else [camino]

    secretas = [ruta.lstrip("^") for ruta in rutas(get_resolver()) if re.search(r":token>|<key>", ruta)]
    assert len(secretas) == 4
    for ruta in secretas:
        camino = f"/{ruta.partition('/')[0]}/1z-muysecreta/"
        dicho = linea("Method Not Allowed: %s", camino, request=f"<WSGIRequest: OPTIONS '{camino}'>")
        assert dicho.count("/***/") == 2 and "muysecreta" not in dicho, ruta


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
