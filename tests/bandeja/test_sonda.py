"""What waited for the mail server leaves when it comes back, and only once for each time that it does (F08)."""

import sys
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from bandeja.services import sonda as la_del_proceso
from bandeja.services.entregar import entregar
from tests.bandeja.conftest import cambiar, dejar, fila
from tests.bandeja.smtp_guionado import SmtpMentiroso

pytestmark = pytest.mark.django_db
Sonda = type(la_del_proceso)
CORREO = "ConnectionRefusedError: [Errno 111] Connection refused"


@pytest.fixture
def servidor(settings: Any) -> Any:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "bandeja.smtp.EmailBackend", "127.0.0.1"
    with SmtpMentiroso() as este:
        settings.EMAIL_PORT = este.puerto
        yield este


@pytest.fixture
def sonda(monkeypatch: pytest.MonkeyPatch) -> Any:
    """One that asks every time."""
    monkeypatch.setattr(sys.modules["bandeja.services.sonda"], "CADA", 0.0)
    return Sonda()


def espera(clave: str, error: str = CORREO, **mas: Any) -> None:
    dejar("prueba.nada", clave)
    dentro = timezone.now() + timedelta(hours=1)
    cambiar(clave, **{"error": error, "intento": 4, "proximo_intento": dentro} | mas)


def sale_ya(clave: str) -> bool:
    return bool(fila(clave).proximo_intento <= timezone.now())


def test_what_waits_leaves_when_the_server_comes_back(servidor: SmtpMentiroso, sonda: Any) -> None:
    espera("uno")
    servidor.mentir("rehusa")
    assert sonda.soltar() == 0 and not sale_ya("uno")
    servidor.mentir("421")
    assert sonda.soltar() == 0
    servidor.mentir("bien")
    assert sonda.soltar() == 1 and sale_ya("uno")
    assert fila("uno").intento == 4


def test_one_that_greets_and_then_fails_does_not_burn_the_tries(servidor: SmtpMentiroso, sonda: Any) -> None:
    espera("uno")
    assert sonda.soltar() == 1
    espera("dos")
    assert [sonda.soltar() for _ in range(5)] == [0] * 5 and not sale_ya("dos")
    servidor.mentir("rehusa")
    sonda.soltar()
    servidor.mentir("bien")
    assert sonda.soltar() == 1


@pytest.mark.parametrize(
    "otra",
    [
        {"error": "SMTPRecipientsRefused: {'a@b': (451, b'later')}"},
        {"error": "", "intento": 0},
        {"estado": "muerta"},
        {"error": "EntregaDudosa: no confirmó"},
    ],
)
def test_what_waits_for_something_else_goes_on_waiting(
    servidor: SmtpMentiroso, sonda: Any, otra: dict[str, Any]
) -> None:
    espera("uno", **otra)
    assert sonda.soltar() == 0 and not sale_ya("uno")


def test_the_server_is_asked_only_when_something_waits(settings: Any, sonda: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "no.existe.EmailBackend", "127.0.0.1", 1
    assert sonda.soltar() == 0
    entregar()


def test_a_provider_by_its_api_is_not_asked(settings: Any, sonda: Any) -> None:
    settings.EMAIL_BACKEND, settings.PROVEEDOR_DE_CORREO = "bandeja.proveedor.EmailBackend", "test"
    espera("uno")
    assert sonda.soltar() == 0


def test_every_ring_passes_by_and_hardly_any_looks(settings: Any, django_assert_num_queries: Any) -> None:
    """What waits for another reason is many thousands after a night: it is not read at each ring."""
    una = Sonda()
    espera("uno", error="Espera su hora. ", intento=1)
    assert una.soltar() == 0
    with django_assert_num_queries(0):
        assert [una.soltar() for _ in range(3)] == [0] * 3
