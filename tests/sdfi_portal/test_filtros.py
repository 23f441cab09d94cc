"""Dates, numbers and badges in words (interface.md §5.8)."""

import datetime as dt

import pytest
from django.utils import timezone
from django.utils.safestring import mark_safe

from sdfi_portal.templatetags import portal

NOVIEMBRE = dt.date(2026, 11, 23)


def test_fecha_en_palabras() -> None:
    assert portal.fecha(NOVIEMBRE) == "23 de noviembre de 2026"
    assert portal.fecha_larga(NOVIEMBRE) == "lunes 23 de noviembre de 2026"
    assert portal.fecha(None) == ""


def test_fecha_corta_lleva_el_ano_solo_si_no_es_el_actual(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: NOVIEMBRE)
    assert portal.fecha_corta(NOVIEMBRE) == "23 nov"
    assert portal.fecha_corta(dt.date(2025, 5, 2)) == "2 may 2025"


def test_los_instantes_se_dicen_en_hora_de_bogota() -> None:
    instante = dt.datetime(2026, 11, 24, 4, 30, tzinfo=dt.UTC)
    assert portal.fecha_hora(instante) == "23 de noviembre de 2026, 11:30\xa0p.\xa0m."  # in one line
    assert portal.hora(dt.time(0, 5)) == "12:05\xa0a.\xa0m."
    assert portal.hora(dt.time(12, 0)) == "12:00\xa0p.\xa0m."
    assert portal.tiempo(instante, "hora") == '<time datetime="2026-11-23T23:30:00-05:00">11:30\xa0p.\xa0m.</time>'


@pytest.mark.parametrize(
    ("tamano", "texto"),
    [
        (1, "1 byte"),
        (340, "340 bytes"),
        (1_000, "1 kB"),
        (240_400, "240 kB"),
        (1_100_000, "1,1 MB"),
    ],
)
def test_tamanos_legibles(tamano: int, texto: str) -> None:
    assert portal.bytes_legibles(tamano) == texto


def test_numeros_colombianos() -> None:
    assert portal.miles(1234567) == "1.234.567"
    assert portal.miles(1234.5, 1) == "1.234,5"
    assert portal.porcentaje(95.6) == "95,6 %"
    assert portal.plural(1, "solicitud,solicitudes") == "1 solicitud"
    assert portal.plural(2345, "solicitud,solicitudes") == "2.345 solicitudes"
    assert portal.crudo(2026) == "2026"


def insignia(texto: str, tono: str) -> str:
    clase = "estado" if tono == "neutro" else f"estado estado--{tono}"
    return f'<span class="{clase}">{texto}</span>'


@pytest.mark.parametrize(
    ("dias", "texto", "tono"),
    [
        (None, "Sin plazo", "neutro"),
        (-2, "Vencida hace 2 días hábiles", "rojo"),
        (-1, "Vencida hace 1 día hábil", "rojo"),
        (0, "Vence hoy", "rojo"),
        (1, "Vence en 1 día hábil", "rojo"),
        (3, "Vence en 3 días hábiles", "ambar"),
        (4, "Vence en 4 días hábiles", "verde"),
    ],
)
def test_el_plazo_se_dice_con_palabras(dias: int | None, texto: str, tono: str) -> None:
    assert portal.plazo(dias) == insignia(texto, tono)


def test_un_estado_desconocido_sale_neutro() -> None:
    assert portal.estado("estado_nuevo") == insignia("Estado nuevo", "neutro")
    assert portal.estado("en_complemento", "Esperamos su respuesta") == insignia("Esperamos su respuesta", "ambar")
    assert portal.estado("x", "<b>") == insignia("&lt;b&gt;", "neutro")


def test_lo_seguro_y_lo_que_no_lo_es_no_se_confunden() -> None:
    """Badges are drawn once: the same letters, prepared or typed by somebody, are two."""
    assert portal.estado("x", mark_safe("<i>")) == insignia("<i>", "neutro")
    assert portal.estado("x", "<i>") == insignia("&lt;i&gt;", "neutro")
