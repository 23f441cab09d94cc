"""What waits to be classified, and what reached a mailbox of others: told once, to whoever can do something."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from alcance import como_sistema
from avisos.models import Aviso
from bandeja.services import entregar
from buzones.estados import Clase, EstadoCorreo
from buzones.models import Decision
from buzones.services import pendientes
from buzones.services.pendientes import NADIE_RESPONDIO, vencer_preguntas
from buzones.tasks import recordar
from tests.buzones.apoyos import casilla
from tests.buzones.sueltos import correo
from tests.fabricas import radicada
from tests.solicitudes.apoyos import instante

pytestmark = pytest.mark.django_db
LUNES = instante("2026-11-23", "10:00")


def avisados(titulo: str) -> list[str]:
    with como_sistema("prueba"), transaction.atomic():
        suyos = Aviso.objects.filter(titulo__contains=titulo).order_by("persona__correo")
        return list(suyos.values_list("persona__correo", flat=True))


def test_what_nobody_classified_is_told_to_ventanilla_and_then_to_the_heads(elenco) -> None:
    lugares = [elenco.archivo.pk, elenco.sistema_archivos.pk]
    uno = correo(recibido_en=LUNES, dependencias=lugares)
    correo(recibido_en=LUNES, dependencias=lugares, estado=EstadoCorreo.DESCARTADO, clase="spam")
    jefes = sorted([elenco.directora.correo, elenco.subdirector.correo])
    with time_machine.travel(LUNES, tick=True) as reloj:
        recordar()
        entregar()
        assert avisados("por clasificar") == []
        reloj.shift(timedelta(days=1))
        for _ in range(2):
            recordar()
            entregar()
        assert avisados("por clasificar") == [elenco.ventanilla.correo]
        reloj.shift(timedelta(days=1))
        recordar()
        entregar()
        assert avisados("por clasificar") == sorted([*jefes, *[elenco.ventanilla.correo] * 2])
        with como_sistema("prueba"), transaction.atomic():
            type(uno).objects.filter(pk=uno.pk).update(estado=EstadoCorreo.ATENDIDO, clase="automatico")
        reloj.shift(timedelta(days=1))
        recordar()
        entregar()
    assert len(avisados("por clasificar")) == 4


def test_a_weekend_is_no_business_day(elenco) -> None:
    correo(recibido_en=LUNES - timedelta(days=3), dependencias=[])
    with time_machine.travel(LUNES - timedelta(days=1), tick=True):
        recordar()
        entregar()
    assert avisados("por clasificar") == []


def test_with_nobody_at_ventanilla_who_administers_the_portal_learns_it(elenco) -> None:
    type(elenco.ventanilla).objects.filter(pk=elenco.ventanilla.pk).update(is_active=False)
    correo(recibido_en=LUNES)
    with time_machine.travel(LUNES + timedelta(days=1), tick=True):
        recordar()
        entregar()
    assert avisados("por clasificar") == [elenco.administradora.correo]


@pytest.mark.parametrize("reservada", [False, True])
def test_who_heads_the_wrong_mailbox_knows_where_it_is_but_of_a_reserved_one(elenco, reservada: bool) -> None:
    """R92."""
    una = casilla(elenco, dependencia=elenco.desarrollo)
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], reservada=reservada, motivo_reserva="Motivo")
    with como_sistema("prueba"), transaction.atomic():
        pendientes.movida_de_buzon(solicitud, una)
    entregar()
    assert avisados("la atiende otra dependencia") == ([] if reservada else [elenco.director_desarrollo.correo])


def test_a_question_nobody_answers_comes_back_in_ten_business_days(elenco) -> None:
    """Counted since it was asked; what was asked later still waits."""
    viejo = correo(recibido_en=LUNES, estado=EstadoCorreo.ESPERANDO, razones=["Dice muy poco."])
    nuevo = correo(recibido_en=LUNES, estado=EstadoCorreo.ESPERANDO)
    with como_sistema("prueba"), transaction.atomic():
        for uno, en in ((viejo, LUNES), (nuevo, LUNES + timedelta(days=2))):
            Decision.objects.create(correo=uno, clase=Clase.POR_CLASIFICAR, en=en)
    with time_machine.travel(instante("2026-12-07", "23:59"), tick=True) as reloj:  # eight after it, and a holiday
        assert vencer_preguntas() == 0
        reloj.shift(timedelta(days=2))
        recordar()
    with como_sistema("prueba"), transaction.atomic():
        viejo.refresh_from_db()
        nuevo.refresh_from_db()
    assert (viejo.estado, viejo.razones) == (EstadoCorreo.POR_CLASIFICAR, [NADIE_RESPONDIO, "Dice muy poco."])
    assert nuevo.estado == EstadoCorreo.ESPERANDO
