"""What happens to a notice is in the ledger, in the same commit as it happens."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction

from alcance import como_sistema
from avisos.carta import Carta
from avisos.models import Aviso, Envio
from avisos.services import avisar, dejar_aviso, enviar_correo, marcar_leidos
from bandeja.models import Entrega, EstadoEntrega
from bandeja.services import anotar, descartar, entregar, reintentar
from direcciones.models import Persona
from tests.fabricas import FabricaPersona, actuar, radicada

pytestmark = pytest.mark.django_db
CARTA = Carta("Le asignaron una solicitud", "Usted la tiene.")


def envio(**filtro: Any) -> Envio:
    with como_sistema("prueba"), transaction.atomic():
        return Envio.objects.select_related("aviso").get(**filtro)


def avisada(clave: str = "una", **datos: Any) -> Persona:
    persona = FabricaPersona()
    with como_sistema("prueba"), transaction.atomic():
        avisar(persona=persona, carta=CARTA, clave=clave, **datos)
    return persona


def entrega_de(persona: Persona) -> Entrega:
    with como_sistema("prueba"), transaction.atomic():
        return Entrega.objects.get(tipo="avisos.correo", destinatario=persona.correo)


def matar(entrega: Entrega) -> None:
    """As the worker does after the last try."""
    with como_sistema("prueba"), transaction.atomic():
        entrega.estado, entrega.error = EstadoEntrega.MUERTA, "SMTPServerDisconnected: se cortó"
        entrega.save(update_fields=["estado", "error"])


def test_a_notice_is_due_queued_handed_over_and_read() -> None:
    persona = avisada(evento="solicitudes.asignada")
    antes = envio(persona=persona)
    assert (antes.evento, antes.correo, antes.nombre) == ("solicitudes.asignada", persona.correo, persona.nombre)
    assert antes.debido_en == antes.encolado_en is not None
    assert antes.entregado_en is antes.leido_en is None
    entregar()
    [mensaje] = mail.outbox
    despues = envio(pk=antes.pk)
    assert despues.entregado_en == _entrega(despues).hecha_en is not None
    assert despues.mensaje_id == mensaje.extra_headers["Message-ID"]
    with actuar(persona), transaction.atomic():
        assert marcar_leidos() == 1
    assert envio(pk=antes.pk).leido_en is not None
    assert not envio(pk=antes.pk).desenlace


def _entrega(envio: Envio) -> Entrega:
    with como_sistema("prueba"), transaction.atomic():
        return Entrega.objects.get(clave_idempotencia=envio.clave)


def test_what_rolls_back_leaves_neither_mail_nor_line() -> None:
    persona = FabricaPersona()
    with pytest.raises(ZeroDivisionError), como_sistema("prueba"), transaction.atomic():
        avisar(persona=persona, carta=CARTA, clave="una")
        1 / 0  # noqa: B018
    with como_sistema("prueba"), transaction.atomic():
        assert not Envio.objects.exists()
        assert not Aviso.objects.exists()
        assert not Entrega.objects.exists()


def test_told_twice_it_is_one_line_of_one_notice() -> None:
    persona = FabricaPersona()
    for _ in range(2):
        with como_sistema("prueba"), transaction.atomic():
            avisar(persona=persona, carta=CARTA, clave="una")
    assert envio(persona=persona).aviso.clave == f"una:{persona.pk}"
    with como_sistema("prueba"), transaction.atomic():
        assert Aviso.objects.count() == 1


def test_what_died_or_was_discarded_is_so_in_the_ledger_and_a_new_try_takes_it_back() -> None:
    persona = avisada()
    entrega = entrega_de(persona)
    matar(entrega)
    muerto = envio(persona=persona)
    assert (muerto.desenlace, muerto.motivo) == ("muerto", "SMTPServerDisconnected: se cortó")
    with como_sistema("prueba"):
        reintentar(pk=entrega.pk)
    de_nuevo = envio(persona=persona)
    assert (de_nuevo.desenlace, de_nuevo.desenlace_en, de_nuevo.motivo) == ("", None, "")
    matar(entrega_de(persona))
    with como_sistema("prueba"):
        descartar(pk=entrega.pk, motivo="Ya no trabaja allí.")
    descartado = envio(persona=persona)
    assert (descartado.desenlace, descartado.motivo) == ("descartado", "Ya no trabaja allí.")
    assert descartado.entregado_en is None


def test_what_the_server_refused_is_not_said_to_be_handed_over() -> None:
    """The hand-over of a fact ends; the mail that it was did not leave."""
    persona = avisada()
    with como_sistema("prueba"), transaction.atomic():
        Envio.objects.filter(persona=persona).update(desenlace="rechazado", desenlace_en=Envio.objects.get().debido_en)
    entregar()
    assert envio(persona=persona).entregado_en is None
    assert envio(persona=persona).desenlace == "rechazado"


@pytest.mark.parametrize("que", ["cuenta", "direccion"])
def test_what_nobody_could_be_told_is_a_line_that_says_why(que: str) -> None:
    persona = FabricaPersona()
    if que == "cuenta":
        Persona.objects.filter(pk=persona.pk).update(is_active=False)
        persona.refresh_from_db()
        avisar(persona=persona, carta=CARTA, clave="una", evento="solicitudes.asignada")
    else:
        enviar_correo(a="", nombre="Sin Correo", carta=CARTA, clave="una", evento="solicitudes.asignada")
    linea = envio(evento="solicitudes.asignada")
    assert linea.desenlace == "descartado"
    assert linea.motivo == {"cuenta": "Su cuenta está inactiva.", "direccion": "No hay a qué dirección."}[que]
    with como_sistema("prueba"), transaction.atomic():
        assert not Entrega.objects.exists()
        assert not Aviso.objects.exists()


def test_the_heads_read_what_was_told_of_their_solicitudes(elenco: Any) -> None:
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    entregar()
    linea = envio(correo=elenco.enlace.correo)
    assert (linea.radicado, linea.solicitud_id) == (solicitud.radicado, solicitud.pk)
    assert linea.dependencias == solicitud.dependencias
    for quien in (elenco.enlace, elenco.directora, elenco.subdirector, elenco.administradora, elenco.auditora):
        with actuar(quien), transaction.atomic():
            assert linea in Envio.objects.all(), quien.correo
    for quien in (elenco.colega, elenco.asesora, elenco.director_desarrollo, elenco.ventanilla):
        with actuar(quien), transaction.atomic():
            assert linea not in Envio.objects.all(), quien.correo


def test_a_mail_that_another_room_builds_has_its_line_too() -> None:
    persona = FabricaPersona()
    with como_sistema("prueba"), transaction.atomic():
        dejar_aviso(persona=persona, carta=CARTA, clave="de otra sala")
        anotar(
            tipo="cuentas.recuperacion",
            clave="de otra sala",
            destinatario=persona.correo,
            carga={"persona": persona.pk},
        )
    entregar()
    linea = envio(correo=persona.correo)
    assert (linea.evento, linea.persona, linea.nombre) == ("cuentas.recuperacion", persona, persona.nombre)
    assert linea.aviso.clave == f"de otra sala:{persona.pk}"
    assert linea.debido_en <= linea.encolado_en <= linea.entregado_en
    assert linea.mensaje_id == mail.outbox[0].extra_headers["Message-ID"]


def test_closing_the_fact_and_its_line_are_one_commit() -> None:
    """By hand too: it is the database that copies it."""
    persona = avisada()
    with como_sistema("prueba"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update bandeja_entrega set estado = 'hecha', hecha_en = '2026-03-02T15:00Z'")
    assert envio(persona=persona).entregado_en.isoformat() == "2026-03-02T15:00:00+00:00"
