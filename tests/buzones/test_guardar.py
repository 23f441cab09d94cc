"""The one door of the ledger, and the page that shows it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from archivos import almacen
from buzones.estados import EstadoLlegada, Origen
from buzones.services import guardar
from buzones.services.guardar import Traido, guardar_lote
from tests.buzones.apoyos import casilla, llegadas
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
ROTO = b"From: \xff\xfe<\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n\x00--\r\n"


def test_the_bytes_are_kept_as_they_came() -> None:
    """M08: nobody reads them yet, so nothing that they say can lose them."""
    for crudo in (ROTO, b"", b"\x00" * 3000):
        suya = guardar(crudo, origen=Origen.COMANDO, sobre_de="quien@entidad.example")
        with almacen.abrir(suya.ruta) as archivo:
            assert archivo.read() == (crudo or b"\n")
        assert almacen.huella_de(suya.ruta) == (suya.bytes, suya.sha256)
        assert suya.estado == EstadoLlegada.GUARDADA


def test_a_message_that_comes_from_the_future_came_now() -> None:
    """K9: a server whose clock is ahead can't take a place in the queue."""
    suya = guardar(ROTO, origen=Origen.TUBO, recibida_en=timezone.now() + timedelta(days=3))
    assert suya.recibida_en == suya.guardada_en


def test_each_message_of_a_folder_is_kept_once(elenco: Elenco) -> None:
    """M02: read again after dying, or by two at once."""
    suya = casilla(elenco)
    lote = [Traido(uid, timezone.now() - timedelta(minutes=uid), ROTO) for uid in (1, 2)]
    donde = {"casilla": suya, "carpeta": "INBOX", "uidvalidity": 9}
    assert guardar_lote(lote, **donde) == 2
    primeras = [(una.pk, una.ruta) for una in llegadas()]
    assert guardar_lote([*lote, Traido(3, timezone.now(), b"otro")], **donde) == 1
    assert [(una.pk, una.ruta) for una in llegadas()][:2] == primeras
    assert [una.uid for una in llegadas()] == [2, 1, 3]
    assert all(una.dependencias == suya.dependencias() for una in llegadas())


def test_who_reads_what_reached_the_mailboxes(elenco: Elenco, entrar: Any) -> None:
    """Ventanilla and oversight, all; a dependencia, what reached its mailboxes; an entity, nothing."""
    for nombre, dependencia in (("mipg", elenco.desarrollo), ("archivo", elenco.archivo)):
        guardar(ROTO, origen=Origen.COMANDO, casilla=casilla(elenco, nombre, dependencia=dependencia))
    url = reverse("buzones:llegadas")

    def ve(quien: Any) -> set[str]:
        respuesta = entrar(quien).get(url)
        assert respuesta.status_code == 200
        return {una.casilla.nombre for una in respuesta.context["pagina"]}

    for quien in (elenco.ventanilla, elenco.administradora, elenco.auditora, elenco.subsecretaria):
        assert ve(quien) == {"mipg", "archivo"}
    assert ve(elenco.director_desarrollo) == {"mipg"}
    assert ve(elenco.directora) == {"archivo"}
    for quien in (elenco.enlace, elenco.admin_entidad, elenco.revisora):
        assert entrar(quien).get(url).status_code == 403


def test_the_page_says_what_is_wrong_and_is_narrowed(elenco: Elenco, entrar: Any) -> None:
    suya = casilla(elenco)
    falla = "Pesa 75 MB y no se trajo."
    guardar_lote(
        [Traido(1, timezone.now(), b"a"), Traido(2, timezone.now(), b"b", falla)],
        casilla=suya,
        carpeta="SDFI",
        uidvalidity=1,
    )
    cliente, url = entrar(elenco.ventanilla), reverse("buzones:llegadas")
    html = cliente.get(url).content.decode().replace("<wbr>", "")
    assert falla in html and "Carpeta SDFI" in html and suya.buzon.correo in html
    assert [una.uid for una in cliente.get(url, {"estado": "apartada", "casilla": "mipg"}).context["pagina"]] == [2]
    assert "Ningún mensaje cumple" in cliente.get(url, {"estado": "repetida"}).content.decode()
    assert cliente.get(url, {"estado": "x", "casilla": "x", "desde": "d:x"}).status_code == 200


def test_it_goes_page_by_page_with_the_same_queries(elenco: Elenco, entrar: Any) -> None:
    suya, cliente, url = casilla(elenco), entrar(elenco.ventanilla), reverse("buzones:llegadas")
    cliente.get(url)
    consultas = []
    for desde, hasta in ((0, 1), (1, 3), (3, 30)):
        traidos = [Traido(uid, timezone.now() - timedelta(minutes=uid), b"x") for uid in range(desde, hasta)]
        guardar_lote(traidos, casilla=suya, carpeta="INBOX", uidvalidity=1)
        with CaptureQueriesContext(connection) as capturadas:
            pagina = cliente.get(url).context["pagina"]
        consultas.append(len(capturadas))
    assert len(set(consultas)) == 1
    assert [una.uid for una in pagina] == list(range(25))
    assert [una.uid for una in cliente.get(url, {"desde": pagina.siguiente}).context["pagina"]] == list(range(25, 30))
