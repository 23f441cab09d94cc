"""The list of dead letters: only the administrator, one more try or a reason (security.md §5.6)."""

import pytest
from django.test import Client
from django.urls import reverse

from alcance import como_sistema
from bandeja.models import Entrega
from bandeja.nombres import NOMBRES
from bandeja.services.manejadores import _manejadores, cargar
from bitacora.models import Suceso
from tests.bandeja.conftest import dejar, estados, fila
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


@pytest.fixture
def administradora(elenco: Elenco, entrar) -> Client:
    return entrar(elenco.administradora)


@pytest.fixture
def muerta() -> Entrega:
    dejar("avisos.correo", "uno", destinatario="a@entidad.example")
    with como_sistema("prueba"):
        Entrega.objects.update(estado="muerta", intento=8, error="SMTPConnectError: <421>", posible_duplicado=True)
    return fila("uno")


def test_lista_vacia(administradora: Client) -> None:
    assert "No hay entregas sin hacer" in administradora.get(reverse("bandeja:lista")).content.decode()


def test_cada_tipo_de_entrega_tiene_nombre() -> None:
    """The page never shows the code of a kind of fact."""
    cargar()
    assert set(_manejadores) == set(NOMBRES)


def test_lista_con_una_muerta(administradora: Client, muerta: Entrega) -> None:
    html = administradora.get(reverse("bandeja:lista")).content.decode()
    assert "<span>Correo</span>" in html and "avisos.correo" not in html
    assert "1 entrega sin hacer" in html and "a@entidad.example" in html and "Puede haber llegado" in html
    assert "&lt;421&gt;" in html


def test_reintentar_una_vez(administradora: Client, muerta: Entrega) -> None:
    """F10: pressing twice does it once and says so."""
    ruta = reverse("bandeja:reintentar", args=[muerta.pk])
    primera, segunda = (administradora.post(ruta, follow=True).content.decode() for _ in range(2))
    assert "se intenta de nuevo" in primera and "Alguien ya la reintentó" in segunda
    assert (fila("uno").estado, fila("uno").intento) == ("pendiente", 7)


def test_reintentar_todas_las_de_un_tipo_menos_las_que_pueden_haber_llegado(administradora: Client) -> None:
    """After a mail server that was away. One line in the record for all."""
    dejar("avisos.correo", "uno", "dos", "dudosa")
    dejar("avisos.sello", "otra")
    with como_sistema("prueba"):
        Entrega.objects.update(estado="muerta", intento=8, error="SMTPConnectError")
        Entrega.objects.filter(clave_idempotencia="dudosa").update(posible_duplicado=True)
    lista, todas = reverse("bandeja:lista"), reverse("bandeja:reintentar_todas")
    html = administradora.get(lista).content.decode()
    assert "Reintentar las 2 de «Correo»" in html
    assert "Reintentar las 1" not in html  # there is one: its own button does it
    html = administradora.post(todas, {"tipo": "avisos.correo"}, follow=True).content.decode()
    assert "Se intentan de nuevo 2." in html
    assert estados() == {"uno": "pendiente", "dos": "pendiente", "dudosa": "muerta", "otra": "muerta"}
    assert fila("uno").intento == 7
    html = administradora.post(todas, {"tipo": "avisos.correo"}, follow=True).content.decode()
    assert "Ya no hay entregas de ese tipo" in html
    with como_sistema("prueba"):
        [suceso] = Suceso.objects.filter(accion="bandeja.reintentar_todas")
    assert suceso.cambios["cuantas"] == (None, 2)


def test_descartar_pide_el_motivo_y_lo_deja_en_la_bitacora(
    administradora: Client, muerta: Entrega, elenco: Elenco
) -> None:
    ruta = reverse("bandeja:descartar", args=[muerta.pk])
    html = administradora.get(ruta).content.decode()
    assert "no se puede deshacer" in html and "«Correo»" in html
    assert "Escriba por qué la descarta" in administradora.post(ruta, {"motivo": " "}).content.decode()
    assert fila("uno").estado == "muerta"
    administradora.post(ruta, {"motivo": "El buzón ya no existe"})
    assert (fila("uno").estado, fila("uno").descarte_motivo) == ("descartada", "El buzón ya no existe")
    assert administradora.get(ruta).status_code == 404
    with como_sistema("prueba"):
        suceso = Suceso.objects.get(accion="bandeja.descartar")
    assert (suceso.actor_id, suceso.rol) == (elenco.administradora.pk, "administrador")


@pytest.mark.parametrize("parte", ["enlace", "asesora", "directora", "auditora", "ventanilla", "subsecretaria"])
def test_solo_el_administrador(elenco: Elenco, entrar, muerta: Entrega, parte: str) -> None:
    cliente = entrar(getattr(elenco, parte))
    assert cliente.get(reverse("bandeja:lista")).status_code == 403
    assert cliente.post(reverse("bandeja:reintentar", args=[muerta.pk])).status_code == 403
    assert cliente.post(reverse("bandeja:descartar", args=[muerta.pk]), {"motivo": "x"}).status_code == 403
    assert cliente.post(reverse("bandeja:reintentar_todas"), {"tipo": "avisos.correo"}).status_code == 403
    assert fila("uno").estado == "muerta"
