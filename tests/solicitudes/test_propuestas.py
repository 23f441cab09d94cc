"""Whoever registers a call writes what they are told, and the theme is proposed with its reasons and one button."""

import re

import pytest
from django.db import transaction

from alcance import como_sistema
from clasificador.medir import entrenar
from clasificador.models import ModeloTexto
from clasificador.services import catalogo_vigente
from solicitudes.models import Borrador, Parte
from solicitudes.propuestas import partes_del_texto, proponer_temas
from tests.clasificador.apoyos import ejemplos
from tests.fabricas import escribiendo
from tests.solicitudes.test_registrar import recepcion
from tests.soporte.asistente import empezar, enviar, ocultos, paso

pytestmark = pytest.mark.django_db
LLAMADA = "Organización del archivo\nLlaman a pedir ayuda con la organización de los documentos de archivo."


@pytest.fixture
def necesidad(elenco, entrar):
    """The step of the theme, of somebody of the ventanilla."""
    cliente = entrar(elenco.ventanilla)
    return cliente, cliente.post("/registrar/", recepcion(elenco)).headers["Location"]


def el_borrador() -> Borrador:
    with transaction.atomic(), como_sistema("prueba"):
        return Borrador.objects.get()


def test_the_theme_is_proposed_with_its_place_its_reasons_and_one_button(elenco, necesidad) -> None:
    cliente, url = necesidad
    assert "Proponer el tema" in cliente.get(url).content.decode()

    pagina = enviar(cliente, url, {"lo_pedido": LLAMADA}, accion="proponer").content.decode()

    assert "Temas que proponemos" in pagina
    assert f'value="usar:{elenco.tema_visitas.pk}-"' in pagina
    assert "La atiende la Subdirección del Sistema Distrital de Archivos, como visita de asistencia" in pagina
    assert "Por «" in pagina and "organización" in pagina


def test_how_sure_it_is_is_said_only_when_it_was_measured(elenco, necesidad) -> None:
    cliente, url = necesidad
    antes = enviar(cliente, url, {"lo_pedido": LLAMADA}, accion="proponer").content.decode()
    entrenado = entrenar([*catalogo_vigente(), *ejemplos()])
    ModeloTexto.objects.create(contenido=entrenado.guardar(), ejemplos=42)
    despues = enviar(cliente, url, {"lo_pedido": LLAMADA}, accion="proponer").content.decode()

    assert "Temas que proponemos" in antes and "confianza" not in antes
    assert re.search(r"</strong>, confianza \d+ %", despues)


def test_one_click_chooses_it_and_the_text_waits_in_the_next_step(elenco, necesidad) -> None:
    cliente, url = necesidad
    respuesta = enviar(cliente, url, {"lo_pedido": LLAMADA}, accion=f"usar:{elenco.tema_visitas.pk}-")

    assert respuesta.headers["Location"].startswith(url)
    assert el_borrador().datos["temas"] == [str(elenco.tema_visitas.pk)]
    pagina = cliente.get(url)
    assert "Eligió: <strong>Organización de documentos de archivo</strong>" in pagina.content.decode()
    detalle = cliente.post(url, {**ocultos(pagina), "lo_pedido": LLAMADA, "temas": [elenco.tema_visitas.pk]})
    campos = cliente.get(detalle.headers["Location"]).context["form"]
    assert campos["asunto"].value() == "Organización del archivo"
    assert campos["necesidad"].value().startswith("Llaman a pedir ayuda")


def test_a_second_theme_joins_the_first_and_the_modality_of_the_text_goes_with_it(elenco, necesidad) -> None:
    cliente, url = necesidad
    modalidad = elenco.tema_integridad.modalidad_id
    enviar(cliente, url, {"temas": [elenco.tema_tablas.pk]}, accion=f"usar:{elenco.tema_visitas.pk}-{modalidad}")

    datos = el_borrador().datos
    assert datos["temas"] == [str(elenco.tema_tablas.pk), str(elenco.tema_visitas.pk)]
    assert datos["modalidad"] == str(modalidad)


@pytest.mark.parametrize("dato", ["", "no-es", "9999999999", "12-x", "1;drop", "-"])
def test_a_button_that_nobody_drew_breaks_nothing(elenco, necesidad, dato) -> None:
    cliente, url = necesidad
    respuesta = enviar(cliente, url, {"lo_pedido": LLAMADA}, accion=f"usar:{dato}")

    assert cliente.get(respuesta.headers["Location"]).status_code == 200
    with transaction.atomic(), como_sistema("prueba"):
        assert not Parte.objects.exists()


def test_a_text_that_looks_like_nothing_says_so(necesidad) -> None:
    cliente, url = necesidad

    assert "Ningún tema se parece a ese texto" in enviar(
        cliente, url, {"lo_pedido": "xqzt wkvj"}, accion="proponer"
    ).content.decode()  # fmt: skip


def test_who_asks_by_the_portal_is_not_asked_twice(elenco, entrar) -> None:
    """An enlace writes their need in its own step; the theme is theirs to choose."""
    cliente = entrar(elenco.enlace)

    assert "lo_pedido" not in cliente.get(empezar(cliente)).content.decode()


def test_what_was_already_written_in_the_next_step_is_not_overwritten(elenco, necesidad) -> None:
    cliente, url = necesidad
    enviar(cliente, url, {"lo_pedido": LLAMADA, "temas": [elenco.tema_visitas.pk]})
    enviar(cliente, paso(url, "detalle"), {"asunto": "Otro", "necesidad": "Escrita a mano."}, accion="salir")
    enviar(cliente, url, {"lo_pedido": "Cambio\nde texto", "temas": [elenco.tema_visitas.pk]})

    assert cliente.get(paso(url, "detalle")).context["form"]["necesidad"].value() == "Escrita a mano."


def test_a_theme_that_ended_is_not_proposed(elenco) -> None:
    assert proponer_temas(LLAMADA)[0].tema == elenco.tema_visitas
    with escribiendo():
        type(elenco.tema_visitas).objects.filter(pk=elenco.tema_visitas.pk).update(hasta="2025-01-01")
    assert elenco.tema_visitas not in [uno.tema for uno in proponer_temas(LLAMADA)]
    assert proponer_temas("  \n ") == []


@pytest.mark.parametrize(
    ("texto", "partes"),
    [
        ("Asunto\nEl resto", ("Asunto", "El resto")),
        ("Una sola línea", ("", "Una sola línea")),
        (f"{'x' * 130}\nresto", ("", f"{'x' * 130}\nresto")),
        ("  \n\n ", ("", "")),
    ],
)
def test_the_first_line_is_the_subject_when_it_is_one(texto, partes) -> None:
    assert partes_del_texto(texto) == partes
