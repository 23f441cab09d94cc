"""Rows written without a template: what people typed is text in them, and the addresses are the ones of the portal."""

from datetime import UTC, date, datetime
from types import SimpleNamespace as S

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


def test_what_was_typed_is_never_markup() -> None:
    nombrado = S(nombre=MALO, nombre_corto=MALO)
    parte = S(
        solicitud=S(radicado="AT-2026-000001", siga_entrada=MALO, asunto=MALO), url="/?parte=1", reservada=True,
        entidad=nombrado, tema=nombrado, modalidad=nombrado, dependencia=nombrado, asesor=nombrado, asesor_id=2,
        recibido_en=datetime(2026, 11, 3, tzinfo=UTC), vence=date(2026, 11, 24), estado="asignada", respondio=True,
        plazo=Vencimiento(MALO, "rojo"), boton="Empezar", boton_url="/?a=1",
    )  # fmt: skip
    html = filas.de_la_cola([parte], con_dependencia=True, persona_id=1)
    assert "<script" not in html and html.count("&lt;script&gt;") == 8
    solicitud = S(radicado="AT-2026-000001", asunto=MALO, reservada=True, recibido_en=parte.recibido_en,
                  estado="asignada", las_partes=[parte])  # fmt: skip
    html = filas.de_la_entidad([(solicitud, parte.plazo)])
    assert "<script" not in html and html.count("&lt;script&gt;") == 3
