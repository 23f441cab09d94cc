"""The pages of the ledger: who reads what, and how it is searched."""

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from alcance import como_sistema
from avisos.models import Envio
from bandeja.services import entregar
from bitacora.models import Suceso
from tests.fabricas import radicada

pytestmark = pytest.mark.django_db


@pytest.fixture
def dos(elenco: Any) -> list[Any]:
    """Two solicitudes of different dependencias, and what was told of them."""
    solicitudes = [
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas]),
        radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad]),
    ]
    entregar()
    return solicitudes


def radicados(cliente: Any, **filtros: str) -> set[str]:
    respuesta = cliente.get(reverse("avisos:libro"), filtros)
    assert respuesta.status_code == 200
    return {envio.radicado for envio in respuesta.context["envios"]}


def test_oversight_reads_everything_and_a_head_what_is_of_theirs(elenco: Any, entrar: Any, dos: list[Any]) -> None:
    una, otra = (solicitud.radicado for solicitud in dos)
    for quien in (elenco.administradora, elenco.auditora):
        assert radicados(entrar(quien)) == {una, otra}
    assert radicados(entrar(elenco.directora)) == {una}
    assert radicados(entrar(elenco.director_desarrollo)) == {otra}
    for quien in (elenco.enlace, elenco.asesora, elenco.ventanilla):
        assert entrar(quien).get(reverse("avisos:libro")).status_code == 403


def test_it_is_searched_by_radicado_address_state_and_date(elenco: Any, entrar: Any, dos: list[Any]) -> None:
    cliente = entrar(elenco.auditora)
    una, otra = (solicitud.radicado for solicitud in dos)
    assert radicados(cliente, radicado=una.lower()) == {una}
    assert radicados(cliente, correo=elenco.otra_enlace.correo.upper()) == {otra}
    assert radicados(cliente, estado="entregados") == {una, otra}
    assert radicados(cliente, estado="fallidos") == set()
    assert radicados(cliente, desde="2999-01-01") == set()
    with como_sistema("prueba"), transaction.atomic():
        Envio.objects.filter(radicado=una).update(desenlace="rebotado", desenlace_en=dos[0].recibido_en)
    assert radicados(cliente, estado="fallidos") == {una}
    html = cliente.get(reverse("avisos:libro"), {"estado": "fallidos"}).content.decode()
    assert "Rebotado" in html
    assert reverse("atencion:caso", args=[una]) in html
    assert (
        "Ningún aviso cumple estos filtros."
        in cliente.get(reverse("avisos:libro"), {"radicado": "AT-1999-000001"}).content.decode()
    )


def test_who_attends_reads_what_was_told_of_a_solicitud_and_nobody_else(
    elenco: Any, entrar: Any, dos: list[Any]
) -> None:
    url = reverse("atencion:avisos", args=[dos[0].radicado])
    html = entrar(elenco.asesora).get(url).content.decode()
    assert elenco.enlace.correo in html
    assert "Entregado al servidor" in html
    assert elenco.otra_enlace.correo not in html
    assert url in entrar(elenco.asesora).get(reverse("atencion:caso", args=[dos[0].radicado])).content.decode()
    assert entrar(elenco.asesor_tecnica).get(url).status_code == 404
    assert entrar(elenco.enlace).get(url).status_code == 403


def test_reading_what_was_told_of_a_reserved_one_is_on_record(elenco: Any, entrar: Any) -> None:
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_comision])
    url = reverse("atencion:avisos", args=[solicitud.radicado])
    assert entrar(elenco.asesor_tecnica).get(url).status_code == 404
    assert "Aún no se ha avisado nada" in entrar(elenco.auditora).get(url).content.decode()
    with como_sistema("prueba"), transaction.atomic():
        [suceso] = Suceso.objects.filter(accion="solicitud.abrir_reservada", solicitud_id=solicitud.pk)
    assert suceso.actor_id == elenco.auditora.pk
