"""What goes back to whoever wrote to a mailbox: to From alone, with none of their words, once (M09, M10)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from alcance import como_sistema
from avisos.models import DireccionCorreo, Envio
from avisos.services.frenos import turno_de_respuesta
from bandeja.models import Entrega
from bandeja.services import entregar
from buzones.criterio.partes import Respuesta
from buzones.estados import Clase, EstadoCorreo
from buzones.models import Correo, Decision
from buzones.respuestas import llego_a_otros, responder
from tests.buzones.apoyos import casilla
from tests.buzones.sueltos import correo, traido_por
from tests.solicitudes.apoyos import instante

pytestmark = pytest.mark.django_db
R = Respuesta
INICIO = instante("2026-11-24", "10:00")


def respondido(
    uno: Correo, respuesta: Respuesta, faltan: Sequence[str] = (), **como: bool
) -> list[EmailMultiAlternatives]:
    """What leaves of that answer."""
    antes = len(mail.outbox)
    with como_sistema("prueba"), transaction.atomic():
        responder(uno, respuesta, faltan=faltan, **como)
    entregar()
    return mail.outbox[antes:]


def envio_de(uno: Correo) -> Envio:
    with como_sistema("prueba"), transaction.atomic():
        return Envio.objects.get(clave__startswith=f"buzones.respuesta:{uno.pk}:")


@pytest.mark.parametrize("respuesta", [R.RECIBIDO, R.ORIENTACION, R.FALTAN])
def test_it_goes_to_from_in_their_thread_with_none_of_their_words(respuesta: Respuesta) -> None:
    veneno = "Gane dinero en malo.example"
    uno = correo(asunto=veneno, texto=veneno, citado=veneno, html=veneno, de_nombre=veneno, mensaje_id="<1@alla>")
    [sale] = respondido(uno, respuesta)
    assert sale.to == ["ana@alla.example"] and sale.cc == sale.bcc == []
    assert sale.extra_headers["In-Reply-To"] == sale.extra_headers["References"] == "<1@alla>"
    assert sale.extra_headers["Auto-Submitted"] == "auto-replied"
    assert sale.subject.startswith(f"[{uno.numero}] ")
    assert "malo.example" not in str(sale.message())
    assert uno.numero in sale.body and "Recibimos su mensaje el" in sale.body
    assert envio_de(uno).entregado_en is not None


@pytest.mark.parametrize("respuesta", [R.NINGUNA, R.ACUSE])
def test_the_others_leave_nothing_here(respuesta: Respuesta) -> None:
    assert respondido(correo(), respuesta) == []
    with como_sistema("prueba"), transaction.atomic():
        assert not Entrega.objects.exists() and not Envio.objects.exists()


def test_the_same_answer_is_left_once() -> None:
    uno = correo()
    assert len(respondido(uno, R.RECIBIDO)) == 1
    assert respondido(uno, R.RECIBIDO) == []


def test_the_question_says_what_is_missing_and_who_reads_the_answer(elenco) -> None:
    uno = correo(estado=EstadoCorreo.ESPERANDO)
    traido_por(uno, casilla(elenco, "mipg"), casilla(elenco, "otra"))
    [sale] = respondido(uno, R.FALTAN, ["Qué necesita.", "Qué entidades participarán."])
    assert "• Qué necesita.\n• Qué entidades participarán." in sale.body
    assert sale.reply_to == ["mipg@prueba.example"]
    assert "leemos su respuesta" in sale.body


def test_the_others_are_not_to_be_answered(elenco) -> None:
    """A machine that answers them would reach the mailbox again."""
    uno = correo()
    traido_por(uno, casilla(elenco))
    [sale] = respondido(uno, R.ORIENTACION)
    assert not sale.reply_to
    assert "no responda" in sale.body


def test_on_a_weekend_it_says_the_effective_day_and_when_it_is_sent_on() -> None:
    sabado = instante("2026-07-11", "22:15")
    uno = correo(
        recibido_en=sabado,
        fecha_efectiva=instante("2026-07-14").date(),
        vence_traslado=instante("2026-07-22").date(),
    )
    with time_machine.travel(sabado, tick=True):
        [sale] = respondido(uno, R.ORIENTACION)
    for dato in ("11 de julio de 2026, a las 10:15 p. m.", "14 de julio de 2026", "22 de julio de 2026", "Bogotá te"):
        assert dato in sale.body


@pytest.mark.parametrize(
    ("cambio", "motivo"),
    [
        ({"de_correo": ""}, "no se puede leer"),
        ({"de_correo": "a" * 300 + "@alla.example"}, "no se puede leer"),
        ({"de_correo": "no-reply@alla.example"}, "máquina"),
        ({"de_correo": "mipg@prueba.example"}, "propio portal"),
        ({"de_correo": "rebota@alla.example"}, "no le llegan"),
        ({"estado": EstadoCorreo.DESCARTADO, "clase": Clase.SPAM}, "se había decidido"),
        ({"estado": EstadoCorreo.ATENDIDO, "clase": Clase.AUTOMATICO}, "se había decidido"),
    ],
)
def test_what_is_not_answered_says_why_in_the_ledger(elenco, cambio: dict[str, Any], motivo: str) -> None:
    casilla(elenco, "mipg")
    with como_sistema("prueba"), transaction.atomic():
        DireccionCorreo.objects.create(correo="rebota@alla.example", estado="mala", causa="rebote")
    uno = correo(**cambio)
    assert respondido(uno, R.RECIBIDO) == []
    linea = envio_de(uno)
    assert linea.desenlace == Envio.Desenlace.DESCARTADO
    assert motivo in linea.motivo
    with como_sistema("prueba"), transaction.atomic():
        assert not Entrega.objects.exclude(estado="hecha").exists()


def test_a_second_message_of_the_day_gets_no_second_answer() -> None:
    """Whatever the answers are; the next day, another one."""
    with time_machine.travel(INICIO, tick=True) as reloj:
        assert len(respondido(correo(), R.ORIENTACION)) == 1
        reloj.shift(timedelta(hours=1))
        for respuesta in (R.ORIENTACION, R.RECIBIDO, R.FALTAN):
            assert respondido(correo(), respuesta) == []
        assert len(respondido(correo(de_correo="otra@alla.example"), R.RECIBIDO)) == 1
        reloj.shift(timedelta(hours=24))
        assert len(respondido(correo(), R.RECIBIDO)) == 1


def test_beyond_what_leaves_to_everybody_they_wait_but_not_for_ever(monkeypatch) -> None:
    monkeypatch.setattr("avisos.services.frenos.NEUTRAS_POR_HORA", 2)
    todos = [correo(de_correo=f"v{n}@alla.example") for n in range(5)]
    with time_machine.travel(INICIO, tick=True) as reloj:
        assert [len(respondido(uno, R.RECIBIDO)) for uno in todos] == [1, 1, 0, 0, 0]
        reloj.shift(timedelta(minutes=62))
        entregar()
        assert len(mail.outbox) == 4
        reloj.shift(timedelta(hours=23))
        with como_sistema("prueba"), transaction.atomic():
            for n in range(2):  # others took the hour
                assert turno_de_respuesta(f"w{n}@alla.example", "buzones.recibido", clave=f"w{n}") is None
        entregar()
    assert len(mail.outbox) == 4
    assert envio_de(todos[-1]).motivo == "No tuvo turno en 24 horas."


def test_which_mailbox_was_the_wrong_one(elenco) -> None:
    """R92."""
    del_archivo, de_otros = {elenco.archivo.pk}, {elenco.archivo.pk, elenco.desarrollo.pk}
    mipg = casilla(elenco, "mipg", dependencia=elenco.desarrollo)
    suya = casilla(elenco, "ddab", dependencia=elenco.sistema_archivos)
    comun = casilla(elenco, "ventanilla", carpeta="SDFI", es_compartida=True)
    assert llego_a_otros([mipg], del_archivo) == mipg
    assert llego_a_otros([mipg], de_otros) is None
    assert llego_a_otros([mipg, suya], del_archivo) is None
    assert llego_a_otros([mipg, comun], del_archivo) is None
    assert llego_a_otros([], del_archivo) is None


def test_what_was_never_asked_goes_back_to_the_tray(elenco) -> None:
    """Nobody would answer it."""
    uno = correo(de_correo="no-reply@alla.example", estado=EstadoCorreo.ESPERANDO, razones=["Dice muy poco."])
    assert respondido(uno, R.FALTAN) == []
    with como_sistema("prueba"), transaction.atomic():
        uno.refresh_from_db()
        assert Decision.objects.get(correo=uno).datos == {"accion": "vencer"}
    assert uno.estado == EstadoCorreo.POR_CLASIFICAR
    assert uno.razones == ["No se le preguntó lo que falta. La dirección es de una máquina.", "Dice muy poco."]


def test_what_a_person_asks_is_asked_though_it_was_answered_before() -> None:
    """And again, when nobody answered: each decision is another question."""
    uno = correo(estado=EstadoCorreo.ESPERANDO)
    assert len(respondido(uno, R.RECIBIDO)) == 1
    for _ in range(2):
        assert len(respondido(uno, R.FALTAN, a_mano=True)) == 1
        with como_sistema("prueba"), transaction.atomic():
            Decision.objects.create(correo=uno, clase=Clase.POR_CLASIFICAR)
    assert respondido(uno, R.FALTAN) == []
