"""What enters a solicitud by another way than the portal: messages, complements and files."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from archivos.errores import ArchivoRehusado
from archivos.services import recibir
from bandeja.models import Entrega
from expedientes.services.fuentes import fuentes_de
from solicitudes.estados import EstadoParte
from solicitudes.models import Archivo, Mensaje, Solicitud
from solicitudes.services.archivos import POR_CORREO, adjuntar_recibidos
from solicitudes.services.conversacion import recibir_mensaje
from solicitudes.services.novedades import novedades_desde
from tests.fabricas import radicada
from tests.solicitudes.apoyos import hace, hacer, historia, parte_de, releer, sistema
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
DE = "Jimena Tovar <jimena@entidad.example> (por correo)"


@pytest.fixture
def una(elenco: Elenco) -> Solicitud:
    return radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=1))


def recibido(una: Solicitud, texto: str = "Va lo que nos pidieron.", **datos: Any) -> Mensaje:
    with sistema():
        return recibir_mensaje(
            solicitud=una, texto=texto, remitente=DE, **{"clave": uuid4(), "en": timezone.now()} | datos
        )


def test_un_mensaje_entra_una_vez_con_su_instante(una: Solicitud) -> None:
    """K13: whoever reads the same mail again adds nothing; it is told to whoever attends as the entity's."""
    clave, en = uuid4(), timezone.now() - timedelta(hours=5)
    primero = recibido(una, clave=clave, en=en)
    assert recibido(una, "otro texto", clave=clave).pk == primero.pk
    assert (primero.en, primero.remitente, primero.autor, primero.de_la_entidad) == (en, DE, None, True)
    with sistema():
        assert Mensaje.objects.filter(solicitud=una).count() == 1
        assert Entrega.objects.filter(tipo="solicitudes.mensaje", solicitud_id=una.pk).count() == 1


def test_sin_texto_no_entra(una: Solicitud) -> None:
    with pytest.raises(ValidationError):
        recibido(una, "  \n")


def test_lo_que_es_para_el_equipo_no_lo_ve_la_entidad(una: Solicitud, elenco: Elenco, entrar: Any) -> None:
    for datos in ({"tipo": "nota"}, {"interno": True}):
        suyo = recibido(una, "Ojo: lo mandó alguien del equipo.", **datos)
        assert (suyo.interno, suyo.de_la_entidad) == (True, False)
    with sistema():
        assert not Entrega.objects.filter(tipo="solicitudes.mensaje", solicitud_id=una.pk).exists()
    assert "Ojo: lo mandó" not in entrar(elenco.enlace).get(una.get_absolute_url()).content.decode()


def test_lo_que_se_esperaba_la_devuelve_a_quien_la_atiende(una: Solicitud, elenco: Elenco) -> None:
    hacer(elenco.asesora, parte_de(una), "tomar")
    esperando = hacer(elenco.asesora, parte_de(una), "pedir_complemento", texto="Falta el acta.", hasta=None)
    assert esperando.estado == EstadoParte.EN_COMPLEMENTO
    clave = uuid4()
    for _ in range(2):
        suyo = recibido(una, tipo="complemento", parte=esperando, clave=clave)
    assert parte_de(una).estado == EstadoParte.EN_ATENCION and suyo.parte_id == esperando.pk
    assert historia(una)[-1] == "complementar"
    with pytest.raises(ValidationError):
        recibido(una, tipo="complemento")


def test_se_dice_quien_lo_escribio_donde_se_dice_el_autor(una: Solicitud, elenco: Elenco, entrar: Any) -> None:
    """R47: page of the entity, page of the staff, news, API and electronic file."""
    recibido(una)
    assert "Jimena Tovar" in entrar(elenco.enlace).get(una.get_absolute_url()).content.decode()
    assert "Jimena Tovar" in entrar(elenco.asesora).get(reverse("atencion:caso", args=[una.radicado])).content.decode()
    with sistema():
        assert [n.quien for n in novedades_desde(una, "999999999.0")] == [DE]
        (fuente,) = [f for f in fuentes_de(una) if f.clave.startswith("mensaje:")]
    assert fuente.origen == DE and DE in fuente.texto


def test_los_archivos_de_un_mensaje_son_de_la_solicitud(una: Solicitud, elenco: Elenco) -> None:
    """Nobody of the portal uploaded them, and there is no page to say that five are too many."""
    mensaje = recibido(una)
    subidos = [recibir(SimpleUploadedFile(f"acta {n}.txt", b"Acta de la mesa.\n")) for n in range(7)]
    with sistema():
        archivos = adjuntar_recibidos(solicitud=una, recibidos=subidos, mensaje=mensaje)
        with pytest.raises(ArchivoRehusado):
            adjuntar_recibidos(solicitud=una, recibidos=subidos[:1] * (POR_CORREO + 1))
        assert list(Archivo.objects.filter(solicitud=una).values_list("nombre", "mensaje_id", "subido_por_id")) == [
            (f"acta {n}.txt", mensaje.pk, None) for n in range(7)
        ]
    assert len(archivos) == 7 and releer(archivos[0]).sha256 == subidos[0].sha256


def test_el_api_dice_el_remitente(una: Solicitud, elenco: Elenco) -> None:
    from api.serializadores import MensajeSalida  # noqa: PLC0415 - the top layer, only here

    suyo = recibido(una)
    assert MensajeSalida(suyo).data["remitente"] == DE and MensajeSalida(suyo).data["autor"] is None
