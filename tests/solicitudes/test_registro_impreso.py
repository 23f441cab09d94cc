"""The register on paper: which rows these are, and a page with as many as are printed at once (R25)."""

import re
import subprocess
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from playwright.sync_api import Page

from plazos.fechas import fecha_corrida
from plazos.reloj import hoy
from solicitudes.models import Parte
from solicitudes.views.atencion import registro
from tests.fabricas import escribiendo, radicada
from tests.solicitudes.apoyos import hace
from tests.soporte.aspecto import Vitrina
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
CUANTAS = 30


@pytest.fixture
def cliente(elenco: Elenco, entrar: Callable[..., Client]) -> Client:
    for n in range(CUANTAS):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(hours=n), asunto="Sobre microfilmación")
    return entrar(elenco.directora)


def en_papel(respuesta: Any) -> str:
    """What only the sheet says."""
    return str(respuesta.content.decode().partition('<div class="solo-impreso">')[2].partition("</div>")[0])


def filas(respuesta: Any) -> list[int]:
    return [fila.id for fila in respuesta.context["pagina"]]


def en_orden() -> list[int]:
    with escribiendo():
        return list(Parte.objects.order_by("-recibido_en", "-solicitud_id", "-id").values_list("pk", flat=True))


def test_la_hoja_dice_cuales_filas_son(cliente: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """It printed twenty-five rows under «Más de 1.000 registros», and nothing said that others were missing."""
    primera = cliente.get("/registro/?vista=")
    assert "Registros 1 a 25 de 30. Para todos: Exportar" in en_papel(primera)
    segunda = cliente.get("/registro/", {"desde_fila": primera.context["pagina"].siguiente})
    desde, hasta = (fecha_corrida(localdate(segunda.context["pagina"].filas[k].recibido_en)) for k in (-1, 0))
    assert f"Una parte: 5 registros recibidos del {desde} al {hasta}, de 30." in en_papel(segunda)
    de_vuelta = cliente.get("/registro/", {"desde_fila": segunda.context["pagina"].anterior})
    assert en_papel(de_vuelta).partition("Sin filtros")[2] == en_papel(primera).partition("Sin filtros")[2]
    monkeypatch.setattr(registro, "SE_CUENTAN", 26)
    assert "Registros 1 a 25 de más de 26." in en_papel(cliente.get("/registro/?vista="))
    assert "Exportar" not in en_papel(cliente.get(f"/registro/?hasta={hoy().replace(year=2020)}"))


@pytest.mark.parametrize("filtros", [{}, {"estado": "abierta"}, {"buscar": "microfilmación"}, {"orden_desde": "x"}])
def test_para_imprimir_salen_todas_en_una_pagina_y_al_mismo_costo(cliente: Client, filtros: dict[str, str]) -> None:
    def preguntas(**mas: str) -> int:
        with CaptureQueriesContext(connection) as hechas:
            cliente.get("/registro/", {"vista": "", **filtros, **mas})
        return len(hechas)

    toda = cliente.get("/registro/", {**filtros, "imprimir": "si"})
    assert filas(toda) == en_orden() and toda.context["cuantas"] == CUANTAS
    assert "30 registros" in toda.content.decode() and "Exportar" not in en_papel(toda)
    assert preguntas(imprimir="si") == preguntas()


@pytest.mark.parametrize("filtros", [{}, {"buscar": "microfilmación"}])
def test_lo_que_no_cabe_en_una_sigue_en_otra(
    cliente: Client, monkeypatch: pytest.MonkeyPatch, filtros: dict[str, str]
) -> None:
    monkeypatch.setattr(registro, "EN_PAPEL", 28)
    monkeypatch.setattr(registro, "SE_CUENTAN", 28)
    monkeypatch.setattr(registro, "CON_PALABRAS", 2)
    primera = cliente.get("/registro/", {**filtros, "imprimir": "si"})
    assert "Registros 1 a 28 de más de 28. Para todos: Exportar" in en_papel(primera)
    [siguiente] = re.findall(r'href="(\?[^"]*desde_fila=d[^"]*)"', primera.content.decode())
    segunda = cliente.get(f"/registro/{unescape(siguiente)}")
    assert filas(primera) + filas(segunda) == en_orden() and segunda.context["en_papel"]


def test_en_papel_sale_la_tabla_entera(cliente: Client, pestana: Page, tmp_path: Any) -> None:
    """In Chromium: on paper nothing that is pressed, and every row in the PDF that it prints."""
    vitrina = Vitrina(pestana, cliente)
    vitrina.abrir("/registro/?vista=")
    pestana.emulate_media(media="print")
    parte = pestana.get_by_text("Registros 1 a 25 de 30. Para todos: Exportar")
    assert parte.is_visible() and pestana.locator(".tabla--registro tbody tr").count() == 25
    for selector in (".cuantas", ".paginacion", ".filtros", ".boton"):
        assert not pestana.locator(selector).first.is_visible(), selector
    pestana.emulate_media(media="screen")
    assert not parte.is_visible()
    pestana.get_by_role("link", name="Para imprimir").click()
    pestana.wait_for_url("**imprimir=si")
    vitrina.revisar()
    pestana.emulate_media(media="print")
    assert not pestana.get_by_text("Imprímala con su navegador").is_visible()
    pestana.pdf(path=str(tmp_path / "registro.pdf"), prefer_css_page_size=True)
    texto = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "registro.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    with escribiendo():
        radicados = list(Parte.objects.order_by("id").values_list("solicitud__radicado", flat=True))
    assert len(radicados) == CUANTAS and [r for r in radicados if r not in texto] == []
    assert "30 registros" in texto and "Volver al registro" not in texto
