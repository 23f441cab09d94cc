"""The brake on automatic answers (security.md M09): in no hour more than five to one address, and none lost."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from alcance import como_sistema
from avisos import eventos as modulo
from avisos.carta import Carta
from avisos.correo import construir
from avisos.eventos import Clase, Evento, eventos, registrar_evento
from avisos.models import DireccionCorreo, TurnoDeRespuesta
from avisos.services import enviar_correo
from avisos.services.frenos import NEUTRAS_POR_HORA, por_que_no_se_responde, turno_de_respuesta
from bandeja.models import Entrega
from bandeja.services import entregar
from direcciones.models import Buzon
from plazos.reloj import con_reloj
from tests.solicitudes.apoyos import instante

pytestmark = pytest.mark.django_db
ACUSE = "solicitudes.acuse"
NEUTRA = "prueba.neutra"
INICIO = instante("2026-11-24", "10:00")
FALSO = "Falsificado@entidad.example"


@pytest.fixture(autouse=True)
def neutra() -> Iterator[None]:
    eventos()
    registrar_evento(
        Evento(NEUTRA, "Una respuesta", "Pruebas", lambda: Carta("Una", "Uno"), Clase.CUENTA, False, una_al_dia=True)
    )
    yield
    modulo._eventos.pop(NEUTRA)


def turno(correo: str, clave: str, en: datetime, evento: str = ACUSE) -> datetime | None:
    with con_reloj(en), como_sistema("prueba"), transaction.atomic():
        return turno_de_respuesta(correo, evento, clave=clave)


def salidas(cuantas: int) -> list[datetime]:
    """When each of as many answers of one forged sender leaves, all asked for at once: as the outbox wakes them."""
    salen: list[datetime] = []
    esperan, en = deque(range(cuantas)), INICIO
    while esperan:
        hasta = turno(FALSO, str(esperan[0]), en)
        if hasta is None:
            esperan.popleft()
            salen.append(en)
            en += timedelta(seconds=1)
        else:
            assert hasta > en
            en = hasta
    return salen


def en_cualquier_hora(salen: list[datetime]) -> int:
    return max(sum(uno <= otro <= uno + timedelta(hours=1) for otro in salen) for uno in salen)


def test_in_any_hour_five_and_in_the_end_all() -> None:
    salen = salidas(23)
    assert len(salen) == 23
    assert en_cualquier_hora(salen) == 5
    assert salen[-1] - salen[0] < timedelta(hours=5)


@pytest.mark.larga
def test_a_thousand_of_a_forged_sender() -> None:
    salen = salidas(1000)
    assert len(salen) == 1000
    assert en_cualquier_hora(salen) == 5


def test_the_limit_is_a_setting(settings) -> None:
    settings.RESPUESTAS_POR_HORA = 2
    assert en_cualquier_hora(salidas(6)) == 2


def test_each_address_has_its_own_whatever_its_case() -> None:
    for uno in range(5):
        assert turno("ana@entidad.example", f"a{uno}", INICIO) is None
    assert turno(" ANA@entidad.example ", "a5", INICIO) is not None
    assert turno("luis@entidad.example", "l0", INICIO) is None


def test_another_try_of_the_same_mail_is_not_another_one() -> None:
    """The server was away: the fifth asks again, and again it is the fifth."""
    for uno in range(5):
        turno(FALSO, str(uno), INICIO)
    for minuto in range(1, 4):
        assert turno(FALSO, "4", INICIO + timedelta(minutes=minuto)) is None
    # It counts from when it left, not from when it was first tried.
    assert turno(FALSO, "5", INICIO + timedelta(minutes=62)) is None
    with como_sistema("prueba"), transaction.atomic():
        assert TurnoDeRespuesta.objects.count() == 6


def test_through_the_outbox_they_wait_without_spending_a_try() -> None:
    with time_machine.travel(INICIO, tick=True) as reloj:
        with como_sistema("prueba"), transaction.atomic():
            for uno in range(12):
                carta = Carta(f"[AT-2026-{uno:06}] Recibimos su solicitud", "La recibimos.")
                enviar_correo(a=FALSO, carta=carta, clave=f"acuse:{uno}", evento=ACUSE, responde_a=f"<{uno}@alla>")
            enviar_correo(a=FALSO, carta=Carta("Otro", "De una persona."), clave="otro", evento="solicitudes.pedida")
        salidos = []
        for _ in range(3):
            entregar()
            salidos.append(len(mail.outbox))
            with como_sistema("prueba"), transaction.atomic():
                esperan = Entrega.objects.filter(estado="pendiente", tipo="avisos.correo")
                assert {entrega.intento for entrega in esperan} <= {0}
            reloj.shift(timedelta(minutes=62))
    assert salidos == [6, 11, 13]  # what a person asked for is not an answer, and does not wait
    primero = mail.outbox[0]
    assert primero.extra_headers["In-Reply-To"] == "<0@alla>"
    assert primero.extra_headers["Auto-Submitted"] == "auto-replied"


def test_a_neutral_answer_is_one_a_day() -> None:
    def por_que(clave: str, en: datetime) -> str:
        with con_reloj(en), como_sistema("prueba"), transaction.atomic():
            return por_que_no_se_responde(FALSO, NEUTRA, clave=clave)

    assert por_que("una", INICIO) == ""
    assert turno(FALSO, "una", INICIO, NEUTRA) is None
    assert por_que("una", INICIO + timedelta(minutes=2)) == ""  # the same one, tried again
    assert "24 horas" in por_que("otra", INICIO + timedelta(hours=23, minutes=59))
    assert por_que("otra", INICIO + timedelta(hours=24, minutes=1)) == ""


def test_a_list_of_forged_senders_gets_two_hundred_an_hour() -> None:
    for uno in range(NEUTRAS_POR_HORA):
        assert turno(f"victima{uno}@afuera.example", f"v{uno}", INICIO, NEUTRA) is None
    hasta = turno("otra@afuera.example", "otra", INICIO, NEUTRA)
    assert hasta is not None and hasta > INICIO + timedelta(hours=1)
    assert turno("otra@afuera.example", "acuse", INICIO) is None  # what was filed is told


@pytest.mark.parametrize(
    ("correo", "dice"),
    [
        ("", "no se puede leer"),
        ("ana", "no se puede leer"),
        ("ana@entidad.example\r\nBcc: otra@afuera.example", "no se puede leer"),
        ("ana@entidad.example, otra@afuera.example", "no se puede leer"),
        ("no-reply@entidad.example", "máquina"),
        ("No-Responder+algo@entidad.example", "máquina"),
        ("MAILER-DAEMON@correo.example", "máquina"),
        ("postmaster@entidad.example", "máquina"),
        ("r+1.aaaaaaaa.bbbbbbbbbbbbbbbbbbbb@respuestas.portal.example", "propio portal"),
        ("avisos@portal.example", "propio portal"),
        ("MIPG@alcaldia.example", "propio portal"),
        ("rebota@entidad.example", "no le llegan"),
    ],
)
def test_who_gets_none(elenco, settings, correo: str, dice: str) -> None:
    settings.CORREO_RESPUESTAS = "respuestas.portal.example"
    settings.DEFAULT_FROM_EMAIL = "Portal SDFI <avisos@portal.example>"
    Buzon.objects.create(correo="mipg@alcaldia.example", dependencia=elenco.desarrollo, para_que="Pruebas")
    with como_sistema("prueba"), transaction.atomic():
        DireccionCorreo.objects.create(correo="rebota@entidad.example", estado="mala", causa="rebote")
        assert dice in por_que_no_se_responde(correo, ACUSE, clave="una")
        assert por_que_no_se_responde("noemi.reply@entidad.example", ACUSE, clave="una") == ""


def test_who_was_just_written_to_gets_no_neutral_answer() -> None:
    """A machine that answers every mail, and says nothing of it in its headers."""
    with time_machine.travel(INICIO, tick=True) as reloj:
        with como_sistema("prueba"), transaction.atomic():
            enviar_correo(a=FALSO, carta=Carta("Recibimos", "Su solicitud."), clave="uno", evento=ACUSE)
        entregar()
        with como_sistema("prueba"), transaction.atomic():
            assert "máquina" in por_que_no_se_responde(FALSO, NEUTRA, clave="dos")
            assert por_que_no_se_responde(FALSO, ACUSE, clave="tres") == ""
        reloj.shift(timedelta(minutes=11))
        with como_sistema("prueba"), transaction.atomic():
            assert por_que_no_se_responde(FALSO, NEUTRA, clave="dos") == ""


@pytest.mark.parametrize(
    "ajeno", ["", "sin ángulos", "<a b@c>", "<a@b>\r\nBcc: x@y", "<a@b>\x00", "<" + "a" * 300 + "@b>", "<á@b>"]
)
def test_a_foreign_message_id_becomes_no_header_of_ours(ajeno: str) -> None:
    """M06."""
    mensaje = construir(a=FALSO, carta=Carta("Una", "Uno"), clave="una", evento=NEUTRA, responde_a=ajeno)
    assert not {"In-Reply-To", "References"} & set(mensaje.extra_headers)
    assert mensaje.extra_headers["Auto-Submitted"] == "auto-replied"


def test_an_answer_hangs_from_both_threads() -> None:
    mensaje = construir(
        a=FALSO, carta=Carta("Una", "Uno"), clave="una", evento=ACUSE, solicitud_id=7, responde_a="<1@alla>"
    )
    hilo, suyo = mensaje.extra_headers["References"].split()
    assert hilo.startswith("<solicitud-") and suyo == mensaje.extra_headers["In-Reply-To"] == "<1@alla>"


def test_the_turns_of_before_are_deleted() -> None:
    for dia in range(4):
        turno(FALSO, str(dia), INICIO + timedelta(days=dia))
    with como_sistema("prueba"), transaction.atomic():
        quedan = list(TurnoDeRespuesta.objects.order_by("en").values_list("en", flat=True))
    assert len(quedan) == 3
    assert all(b - a == timedelta(days=1) for a, b in pairwise(quedan))
