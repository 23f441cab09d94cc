"""Rows written without a template: what people typed is text in them, and the addresses are the ones of the portal."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from solicitudes.vencimiento import Vencimiento
from solicitudes.views import filas

MALO = "<script>alert('x')</script>"


@pytest.mark.parametrize("resto", [(), ("tomar",)])
def test_the_address_is_the_one_of_reverse(resto: tuple[str, ...]) -> None:
    nombre = "atencion:accion" if resto else "atencion:caso"
    for radicado in ("AT-2026-000123", "AT-2000-000000"):
        assert filas.ruta_de(nombre, radicado, *resto) == reverse(nombre, args=[radicado, *resto])


def fila_de_cola(**cambios: Any) -> filas.FilaDeCola:
    comun = {
        "recibido_en": datetime(2026, 11, 3, tzinfo=UTC), "solicitud_id": 1, "id": 1, "vence": date(2026, 11, 24),
        "estado": "en_atencion", "reservada": True, "entidad_id": 1, "tema_id": 1, "modalidad_id": 1,
        "dependencia_id": 1, "asesor_id": 2, "atencion_en": None, "radicado": "AT-2026-000001",
        "asunto": MALO, "siga_entrada": MALO,
        "asesor": MALO, "respondio": True,
    }  # fmt: skip
    return filas.FilaDeCola(**(comun | cambios))


def test_what_was_typed_is_never_markup() -> None:
    plazo = Vencimiento(MALO, "rojo")
    html = filas.juntas([filas.de_la_cola(fila_de_cola(), MALO, MALO, MALO, MALO, MALO, "empezar", plazo, 2026)])
    assert "<script" not in html and html.count("&lt;script&gt;") == 8
    assert "Respondió la entidad" in html and "Reservada" in html and ">Empezar<" in html
    suya = filas.FilaDeEntidad(fila_de_cola().recibido_en, 1, "AT-2026-000001", MALO, True, "asignada")
    html = filas.juntas([filas.de_la_entidad(suya, (MALO,), plazo, 2026)])
    assert "<script" not in html and html.count("&lt;script&gt;") == 3


def test_a_row_that_changed_is_drawn_again() -> None:
    def dibujada(quien: str = "Ana", **cambios: Any) -> str:
        plazo = Vencimiento("Vence hoy", "rojo")
        return filas.de_la_cola(fila_de_cola(**cambios), "Entidad", "Tema", "Asesoría", "", quien, "", plazo, 2026)

    antes = dibujada()
    assert dibujada() is antes
    for cambio in ({"asunto": "Otro"}, {"estado": "asignada"}, {"reservada": False}, {"id": 2}, {"quien": "Luis"}):
        assert dibujada(**cambio) != antes, cambio
