"""The acuse by mail (CPACA art. 61; E4), through the real outbox to the mail that leaves."""

import pytest
from django.core import mail
from django.db import transaction

from alcance import como_sistema
from avisos.models import Aviso
from bandeja.models import Entrega
from bandeja.services.manejadores import manejador_de
from direcciones.models import Persona
from solicitudes.models import ConstanciaRadicacion
from solicitudes.services.constancias import emitir_constancia
from tests.fabricas import radicada

pytestmark = pytest.mark.django_db


def entregar_el_acuse(solicitud) -> list:
    """Hand over the acuse, then each mail it left. Gives the messages that left."""
    with transaction.atomic(), como_sistema("prueba: entregar"):
        emitir_constancia(solicitud=solicitud)
        acuse = Entrega.objects.get(tipo="solicitudes.acuse", solicitud_id=solicitud.pk)
        manejador_de(acuse.tipo)(acuse)
        for entrega in Entrega.objects.filter(tipo="avisos.correo", solicitud_id=solicitud.pk).order_by("pk"):
            manejador_de(entrega.tipo)(entrega)()
    return mail.outbox


def test_el_enlace_recibe_radicado_fecha_y_constancia(elenco):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    [correo] = entregar_el_acuse(solicitud)

    assert elenco.enlace.correo in correo.to[0]
    assert correo.subject == f"[{solicitud.radicado}] Recibimos su solicitud"
    assert "responderemos a más tardar el" in correo.body
    assert f"/solicitudes/{solicitud.radicado}/radicada/" in correo.body
    with transaction.atomic(), como_sistema("prueba"):
        assert Aviso.objects.get(persona=elenco.enlace).solicitud_id == solicitud.pk


def test_quien_no_tiene_cuenta_recibe_el_codigo_para_confirmar(elenco):
    """R22: what came by phone is acknowledged to the address that was written."""
    solicitud = radicada(
        registrada_por=elenco.ventanilla, canal="telefono", entidad=elenco.instituto, temas=[elenco.tema_tablas]
    )
    with transaction.atomic(), como_sistema("prueba"):
        solicitud.remitente_correo = "quien.llamo@idartes.example"
        solicitud.save(update_fields=["remitente_correo"])

    [correo] = entregar_el_acuse(solicitud)

    with transaction.atomic(), como_sistema("prueba"):
        codigo = ConstanciaRadicacion.objects.get().codigo
    assert f"/constancias/{codigo}/" in correo.body
    assert "quien.llamo@idartes.example" in correo.to[0]


def test_sin_correo_el_acuse_va_a_los_enlaces_de_la_entidad(elenco):
    solicitud = radicada(
        registrada_por=elenco.ventanilla, canal="presencial", entidad=elenco.instituto, temas=[elenco.tema_tablas]
    )

    [correo] = entregar_el_acuse(solicitud)

    assert elenco.otra_enlace.correo in correo.to[0]
    assert f"/solicitudes/{solicitud.radicado}/radicada/" in correo.body


def test_el_correo_de_una_reservada_no_dice_el_asunto(elenco):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_comision], asunto="Viaje secreto")

    [correo] = entregar_el_acuse(solicitud)

    assert "Viaje secreto" not in correo.body + correo.subject


def test_el_acuse_de_una_cuenta_cerrada_va_a_sus_colegas(elenco):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    Persona.objects.filter(pk=elenco.enlace.pk).update(is_active=False)

    [correo] = entregar_el_acuse(solicitud)

    assert elenco.colega.correo in correo.to[0]
