"""Pieces written without a template: as the templates and forms they stand for, and nothing typed is markup."""

import re
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.test.utils import override_settings
from django.urls import reverse
from django.utils.timezone import localtime

from alcance.contexto import NADIE
from archivos.antivirus import EstadoAntivirus
from solicitudes.botones import Boton
from solicitudes.estados import ACTOS
from solicitudes.forms.atencion import FormularioAccion
from solicitudes.forms.entidad import MensajeForm
from solicitudes.models import Parte
from solicitudes.models.archivos import NOTAS
from solicitudes.views import piezas
from solicitudes.views.filas import ruta_de_archivo

MALO = "<script>alert('x')</script>"
EN = datetime(2026, 11, 3, 15, 30, tzinfo=UTC)
RADICADO = "AT-2026-000123"
ARCHIVO = piezas.ArchivoPuesto(7, MALO, 1_100_000, EstadoAntivirus.LIMPIO, True, None, None)


def _compacto(html: str) -> str:
    sin_claves = re.sub(r'(name="clave" value=")[^"]*', r"\1", html)
    return re.sub(r"\s+(?=<)|(?<=>)\s+", "", sin_claves)


def test_the_address_of_a_file_is_the_one_of_reverse() -> None:
    for pk in (0, 5, 1_234_567):
        assert ruta_de_archivo(RADICADO, pk) == reverse("solicitudes:archivo", args=[RADICADO, pk])


def test_the_line_of_time_is_the_one_of_the_template() -> None:
    filas = [(EN, "La asignó", "Por turno", "Laura", "SDA"), (EN, "La radicó", "", None, None)]
    html = piezas.linea_de_tiempo(filas, varias=True, hasta=date(2026, 11, 18))
    hechos = [
        {"cuando": None, "texto": "Respuesta, a más tardar el 18 de noviembre de 2026", "pendiente": True},
        {"cuando": EN, "texto": "La asignó", "detalle": "Laura · SDA. Por turno"},
        {"cuando": EN, "texto": "La radicó", "detalle": "El portal."},
    ]
    assert _compacto(html) == _compacto(render_to_string("partes/linea-de-tiempo.html", {"hechos": hechos}))


def test_the_data_sheet_is_the_one_of_the_template() -> None:
    filas = [("Tema", MALO), ("Canal", "Portal")]
    datos = [{"nombre": nombre, "valor": valor} for nombre, valor in filas]
    assert piezas.ficha(filas) == render_to_string("partes/ficha.html", {"datos": datos}).strip()
    assert piezas.ficha([]) == ""


@pytest.mark.parametrize("megas", [10, 7])
def test_the_form_of_the_entity_is_the_one_of_django(megas: int) -> None:
    with override_settings(ARCHIVO_MAXIMO_MB=megas):
        assert f"{megas} MB" in piezas.formulario_de_mensaje("Diga")
        assert _compacto(piezas.formulario_de_mensaje("Diga")) == _compacto(str(MensajeForm(rotulo="Diga")))


@pytest.mark.parametrize("acto", ["mensaje", "nota"])
def test_the_forms_of_who_attends_are_those_of_django(acto: str) -> None:
    de_django = FormularioAccion(
        transicion=ACTOS[acto], parte=Parte(), alcance=NADIE, initial={"version": "3.4"}, auto_id=f"id_{acto}_%s"
    )
    una, otra = piezas.formulario_de(acto, "3.4"), piezas.formulario_de(acto, "3.4")
    assert _compacto(una) == _compacto(str(de_django))
    assert una != otra, "every form has a key of its own"


def test_what_was_typed_is_never_markup() -> None:
    adjunto = ARCHIVO._replace(mensaje_id=1)
    dibujos = [
        (piezas.linea_de_tiempo([(EN, MALO, MALO, MALO, MALO)], varias=True, hasta=None), 4),
        (piezas.mensajes_con([(1, EN, "mensaje", MALO, MALO)], [adjunto], RADICADO), 3),
        (piezas.archivos_del_caso((ARCHIVO,), RADICADO), 1),
        (piezas.historia([
            piezas.Hecho(EN, MALO, MALO, MALO, True),
            piezas.Hecho(EN, MALO, MALO, MALO, True, "nota", (adjunto,), UUID(int=1)),
        ], RADICADO), 7),
        (piezas.por_que_vence((MALO,), (MALO,)), 2),
        (piezas.conceptos_relacionados((("/c/", MALO, MALO),)), 2),
        (piezas.parecidas((piezas.Parecida(RADICADO, MALO, "", 3, MALO, "atendida"),), 3), 2),
        (piezas.botonera([Boton(MALO, MALO)])[0].enlaces, 2),
        (piezas.mas_acciones([Boton(MALO, MALO, menor=True)]), 2),
    ]  # fmt: skip
    for html, veces in dibujos:
        assert "<script" not in html and html.count("&lt;script&gt;") == veces


def test_a_file_that_is_not_cleared_has_no_link_and_says_why() -> None:
    for estado in EstadoAntivirus:
        archivo = ARCHIVO._replace(nombre="a.pdf", estado_antivirus=estado.value)
        for html in (piezas.lista_de_archivos((archivo,), RADICADO), piezas.archivos_del_caso((archivo,), RADICADO)):
            assert ("<a href" in html) == (estado not in NOTAS)
            assert NOTAS.get(estado, "") in html and "1,1 MB" in html


def test_the_same_history_is_told_anew_when_the_year_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered goes by the year: «3 nov» of another year says which."""
    hecho = piezas.Hecho(EN, "Laura", "La asignó", "", False)
    anio = localtime().year
    monkeypatch.setattr("sdfi_portal.templatetags.portal._este_anio", lambda: anio)
    monkeypatch.setattr(piezas, "_este_anio", lambda: anio)
    de_este = piezas.historia([hecho._replace(en=EN.replace(year=anio))], RADICADO)
    monkeypatch.setattr("sdfi_portal.templatetags.portal._este_anio", lambda: anio + 1)
    monkeypatch.setattr(piezas, "_este_anio", lambda: anio + 1)
    assert "3 nov," in de_este
    assert f"3 nov {anio}," in piezas.historia([hecho._replace(en=EN.replace(year=anio))], RADICADO)


def test_the_buttons_keep_their_order_around_those_that_send() -> None:
    una, dos = Boton("Uno", "/1/", clase=""), Boton("Dos", "/2/")
    envia, menor = Boton("Tres", "/3/", envia=True), Boton("Cuatro", "/4/", menor=True)
    primero, segundo, tercero = piezas.botonera([una, menor, dos, envia, dos])
    assert (primero.envio, segundo.envio, tercero.envio) == (None, envia, None)
    assert re.findall(r'class="boton ([^"]*)" href="([^"]*)">([^<]*)', primero.enlaces) == [
        ("", "/1/", "Uno"), ("boton--2", "/2/", "Dos"),
    ]  # fmt: skip
    assert "Dos" in tercero.enlaces and "Uno" not in tercero.enlaces
    assert piezas.mas_acciones([una, menor, envia]) == '<li><a href="/4/">Cuatro</a></li>'
    assert piezas.mas_acciones([una]) == ""


def test_a_similar_one_of_the_same_entidad_says_so() -> None:
    filas = tuple(piezas.Parecida(f"AT-2026-00000{k}", "", f"Entidad {k}", k, "Asunto", "atendida") for k in (1, 2))
    una, otra = piezas.parecidas(filas, 2).split("</li>")[:2]
    assert "la misma entidad" not in una and "(la misma entidad)" in otra
    assert f'href="{reverse("atencion:caso", args=["AT-2026-000001"])}"' in una and "Entidad 1" in una
