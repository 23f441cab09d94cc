"""The mail of the day is a state: whatever the clock of the portal did, each line is told in one mail, once."""

from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from avisos.carta import Carta
from avisos.models import Envio
from avisos.services import avisar, marcar_leidos, preferir, resumir
from bandeja.services import entregar
from direcciones.models import Persona
from tests.avisos.conftest import GRUPO
from tests.fabricas import FabricaPersona, actuar

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("de_prueba")]


def a_las(dia: int, hora: str) -> time_machine.travel:
    """November 2026 in Bogotá: the 13th is a Friday and Monday the 16th a holiday."""
    instante = datetime.fromisoformat(f"2026-11-{dia:02}T{hora}:00")
    return time_machine.travel(timezone.make_aware(instante), tick=False)


@pytest.fixture
def persona() -> Persona:
    quien = FabricaPersona()
    with actuar(quien), transaction.atomic():
        preferir({GRUPO: "resumen"})
    return quien


def avisar_de(persona: Persona, que: str) -> None:
    with como_sistema("prueba"), transaction.atomic():
        avisar(persona=persona, carta=Carta(que, f"{que}."), clave=que, evento="prueba.normal")


def salen() -> list[Any]:
    """The mails that leave now."""
    mail.outbox.clear()
    entregar()
    return list(mail.outbox)


def lineas(persona: Persona, **filtro: Any) -> list[Envio]:
    with como_sistema("prueba"), transaction.atomic():
        return list(Envio.objects.filter(persona=persona, **filtro).order_by("id"))


@pytest.mark.parametrize(
    ("dia", "hora", "cuantos"),
    [
        (14, "08:00", 0),
        (16, "08:00", 0),
        (17, "07:59", 0),
        (17, "08:00", 1),
        (17, "16:59", 1),
        (17, "17:00", 0),
        (18, "08:05", 1),
    ],
)
def test_it_leaves_at_eight_of_a_business_day_and_never_at_night(
    persona: Persona, dia: int, hora: str, cuantos: int
) -> None:
    with a_las(13, "16:00"):
        avisar_de(persona, "El viernes")
    with a_las(dia, hora):
        assert resumir() == cuantos
        assert len(salen()) == cuantos


def test_one_a_day_and_what_comes_after_eight_waits_for_the_next(persona: Persona) -> None:
    with a_las(13, "16:00"):
        avisar_de(persona, "El viernes")
    with a_las(17, "08:00"):
        assert [resumir(), resumir()] == [1, 0]
        [primero] = salen()
    with a_las(17, "09:00"):
        avisar_de(persona, "El martes")
        assert resumir() == 0
    with a_las(18, "08:00"):
        assert resumir() == 1
        [segundo] = salen()
    assert "• El viernes" in primero.body and "El martes" not in primero.body
    assert "• El martes" in segundo.body and "El viernes" not in segundo.body


def test_a_beat_that_was_down_three_days_sends_one_with_everything(persona: Persona) -> None:
    for dia in (17, 18, 19):
        with a_las(dia, "10:00"):
            avisar_de(persona, f"El día {dia}")
    with a_las(20, "14:20"):
        assert [resumir(), resumir()] == [1, 0]
        [mensaje] = salen()
    assert mensaje.subject == "Resumen de avisos: 3 avisos sin leer"
    assert all(f"• El día {dia}" in mensaje.body for dia in (17, 18, 19))
    [resumen] = lineas(persona, evento="avisos.resumen")
    dentro = lineas(persona, evento="prueba.normal")
    assert {fila.dentro_de_id for fila in dentro} == {resumen.pk}
    assert all(fila.encolado_en and fila.estado[0] == "En un resumen del día" for fila in dentro)
    assert resumen.entregado_en is not None  # whether it arrived is said of the mail that carried them
    assert resumen.mensaje_id == mensaje.extra_headers["Message-ID"]


def test_what_was_read_is_not_told_again(persona: Persona) -> None:
    with a_las(17, "10:00"):
        avisar_de(persona, "Se leyó")
        with actuar(persona), transaction.atomic():
            marcar_leidos()
        avisar_de(persona, "No se leyó")
    with a_las(18, "08:00"):
        assert resumir() == 1
        [mensaje] = salen()
    assert "No se leyó" in mensaje.body and "• Se leyó" not in mensaje.body
    [leida, _] = lineas(persona, evento="prueba.normal")
    assert (leida.desenlace, leida.motivo) == ("descartado", "Lo leyó en el portal antes del resumen.")
    with a_las(19, "08:00"):
        assert resumir() == 0


def test_each_person_has_their_own_and_who_left_has_none(persona: Persona) -> None:
    otra, inactiva = FabricaPersona(), FabricaPersona()
    for quien in (otra, inactiva):
        with actuar(quien), transaction.atomic():
            preferir({GRUPO: "resumen"})
    with a_las(17, "10:00"):
        for quien in (persona, otra, inactiva):
            avisar_de(quien, f"Para {quien.nombre}")
    Persona.objects.filter(pk=inactiva.pk).update(is_active=False)
    with a_las(18, "08:00"):
        assert resumir() == 2
        mensajes = salen()
    assert {mensaje.to[0].partition("<")[2].rstrip(">") for mensaje in mensajes} == {persona.correo, otra.correo}
    assert [fila.motivo for fila in lineas(inactiva)] == ["Su cuenta está inactiva."]


def test_a_long_one_says_how_many_more(persona: Persona) -> None:
    with a_las(17, "10:00"):
        for n in range(42):
            avisar_de(persona, f"Aviso número {n}")
    with a_las(18, "08:00"):
        assert resumir() == 1
        [mensaje] = salen()
    assert "• Y 2 más, que están en sus notificaciones." in mensaje.body
    assert mensaje.body.count("• Aviso número") == 40
