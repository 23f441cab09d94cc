"""The page of the expediente, its copies and the page that recognises one."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bitacora.models import Suceso
from expedientes.models import Copia
from solicitudes.models import Solicitud
from tests.expedientes.conftest import Sistema, abierta, archivo, preparar, terminar
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


def url(solicitud: Solicitud) -> str:
    return reverse("expedientes:expediente", args=[solicitud.radicado])


def test_the_staff_reads_the_index_and_the_entity_does_not(elenco: Elenco, cerrada: Solicitud, entrar) -> None:
    pagina = entrar(elenco.asesora).get(url(cerrada)).content.decode()
    assert "Índice firmado" in pagina and "anexo.txt" in pagina and "Nota interna" in pagina
    assert "Preparar expediente sellado" not in pagina
    assert "Preparar expediente sellado" in entrar(elenco.directora).get(url(cerrada)).content.decode()
    assert entrar(elenco.enlace).get(url(cerrada)).status_code == 403
    assert entrar(elenco.otra_enlace).get(url(cerrada)).status_code == 403
    assert entrar(elenco.asesor_internacional).get(url(cerrada)).status_code == 404
    assert entrar(elenco.directora).get(url(cerrada).replace("AT-", "AT-9")).status_code == 404


def test_an_index_that_somebody_changed_is_said(elenco: Elenco, cerrada: Solicitud, entrar, monkeypatch) -> None:
    monkeypatch.setattr("expedientes.services.cierre.separada.es_valida", lambda *a: False)
    assert "La firma del índice no coincide" in entrar(elenco.auditora).get(url(cerrada)).content.decode()


def test_a_copy_is_asked_for_made_and_downloaded(elenco: Elenco, cerrada: Solicitud, entrar) -> None:
    navegador = entrar(elenco.subdirector)
    datos = {"destinatario": "Personería", "motivo": "Oficio 7", "clave": str(uuid4())}
    assert "Escriba por qué se entrega." in navegador.post(url(cerrada), datos | {"motivo": ""}).content.decode()
    assert entrar(elenco.asesora).post(url(cerrada), datos).status_code == 403
    assert navegador.post(url(cerrada), datos).status_code == 302
    with Sistema():
        copia = Copia.objects.get(solicitud=cerrada)
    descarga = reverse("expedientes:descargar", args=[cerrada.radicado, copia.pk])
    assert "En preparación" in navegador.get(url(cerrada)).content.decode()
    assert navegador.get(descarga).status_code == 404
    preparar()
    pagina = navegador.get(url(cerrada)).content.decode()
    assert "Descargar el expediente sellado" in pagina and f"por {elenco.subdirector.nombre}.</small>" in pagina
    assert ".</time>.<" not in pagina  # «7:57 p. m.» closes its own sentence
    respuesta = navegador.get(descarga)
    assert respuesta["Content-Type"] == "application/zip" and "attachment" in respuesta["Content-Disposition"]
    assert b"".join(respuesta.streaming_content)[:2] == b"PK"
    assert entrar(elenco.asesora).get(descarga).status_code == 403
    assert entrar(elenco.director_desarrollo).get(descarga).status_code == 404
    with Sistema():
        huella = Copia.objects.get(pk=copia.pk).sha256
    comprobar = reverse("expedientes:comprobar")
    anonimo = Client(headers={"x-forwarded-proto": "https"})
    assert cerrada.radicado in anonimo.get(comprobar, {"huella": f" {huella.upper()} "}, secure=True).content.decode()
    pagina = anonimo.get(comprobar, {"huella": "0" * 64}, secure=True).content.decode()
    assert "Ninguna copia tiene esa huella" in pagina
    assert "64 cifras" in anonimo.get(comprobar, {"huella": "corta"}, secure=True).content.decode()


@pytest.mark.parametrize("reservada", [False, True])
def test_whoever_takes_a_copy_is_on_record(elenco: Elenco, cerrada: Solicitud, entrar, reservada: bool) -> None:
    """Each time, with the digest of what left; of a reserved one, also that it was opened."""
    navegador = entrar(elenco.directora)
    datos = {"destinatario": "Personería", "motivo": "Oficio 7", "clave": str(uuid4())}
    assert navegador.post(url(cerrada), datos).status_code == 302
    preparar()
    with Sistema():
        Solicitud.objects.filter(pk=cerrada.pk).update(reservada=reservada, motivo_reserva="Nómina")
        copia = Copia.objects.get(solicitud=cerrada)
    descarga = reverse("expedientes:descargar", args=[cerrada.radicado, copia.pk])
    for _ in range(2):
        assert b"".join(navegador.get(descarga).streaming_content)[:2] == b"PK"
    assert entrar(elenco.asesora).get(descarga).status_code == 403
    with Sistema():
        tomadas = list(Suceso.objects.filter(accion="expediente.descargar", solicitud_id=cerrada.pk))
        abiertas = Suceso.objects.filter(accion="solicitud.abrir_reservada", solicitud_id=cerrada.pk)
        assert {suceso.actor_id for suceso in abiertas} == ({elenco.directora.pk} if reservada else set())
    assert [(s.actor_id, s.objeto_id) for s in tomadas] == [(elenco.directora.pk, str(copia.pk))] * 2
    assert all(copia.sha256 in suceso.despues for suceso in tomadas)


@pytest.mark.parametrize("como", ["abierta", "cerrada"])
def test_the_page_asks_the_same_for_1_3_and_25_documents(elenco: Elenco, entrar, como: str) -> None:
    navegador, consultas = entrar(elenco.directora), []
    for cuantos in (1, 3, 25):
        solicitud = abierta(elenco)
        for n in range(cuantos):
            archivo(solicitud, f"otro-{n}.txt")
        if como == "cerrada":
            terminar(elenco, solicitud)
        with CaptureQueriesContext(
            connection,
        ) as captura:
            assert navegador.get(url(solicitud)).status_code == 200
        consultas.append(len(captura))
    assert len(set(consultas)) == 1, consultas
