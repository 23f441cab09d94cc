"""A no to the address is not tried eight times: it dies at once and the address is known to be bad (M11)."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from anymail.exceptions import AnymailRecipientsRefused, AnymailRequestsAPIError
from anymail.message import AnymailRecipientStatus
from django.core import mail
from django.utils import timezone
from urllib3.exceptions import MaxRetryError, NewConnectionError

from avisos.carta import Carta
from avisos.correo import construir
from bandeja.models import Entrega
from bandeja.proveedor import quizas_llego
from bandeja.services import EntregaDudosa, EntregaRechazada, entregar
from tests.bandeja.conftest import cambiar, dejar, estados, fila
from tests.bandeja.smtp_guionado import SmtpGuionado

CARTA = Carta("Recibimos su solicitud", "Radicamos su solicitud.")


@pytest.fixture
def por_smtp(base_propia: str, settings: Any, registrar: Any) -> None:
    settings.EMAIL_BACKEND = "bandeja.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False

    def correo(entrega: Entrega) -> Any:
        return construir(a=entrega.destinatario, carta=CARTA, clave=entrega.clave_idempotencia).send

    registrar("prueba.correo", correo)
    registrar("bandeja.rechazo", lambda entrega: None)
    dejar("prueba.correo", "uno", destinatario="a@entidad.example")


def intentar(servidor: SmtpGuionado, settings: Any, veces: int = 1) -> None:
    settings.EMAIL_PORT = servidor.puerto
    for _ in range(veces):
        cambiar("uno", proximo_intento=timezone.now())
        entregar()


def rechazos() -> list[str]:
    return [clave for clave in estados() if clave.startswith("rechazo:")]


def test_a_bad_address_dies_at_once_and_leaves_its_fact(por_smtp: None, settings: Any) -> None:
    with SmtpGuionado("550-rcpt") as servidor:
        intentar(servidor, settings)
    uno = fila("uno")
    assert (uno.estado, uno.intento, uno.posible_duplicado) == ("muerta", 1, False)
    [clave] = rechazos()
    hecho = fila(clave)
    assert (hecho.destinatario, hecho.carga["clave"], hecho.carga["codigo"]) == ("a@entidad.example", "uno", "5.1.1")
    assert hecho.carga["definitiva"] and servidor.recibidos == []


@pytest.mark.parametrize("paso", ["451-rcpt", "554-rcpt", "552-rcpt"])
def test_what_is_not_of_the_address_or_may_pass_is_tried_again(por_smtp: None, settings: Any, paso: str) -> None:
    """554: we are on a list of theirs. 552: the mailbox is full today."""
    with SmtpGuionado(paso) as servidor:
        intentar(servidor, settings)
        assert (fila("uno").estado, rechazos()) == ("pendiente", [])
        intentar(servidor, settings)
    assert fila("uno").estado == "hecha" and len(servidor.recibidos) == 1


def test_a_mailbox_that_is_full_until_the_end_leaves_its_fact(por_smtp: None, settings: Any) -> None:
    with SmtpGuionado(*["552-rcpt"] * 8) as servidor:
        intentar(servidor, settings, veces=8)
    [clave] = rechazos()
    assert fila("uno").estado == "muerta" and not fila(clave).carga["definitiva"]


# --- Through a provider --------------------------------------------------------------------------------------------
@pytest.fixture
def por_proveedor(settings: Any) -> Iterator[None]:
    settings.EMAIL_BACKEND, settings.PROVEEDOR_DE_CORREO = "bandeja.proveedor.EmailBackend", "test"
    mail.outbox = []
    yield


def enviar(respuesta: Any = None) -> Any:
    mensaje: Any = construir(a="a@entidad.example", carta=CARTA, clave="uno")
    if respuesta is not None:
        mensaje.anymail_test_response = respuesta
    mensaje.send()
    return mensaje


def test_the_provider_gets_the_message_id_to_give_it_back(por_proveedor: None) -> None:
    mensaje = enviar()
    assert mensaje.anymail_test_params["metadata"] == {"mensaje": mensaje.extra_headers["Message-ID"]}


def test_an_address_that_the_provider_refuses_is_a_no_for_good(por_proveedor: None) -> None:
    rechazada = {"recipient_status": {"a@entidad.example": AnymailRecipientStatus(message_id=None, status="rejected")}}
    with pytest.raises(EntregaRechazada) as falla:
        enviar(rechazada)
    assert (falla.value.correo, falla.value.codigo, falla.value.definitiva) == ("a@entidad.example", "rejected", True)
    assert isinstance(falla.value.__cause__, AnymailRecipientsRefused)


def fallo(estado: int = 0, causa: Exception | None = None) -> AnymailRequestsAPIError:
    respuesta = SimpleNamespace(status_code=estado, reason="x", text="x") if estado else None
    falla = AnymailRequestsAPIError("no", response=respuesta)
    falla.__cause__ = causa
    return falla


SIN_CONEXION = requests.ConnectionError(MaxRetryError(None, "/", NewConnectionError(None, "no")))  # type: ignore[arg-type]
DUDAS = [fallo(500), fallo(502), fallo(504), fallo(causa=requests.ReadTimeout()),
         fallo(causa=requests.ConnectionError("Connection aborted.")), fallo(200, ValueError("no"))]  # fmt: skip
CLARAS = [fallo(401), fallo(422), fallo(429), fallo(503), fallo(causa=requests.ConnectTimeout()),
          fallo(causa=SIN_CONEXION), fallo(causa=requests.exceptions.SSLError())]  # fmt: skip


@pytest.mark.parametrize("falla", DUDAS)
def test_what_the_provider_may_have_taken_is_a_doubt(por_proveedor: None, falla: AnymailRequestsAPIError) -> None:
    assert quizas_llego(falla)


@pytest.mark.parametrize("falla", CLARAS)
def test_what_never_got_to_the_provider_is_not(por_proveedor: None, falla: AnymailRequestsAPIError) -> None:
    assert not quizas_llego(falla)


def test_a_doubt_is_told_as_such_and_a_clear_no_is_not(por_proveedor: None) -> None:
    with pytest.raises(EntregaDudosa):
        enviar(fallo(502))
    with pytest.raises(AnymailRequestsAPIError):
        enviar(fallo(422))
