"""What arrives by mail to the demonstration, and the page where its visitors write to a mailbox."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from alcance import como_sistema
from buzones.models import Casilla, Correo
from demo.entrantes import EJEMPLOS, preparar_casillas, recibir_ejemplos
from direcciones.catalogos import cargar_catalogos

pytestmark = pytest.mark.django_db
RUTA = "/demo/recibir/"


@pytest.fixture
def catalogos(db: None) -> None:
    with como_sistema("prueba"), transaction.atomic():
        cargar_catalogos()


def test_the_examples_arrive_once_and_wait_where_they_must(catalogos) -> None:
    assert recibir_ejemplos() == 10
    assert recibir_ejemplos() == 0
    with como_sistema("prueba"), transaction.atomic():
        por_clase = dict(Correo.objects.values_list("asunto", "clase"))
        assert Correo.objects.count() == 10
        assert Correo.objects.filter(clase="nueva_solicitud", solicitud__isnull=False).count() >= 3
        assert Correo.objects.filter(estado="por_clasificar").exists()
        assert Casilla.objects.filter(es_compartida=True, carpeta="Asistencia técnica").count() == 1
    assert "ausencia" in por_clase.values()


def test_a_visitor_writes_to_a_mailbox_and_sees_what_it_became(client, catalogos) -> None:
    preparar_casillas()
    casilla = Casilla.objects.get(nombre="mipgdistrito")
    vacio = client.post(RUTA, {"casilla": casilla.pk})
    assert vacio.status_code == 422
    assert set(vacio.context["form"].errors) == {"de", "texto"}
    assert ">De</label>" in vacio.content.decode()  # without «(opcional)»
    # What the page begins with is filed at once.
    datos = {campo.name: campo.value() for campo in client.get(RUTA).context["form"] if campo.name != "archivo"}
    assert datos["casilla"] == Casilla.objects.get(nombre="registrodistrital").pk
    respuesta = client.post(RUTA, datos)
    hecho = respuesta.context["hecho"]
    assert respuesta.status_code == 200 and hecho["entidad"]["nombre"].endswith("de Movilidad")
    assert hecho["radicado"] and hecho["radicado"] in respuesta.content.decode()
    assert reverse("buzones:detalle", args=[hecho["id"]]) in respuesta.content.decode()
    assert "entre como imprenta@demo.example" in respuesta.content.decode()  # the window does not see it any more


def test_a_visitor_sends_a_file(client, catalogos) -> None:
    preparar_casillas()
    casilla = Casilla.objects.get(nombre="mipgdistrito")
    crudo = (EJEMPLOS / "07_malformado.eml").read_bytes()
    archivo = SimpleUploadedFile("mensaje.eml", crudo, content_type="message/rfc822")
    hecho = client.post(RUTA, {"casilla": casilla.pk, "archivo": archivo}).context["hecho"]
    assert (hecho["clase"], hecho["estado"]) == ("por_clasificar", "por_clasificar")
    assert hecho["razones"]
