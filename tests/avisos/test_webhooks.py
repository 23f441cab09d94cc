"""What the provider tells: with its secret only, each thing once, whatever it repeats (anymail's real views)."""

import json
from base64 import b64encode
from typing import Any

import pytest
from django.conf import settings as ajustes
from django.test import Client
from django.urls import reverse

from avisos.models import DireccionCorreo, EventoCorreo
from tests.avisos.test_rebotes import ANA, _a_cualquier_hora, cuantos, direccion, envio, escribir  # noqa: F401
from tests.soporte.elenco import Elenco

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("de_prueba")]
CLAVE = "portal:una-clave-larga-del-proveedor"


@pytest.fixture
def con_postmark(settings: Any) -> None:
    settings.PROVEEDOR_DE_CORREO, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": CLAVE}


def llamar(cuerpo: dict[str, Any], *, clave: str = CLAVE, proveedor: str = "postmark", cliente: Any = None) -> int:
    respuesta = (cliente or Client(enforce_csrf_checks=True)).post(
        reverse("avisos:eventos_correo", args=[proveedor]),
        json.dumps(cuerpo),
        content_type="application/json",
        headers={"authorization": f"Basic {b64encode(clave.encode()).decode()}"} if clave else {},
        secure=True,
    )
    return int(respuesta.status_code)


def rebote(mensaje_id: str = "", tipo: str = "HardBounce", **mas: Any) -> dict[str, Any]:
    return {
        "RecordType": "Bounce",
        "ID": 4323372036854775807,
        "Type": tipo,
        "TypeCode": 1,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {"mensaje": mensaje_id},
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist",
        "Email": ANA,
        "BouncedAt": "2026-11-23T14:15:08Z",
        "From": "no-responder@portal.example",
        "Subject": "[AT-2026-000123] Recibimos su solicitud",
    } | mas


def test_a_bounce_marks_the_address_and_closes_the_line(con_postmark: None) -> None:
    uno = escribir()
    assert llamar(rebote(uno.mensaje_id)) == 200
    assert (direccion().estado, direccion().codigo) == ("mala", "5.1.1")
    assert envio(pk=uno.pk).desenlace == "rebotado"


def test_the_provider_repeats_it_and_it_is_once(con_postmark: None) -> None:
    uno = escribir()
    assert [llamar(rebote(uno.mensaje_id)) for _ in range(3)] == [200] * 3
    assert cuantos(EventoCorreo) == 1


def test_what_arrived_and_what_was_complained_of(con_postmark: None) -> None:
    uno, otro = escribir(), escribir("otra")
    entrega = {"RecordType": "Delivery", "MessageID": "x", "Recipient": ANA, "DeliveredAt": "2026-11-23T14:15:08Z",
               "Details": "Test", "Metadata": {"mensaje": uno.mensaje_id}}  # fmt: skip
    assert llamar(entrega) == 200
    assert (envio(pk=uno.pk).desenlace, cuantos(DireccionCorreo)) == ("entregado", 0)
    queja = rebote(otro.mensaje_id, "SpamComplaint", RecordType="SpamComplaint", Details="")
    assert llamar(queja) == 200
    assert (envio(pk=otro.pk).desenlace, direccion().causa) == ("quejado", "queja")


def test_a_soft_one_is_soft_and_one_that_is_only_late_is_nothing(con_postmark: None) -> None:
    assert llamar(rebote(tipo="SoftBounce", Details="")) == 200
    assert (direccion().estado, direccion().blandas) == ("dudosa", 1)
    assert llamar(rebote(tipo="Transient", ID=2)) == 200
    assert llamar(rebote(tipo="SoftBounce", ID=3, Details="smtp;452 4.2.2 over quota")) == 200
    assert (direccion().blandas, cuantos(EventoCorreo)) == (2, 2)


@pytest.mark.parametrize("clave", ["", "portal:otra", "otro:una-clave-larga-del-proveedor"])
def test_without_its_secret_nothing_is_taken(con_postmark: None, clave: str) -> None:
    assert llamar(rebote(), clave=clave) == 400
    assert cuantos(EventoCorreo) == cuantos(DireccionCorreo) == 0


@pytest.mark.parametrize("proveedor", ["sendgrid", "mailgun", "no-existe", "amazon_ses"])
def test_only_the_provider_that_is_used_is_heard(con_postmark: None, proveedor: str) -> None:
    assert llamar(rebote(), proveedor=proveedor) == 404


def test_without_a_provider_or_without_its_secret_there_is_no_such_page(settings: Any) -> None:
    assert llamar(rebote()) == 404
    settings.PROVEEDOR_DE_CORREO, settings.ANYMAIL = "postmark", {}
    assert llamar(rebote()) == 404


def test_a_session_opens_nothing_there(con_postmark: None, elenco: Elenco, entrar: Any) -> None:
    """There is no seal to ask for because no cookie is read: an administrator without the secret is nobody."""
    assert llamar(rebote(), clave="", cliente=entrar(elenco.administradora)) == 400
    assert cuantos(EventoCorreo) == 0


def test_what_cannot_be_written_is_asked_for_again(con_postmark: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider is told 500 and calls again; then it is taken, once."""

    def falla(*args: Any) -> None:
        raise RuntimeError("la base no responde")

    with monkeypatch.context() as m:
        m.setattr("avisos.services.direcciones._repasar", falla)
        assert llamar(rebote(), cliente=Client(raise_request_exception=False)) == 500
    assert cuantos(EventoCorreo) == 0
    assert llamar(rebote()) == 200 and cuantos(EventoCorreo) == 1


def test_its_address_is_where_the_provider_is_told_to_call() -> None:
    assert reverse("avisos:eventos_correo", args=["postmark"]) == "/correo/eventos/postmark/"
    assert "postmark" in (ajustes.RAIZ / ".env.ejemplo").read_text(encoding="utf-8")
