"""Only what the law orders is written at night, on a weekend or on a holiday; a retry at night waits too."""

from collections.abc import Iterator
from datetime import datetime, time

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.urls import reverse

from alcance import como_sistema
from avisos.carta import Carta
from avisos.models import Envio
from avisos.services import enviar_correo
from bandeja.models import Entrega
from bandeja.services import entregar, pendiente_desde
from plazos.escritura import cuando_escribir
from plazos.services import decretar_dia
from solicitudes.services.recordatorios import barrer_plazos
from tests.fabricas import radicada
from tests.solicitudes.apoyos import instante

pytestmark = pytest.mark.django_db
CARTA = Carta("Prueba", "Algo pasó.")


@pytest.fixture(autouse=True)
def horas(settings) -> None:
    settings.HORAS_DE_ESCRIBIR = (time(7), time(17))


# Friday 13 November 2026; Monday 16 is a holiday.
@pytest.mark.parametrize(
    ("ahora", "sale"),
    [
        (("2026-11-13", "00:00:00"), ("2026-11-13", "07:00")),
        (("2026-11-13", "06:59:59"), ("2026-11-13", "07:00")),
        (("2026-11-13", "07:00:00"), ("2026-11-13", "07:00")),
        (("2026-11-13", "16:59:59"), ("2026-11-13", "16:59:59")),
        (("2026-11-13", "17:00:00"), ("2026-11-17", "07:00")),
        (("2026-11-13", "23:59:59"), ("2026-11-17", "07:00")),
        (("2026-11-14", "10:00:00"), ("2026-11-17", "07:00")),
        (("2026-11-15", "10:00:00"), ("2026-11-17", "07:00")),
        (("2026-11-16", "10:00:00"), ("2026-11-17", "07:00")),
        (("2041-01-05", "03:00:00"), ("2041-01-05", "03:00:00")),  # beyond the calendar: better now than never
    ],
)
def test_each_class_of_minute(ahora: tuple[str, str], sale: tuple[str, str]) -> None:
    assert cuando_escribir(instante(*ahora)) == instante(*sale)
    assert cuando_escribir(instante(*sale)) == instante(*sale)


def test_a_decreed_day_is_asked_when_it_is_known() -> None:
    assert cuando_escribir(instante("2026-12-24", "10:00")) == instante("2026-12-24", "10:00")
    decretar_dia(fecha=instante("2026-12-24").date(), tipo="no_habil", acto="Decreto 1 de 2026")
    assert cuando_escribir(instante("2026-12-24", "10:00")) == instante("2026-12-28", "07:00")


def test_at_any_hour_where_the_settings_say_so(settings) -> None:
    settings.HORAS_DE_ESCRIBIR = None
    noche = instante("2026-11-14", "03:00")
    assert cuando_escribir(noche) == noche


@pytest.fixture
def de_noche() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(instante("2026-11-13", "22:00"), tick=False) as viajero:
        yield viajero


def escribir(evento: str) -> None:
    with transaction.atomic(), como_sistema("prueba"):
        enviar_correo(a="quien@entidad.example", carta=Carta("Algo", "Pasó."), clave=evento, evento=evento)


def proximo(evento: str) -> tuple[str, int, datetime]:
    with transaction.atomic(), como_sistema("prueba"):
        fila = Entrega.objects.get(clave_idempotencia=f"correo:{evento}:quien@entidad.example")
        return fila.estado, fila.intento, fila.proximo_intento


@pytest.mark.parametrize("evento", ["solicitudes.acuse", "cuentas.seguridad", "", "de.antes"])
def test_what_the_law_orders_and_what_guards_an_account_leave_at_once(evento: str, de_noche) -> None:
    escribir(evento)
    entregar()
    assert len(mail.outbox) == 1


def test_the_rest_waits_for_the_next_business_morning(de_noche) -> None:
    escribir("solicitudes.asignada")
    entregar()
    assert mail.outbox == []
    assert proximo("solicitudes.asignada") == ("pendiente", 0, instante("2026-11-17", "07:00"))
    de_noche.move_to(instante("2026-11-17", "06:59"))
    entregar()
    assert mail.outbox == []
    de_noche.move_to(instante("2026-11-17", "07:00"))
    entregar()
    assert len(mail.outbox) == 1


def test_the_ledger_says_when_what_waits_will_leave(elenco, entrar, de_noche) -> None:
    """At night nobody wonders why it has not left. What leaves at once says nothing of hours."""
    escribir("solicitudes.asignada")
    libro = entrar(elenco.administradora)
    pagina = libro.get(reverse("avisos:libro")).content.decode()
    assert "17 nov, 7:00\xa0a.\xa0m." in pagina.partition("Saldrá:")[2][:120]
    de_noche.move_to(instante("2026-11-17", "08:00"))
    escribir("solicitudes.acuse")
    assert "Saldrá:" not in libro.get(reverse("avisos:libro")).content.decode()


def test_a_retry_that_falls_at_night_waits_and_is_no_try(de_noche) -> None:
    """It was due by day; the server failed and six hours later it is night: nobody is woken, and nothing is lost."""
    de_noche.move_to(instante("2026-11-13", "16:30"))
    escribir("solicitudes.asignada")
    de_noche.move_to(instante("2026-11-13", "22:30"))
    for _ in range(3):
        entregar()
    assert mail.outbox == []
    assert proximo("solicitudes.asignada") == ("pendiente", 0, instante("2026-11-17", "07:00"))
    de_noche.move_to(instante("2026-11-17", "07:00"))
    entregar()
    assert len(mail.outbox) == 1


def test_what_failed_and_then_waits_for_the_morning_alarms_nobody() -> None:
    """Held by the law of the portal and not by a fault: `/salud/` counts it from its hour on."""
    with time_machine.travel(instante("2026-11-13", "16:59"), tick=False) as viajero:
        with transaction.atomic(), como_sistema("prueba"):
            enviar_correo(a="ana@entidad.example", carta=CARTA, clave="una", evento="solicitudes.empezada")
            Entrega.objects.update(intento=1, error="TimeoutError: nadie atiende")
        viajero.move_to(instante("2026-11-13", "17:01"))
        assert pendiente_desde() is not None
        entregar()
        assert pendiente_desde() is None
        with como_sistema("prueba"):
            entrega = Entrega.objects.get()
        assert (entrega.intento, entrega.error) == (1, "Espera su hora. TimeoutError: nadie atiende")
        viajero.move_to(instante("2026-11-17", "07:00"))
        assert pendiente_desde() is not None
        entregar()
        assert len(mail.outbox) == 1


def test_the_ledger_says_since_when_a_reminder_that_waited_was_due(elenco) -> None:
    with time_machine.travel(instante("2026-11-09"), tick=False) as viajero:
        radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad])
        entregar()
        viajero.move_to(instante("2026-11-19", "23:30"))
        barrer_plazos()
        entregar()
        viajero.move_to(instante("2026-11-20", "07:00"))
        entregar()
    with como_sistema("prueba"):
        [envio] = Envio.objects.filter(evento="solicitudes.por_vencer")
    assert (envio.debido_en, envio.encolado_en) == (instante("2026-11-19", "23:30"), instante("2026-11-20", "07:00"))
