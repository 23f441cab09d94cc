"""Mail through a server that misbehaves: nothing lost, at most one repetition, same Message-ID (F08, M06, M12)."""

from email import message_from_string, policy

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as ajustes
from hypothesis import strategies as st

from avisos.carta import Carta
from avisos.correo import construir
from bandeja.models import Entrega
from bandeja.services import entregar
from tests.bandeja.conftest import cambiar, dejar, fila
from tests.bandeja.smtp_guionado import SmtpGuionado

CARTA = Carta(
    asunto="Recibimos su solicitud", que_paso="Radicamos su solicitud.", boton="Ver", ruta="/mis-solicitudes/"
)


@pytest.fixture(autouse=True)
def _por_smtp(settings, registrar) -> None:
    settings.EMAIL_BACKEND = "bandeja.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT, settings.EMAIL_USE_TLS = "127.0.0.1", 0.4, False

    def correo(entrega: Entrega):
        return construir(a=entrega.destinatario, carta=CARTA, clave=entrega.clave_idempotencia).send

    registrar("prueba.correo", correo)


def intentar(veces: int) -> None:
    for _ in range(veces):
        cambiar("uno", proximo_intento=timezone.now())
        entregar()


SIN_DUDA = ["421", "451-rcpt", "451-data", "554-data", "calla-al-saludar"]


@pytest.mark.parametrize("paso", SIN_DUDA)
def test_una_falla_clara_se_reintenta_sin_marca_de_duda(base_propia: str, settings, paso: str) -> None:
    """F08: refused in any phase, or silent before the text: tried again as often as needed, delivered once."""
    dejar("prueba.correo", "uno", destinatario="a@entidad.example")
    with SmtpGuionado(paso, paso, paso) as servidor:
        settings.EMAIL_PORT = servidor.puerto
        intentar(3)
        uno = fila("uno")
        assert (uno.estado, uno.intento, uno.posible_duplicado) == ("pendiente", 3, False)
        antes = len(servidor.recibidos)
        intentar(1)
        assert fila("uno").estado == "hecha" and len(servidor.recibidos) == antes + 1


@pytest.mark.parametrize("paso", ["corta", "calla"])
def test_un_corte_despues_del_texto_repite_una_vez(base_propia: str, settings, paso: str) -> None:
    """F08: accepted and cut before its 250: exactly one duplicate, same Message-ID, marked."""
    dejar("prueba.correo", "uno", destinatario="a@entidad.example")
    with SmtpGuionado(paso) as servidor:
        settings.EMAIL_PORT = servidor.puerto
        intentar(2)
    assert fila("uno").estado == "hecha" and fila("uno").posible_duplicado
    assert len(servidor.identificadores) == 2 and len(set(servidor.identificadores)) == 1


def test_una_carta_con_otra_clave_cada_vez_se_nota(base_propia: str, settings, registrar) -> None:
    """Negative control of F08: a mail whose key changes at each try leaves twice with two Message-IDs."""
    registrar("prueba.suelto", lambda e: construir(a=e.destinatario, carta=CARTA, clave=f"{e.intento}").send)
    dejar("prueba.suelto", "uno", destinatario="a@entidad.example")
    with SmtpGuionado("corta") as servidor:
        settings.EMAIL_PORT = servidor.puerto
        intentar(2)
    assert len(servidor.identificadores) == len(set(servidor.identificadores)) == 2


def test_si_se_corta_siempre_hay_un_solo_duplicado(base_propia: str, settings) -> None:
    dejar("prueba.correo", "uno", destinatario="a@entidad.example")
    with SmtpGuionado(*["corta"] * 9) as servidor:
        settings.EMAIL_PORT = servidor.puerto
        intentar(5)
    assert fila("uno").estado == "muerta" and len(servidor.recibidos) == 2


def test_un_corte_al_despedirse_no_es_una_falla(base_propia: str, settings) -> None:
    """The server said yes: what happens while saying goodbye repeats nothing."""
    dejar("prueba.correo", "uno", destinatario="a@entidad.example")
    with SmtpGuionado("corta-al-despedirse") as servidor:
        settings.EMAIL_PORT = servidor.puerto
        intentar(2)
    assert fila("uno").estado == "hecha" and len(servidor.recibidos) == 1


def test_nadie_escucha_y_tls_roto(base_propia: str, settings) -> None:
    dejar("prueba.correo", "uno", destinatario="a@entidad.example")
    settings.EMAIL_PORT = 1
    intentar(1)
    assert fila("uno").error.startswith("ConnectionRefusedError")
    with SmtpGuionado("tls-roto") as servidor:
        settings.EMAIL_PORT, settings.EMAIL_USE_TLS = servidor.puerto, True
        intentar(1)
        assert fila("uno").estado == "pendiente" and not fila("uno").posible_duplicado
        settings.EMAIL_USE_TLS = False
        intentar(1)
    assert fila("uno").estado == "hecha" and len(servidor.recibidos) == 1


def test_encabezados_de_lo_que_sale(base_propia: str, settings) -> None:
    """M12: Message-ID from the key, Auto-Submitted, no Bcc, nothing remote in the HTML."""
    dejar("prueba.correo", "uno", destinatario="a@entidad.example")
    with SmtpGuionado() as servidor:
        settings.EMAIL_PORT = servidor.puerto
        intentar(1)
    mensaje = message_from_string(servidor.recibidos[0], policy=policy.default)
    assert mensaje["Auto-Submitted"] == "auto-generated" and mensaje["Bcc"] is None
    assert mensaje["To"] == "a@entidad.example" and mensaje["Message-ID"].endswith("@localhost>")
    html = mensaje.get_body(("html",)).get_content()
    assert "src=" not in html.replace('src="data:', "") and "url(" not in html


@ajustes(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from("a ñ<>@,:;\"'\\\r\n\0\u2028\x0b=?"), max_size=60), st.text(max_size=60))
def test_ningun_nombre_ni_asunto_agrega_encabezados(nombre: str, asunto: str) -> None:
    """M06: CR, LF and NUL in names and subjects: exactly the headers that were meant."""
    mensaje = construir(
        a="a@entidad.example", nombre=nombre, carta=Carta(asunto=asunto, que_paso="x"), clave="x"
    ).message()
    nombres = [clave.lower() for clave in mensaje.keys()]  # noqa: SIM118
    esperados = {"content-type", "mime-version", "subject", "from", "to", "date", "message-id", "auto-submitted"}
    assert set(nombres) == esperados | {"x-auto-response-suppress"} and len(nombres) == len(set(nombres))
