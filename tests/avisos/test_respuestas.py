"""M04: the address of a reply is of one solicitud and one person, signed; nothing else is believed."""

import email
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as ajustes
from hypothesis import strategies as st

from avisos.carta import Carta
from avisos.correo import construir
from avisos.respuestas import direccion_de_rebote, direccion_de_respuesta, leer_direccion, leer_rebote

DOMINIO = "respuestas.portal.example"
CARTA = Carta("[AT-2026-000123] Recibimos su solicitud", "Radicamos su solicitud.")
SIN_FIXTURE = [HealthCheck.function_scoped_fixture]


@pytest.fixture(autouse=True)
def _con_respuestas(settings: Any) -> None:
    settings.CORREO_RESPUESTAS = DOMINIO


@ajustes(max_examples=100, suppress_health_check=SIN_FIXTURE)
@given(st.integers(1, 2**63 - 1), st.emails())
def test_what_is_signed_is_read_back_for_that_person_alone(numero: int, correo: str) -> None:
    direccion = direccion_de_respuesta(numero, correo)
    assert len(direccion.partition("@")[0]) <= 64
    for escrita in (direccion, direccion.upper(), f" <{direccion}> "):
        leida = leer_direccion(escrita)
        assert leida is not None and leida.solicitud_id == numero
        assert leida.es_de(correo) and leida.es_de(correo.upper()) and not leida.es_de(f"x{correo}")


@ajustes(max_examples=300, suppress_health_check=SIN_FIXTURE)
@given(st.integers(0, 60), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567890.+@"), st.booleans())
def test_cut_or_altered_it_is_nobodys(donde: int, con: str, cortar: bool) -> None:
    for buena, leer in (
        (direccion_de_respuesta(123, "ana@entidad.example"), leer_direccion),
        (direccion_de_rebote("<0123456789abcdef0123456789abcdef@localhost>"), leer_rebote),
    ):
        local, _, dominio = buena.partition("@")
        donde %= len(local)
        mala = local[:donde] if cortar else local[:donde] + con + local[donde + 1 :]
        if mala != local:
            assert not leer(f"{mala}@{dominio}")


@pytest.mark.parametrize("direccion", ["", "@", "ana@entidad.example", f"r+@{DOMINIO}", f"r+zzz@{DOMINIO}", "r+\x00"])
def test_what_is_not_ours_is_nobodys(direccion: str) -> None:
    assert leer_direccion(direccion) is None and leer_rebote(direccion) == ""


def test_the_numbers_of_one_are_not_signed_by_those_of_another() -> None:
    una, otra = (direccion_de_respuesta(n, "ana@entidad.example").split("@")[0].split(".") for n in (1, 2))
    assert leer_direccion(f"{una[0]}.{una[1]}.{otra[2]}@{DOMINIO}") is None
    de_otro = direccion_de_respuesta(1, "eva@entidad.example").split("@")[0].split(".")
    assert leer_direccion(f"{una[0]}.{de_otro[1]}.{una[2]}@{DOMINIO}") is None


def test_of_another_domain_it_is_nobodys(settings: Any) -> None:
    direccion = direccion_de_respuesta(1, "ana@entidad.example")
    assert leer_direccion(direccion.replace(DOMINIO, "malo.example")) is None


def test_an_address_of_before_the_key_changed_is_still_read(settings: Any) -> None:
    antes = direccion_de_respuesta(7, "ana@entidad.example")
    rebote = direccion_de_rebote("<0123456789abcdef0123456789abcdef@localhost>")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "otra" * 20
    leida = leer_direccion(antes)
    assert leida is not None and leida.es_de("ana@entidad.example")
    assert leer_rebote(rebote) == "<0123456789abcdef0123456789abcdef@localhost>"
    settings.SECRET_KEY_FALLBACKS = []
    assert leer_direccion(antes) is None and leer_rebote(rebote) == ""


def test_the_mail_is_answered_and_bounces_at_addresses_of_its_own() -> None:
    mensaje = construir(a="ana@entidad.example", carta=CARTA, clave="una", solicitud_id=123)
    leido = email.message_from_bytes(mensaje.message().as_bytes())
    respuesta = leer_direccion(leido["Reply-To"])
    assert respuesta is not None and respuesta.solicitud_id == 123 and respuesta.es_de("ana@entidad.example")
    assert leer_rebote(mensaje.from_email) == leido["Message-ID"]
    assert leido["From"] == "Portal SDFI <no-responder@portal-sdfi.example>" and leido.get_all("From") == [
        leido["From"]
    ]
    assert "Puede responder" in mensaje.body and "no responda" not in mensaje.alternatives[0].content


def test_without_a_domain_for_them_nobody_is_invited_to_answer(settings: Any) -> None:
    """Nobody would read it: the mail says so (K11)."""
    settings.CORREO_RESPUESTAS = ""
    mensaje = construir(a="ana@entidad.example", carta=CARTA, clave="una", solicitud_id=123)
    assert mensaje.reply_to == [] and mensaje.from_email == "Portal SDFI <no-responder@portal-sdfi.example>"
    assert "no responda" in mensaje.body and "Puede responder" not in mensaje.alternatives[0].content


def test_what_is_of_no_solicitud_is_not_answered() -> None:
    mensaje = construir(a="ana@entidad.example", carta=CARTA, clave="una")
    assert mensaje.reply_to == [] and "no responda" in mensaje.body


def test_a_provider_keeps_the_bounces(settings: Any) -> None:
    settings.PROVEEDOR_DE_CORREO = "postmark"
    mensaje = construir(a="ana@entidad.example", carta=CARTA, clave="una", solicitud_id=123)
    assert mensaje.from_email == "Portal SDFI <no-responder@portal-sdfi.example>" and mensaje.reply_to
