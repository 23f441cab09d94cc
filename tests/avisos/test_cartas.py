"""Every mail says what happened, what to do and by when, has one button, and looks the same in text and in HTML."""

import re

import pytest

from avisos.carta import Carta
from avisos.correo import construir
from avisos.eventos import Clase, Evento, eventos

DE_VARIAS = {"avisos.resumen", "solicitudes.cambio_de_plazos"}  # of several solicitudes at once
TODOS = {evento.clave: evento for evento in eventos()}


@pytest.mark.django_db
@pytest.mark.parametrize("evento", TODOS.values(), ids=TODOS.keys())
def test_a_mail_of_each_event(evento: Evento) -> None:
    carta = evento.muestra()
    mensaje = construir(
        a="ana@entidad.example", nombre="Ana Ruiz", carta=carta, clave="una", solicitud_id=1, evento=evento.clave
    )
    html, texto = mensaje.alternatives[0].content, mensaje.body
    assert mensaje.subject == carta.asunto and len(carta.asunto) <= 120
    assert (carta.que_paso and carta.que_paso.rstrip()[-1] in ".:»)?!…") or "\n" in carta.que_paso
    if "AT-20" in carta.que_paso + carta.asunto and evento.clave not in DE_VARIAS:
        assert re.match(r"\[AT-\d{4}-\d{6}\] ", carta.asunto), "el asunto empieza por el radicado"
    for dicho in (carta.que_hacer, carta.fecha_limite, *carta.porque):
        assert dicho in texto
    assert bool(carta.boton) <= carta.ruta.startswith("/") and not carta.ruta.startswith("//")
    # One button, nothing from the network, nothing that runs.
    assert html.count('class="boton"') == bool(carta.boton and carta.ruta)
    assert html.startswith("<!DOCTYPE html>") and not re.search(r"\{[#%{]|[#%}]\}", html.partition("<body")[2] + texto)
    assert not re.search(r"<img|<script|<link|url\(|src=", html)
    assert ("Es un aviso de ley: se envía siempre." in texto) is (evento.clase is Clase.LEGAL)
    assert ("cuida su cuenta" in texto) is evento.clave.startswith("cuentas.")


def test_who_has_an_account_is_told_where_to_choose() -> None:
    normal = next(e for e in TODOS.values() if e.clase is Clase.NORMAL)
    datos = {"a": "ana@entidad.example", "carta": Carta("Una", "Uno."), "clave": "una", "evento": normal.clave}
    con, sin = construir(**datos, con_cuenta=True), construir(**datos)
    assert "/cuenta/notificaciones/" in con.body and "/cuenta/notificaciones/" in con.alternatives[0].content
    assert con.extra_headers["List-Unsubscribe"].endswith("/cuenta/notificaciones/>")
    assert "/cuenta/notificaciones/" not in sin.body and "List-Unsubscribe" not in sin.extra_headers


def test_why_that_date_is_said_in_both() -> None:
    carta = Carta("Una", "Uno.", fecha_limite="24 de noviembre", porque=("Recibida el lunes 9.", "Diez días hábiles."))
    mensaje = construir(a="ana@entidad.example", carta=carta, clave="una")
    assert "- Recibida el lunes 9.\n- Diez días hábiles.\n" in mensaje.body
    assert "Recibida el lunes 9.<br>Diez días hábiles." in mensaje.alternatives[0].content
    assert Carta.de_json(carta.como_json()) == carta


def test_a_name_that_ends_in_a_period_closes_the_sentence() -> None:
    carta = Carta("Algo", "Es de Subred Norte E.S.E.. Espere...", "Escriba a S.A. E.S.P..")
    assert (carta.que_paso, carta.que_hacer) == ("Es de Subred Norte E.S.E. Espere...", "Escriba a S.A. E.S.P.")
    assert Carta.de_json(carta.como_json()) == carta
