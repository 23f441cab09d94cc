"""Who has no account follows their solicitud by the link of their acuse, and nobody else does."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alcance import Alcance, con_alcance
from avisos.models import Envio
from bandeja.models import Entrega
from bandeja.services import entregar
from direcciones.models import Persona
from solicitudes.estados import EstadoSolicitud
from solicitudes.models import EnlacePrivado, Mensaje, Solicitud
from solicitudes.services.constancias import emitir_constancia
from solicitudes.services.conversacion import escribir_mensaje
from solicitudes.services.seguimiento_privado import enlace_de, por_token
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import hacer, parte_de, sistema

pytestmark = pytest.mark.django_db
CORREO = "quien.llamo@idartes.example"


@pytest.fixture
def pedida(elenco) -> Solicitud:
    return sin_cuenta(elenco)


def sin_cuenta(elenco, **datos: Any) -> Solicitud:
    solicitud = radicada(
        registrada_por=elenco.ventanilla,
        entidad=elenco.instituto,
        **{"canal": "telefono", "asunto": "Tabla de retención", "temas": [elenco.tema_tablas], **datos},
    )
    with sistema():
        solicitud.remitente_correo = CORREO
        solicitud.save(update_fields=["remitente_correo"])
        emitir_constancia(solicitud=solicitud)
    return solicitud


def ruta_de(solicitud: Solicitud) -> str:
    with sistema():
        return enlace_de(solicitud, CORREO).ruta()


def test_the_acuse_brings_a_link_that_opens_without_signing_in(pedida, client: Client) -> None:
    entregar()
    [acuse] = [m for m in mail.outbox if m.to[0].endswith(f"<{CORREO}>")]
    assert f"Seguir la solicitud:\nhttp://localhost:8000{ruta_de(pedida)}" in acuse.body
    pagina = client.get(ruta_de(pedida))
    texto = pagina.content.decode()
    assert pagina.status_code == 200
    for dato in (pedida.radicado, "Tabla de retención", "Respuesta a más tardar", "Subdirección", "Fecha efectiva"):
        assert dato in texto, dato
    assert pagina["Cache-Control"] == "private, no-store"
    assert pagina["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in texto


def test_the_secret_is_stored_nowhere(pedida) -> None:
    entregar()
    token = ruta_de(pedida).rstrip("/").rpartition("/")[2]
    assert len(token) == 40
    with sistema():
        guardado = [list(modelo.objects.values()) for modelo in (EnlacePrivado, Entrega, Envio)]
    assert token not in str(guardado)
    [acuse] = [m for m in mail.outbox if CORREO in m.to[0]]
    assert token in acuse.body


def test_a_second_mail_repeats_the_link(pedida) -> None:
    assert ruta_de(pedida) == ruta_de(pedida)
    with sistema():
        assert EnlacePrivado.objects.count() == 1


@pytest.mark.parametrize("token", ["0" * 40, "f" * 39, "a" * 41, "A" * 40, "un-enlace"])
def test_a_guessed_link_does_not_exist(pedida, client: Client, token: str) -> None:
    ruta_de(pedida)
    assert client.get(f"/seguimiento/{token}/").status_code == 404


def test_it_shows_what_was_written_but_no_note(elenco, pedida, client: Client) -> None:
    parte = parte_de(pedida)
    hacer(elenco.subdirector, parte, "asignar", asesor=elenco.asesora)
    with actuar(elenco.asesora):
        escribir_mensaje(solicitud=pedida, texto="Mañana le llamo.", clave=uuid4())
        escribir_mensaje(solicitud=pedida, texto="Interno.", clave=uuid4(), tipo=Mensaje.Tipo.NOTA)
    texto = client.get(ruta_de(pedida)).content.decode()
    assert "Mañana le llamo." in texto and elenco.asesora.nombre in texto
    assert "Interno" not in texto


def test_of_a_reserved_one_only_number_state_and_dates(elenco, client: Client) -> None:
    pedida = sin_cuenta(elenco, temas=[elenco.tema_comision], asunto="Viaje secreto")
    assert pedida.reservada
    with sistema():
        Mensaje.objects.create(solicitud=pedida, clave=uuid4(), texto="Sobre el viaje", de_la_entidad=True)
    texto = client.get(ruta_de(pedida)).content.decode()
    assert pedida.radicado in texto and pedida.get_estado_display() in texto
    for callado in ("Viaje secreto", "Sobre el viaje", "Dirección Distrital", "La atiende"):
        assert callado not in texto


def terminado(client: Client, ruta: str) -> bool:
    """And then it says nothing of the solicitud."""
    pagina = client.get(ruta)
    assert pagina.status_code in {200, 410}
    assert ("AT-" in pagina.content.decode()) == (pagina.status_code == 200)
    return bool(pagina.status_code == 410)


def test_it_ends_when_the_address_is_corrected_and_the_other_gets_its_own(elenco, pedida, client: Client) -> None:
    antes = ruta_de(pedida)
    hacer(elenco.subdirector, parte_de(pedida), "asignar", asesor=elenco.asesora)
    hacer(elenco.asesora, parte_de(pedida), "corregir_correo", correo="otra@idartes.example")
    assert terminado(client, antes)
    with sistema():
        pedida.refresh_from_db()
        nueva = enlace_de(pedida, "otra@idartes.example").ruta()
    assert client.get(nueva).status_code == 200
    # Corrected back, the first one stays closed: it may have been read by another.
    hacer(elenco.asesora, parte_de(pedida), "corregir_correo", correo=CORREO)
    assert terminado(client, antes) and terminado(client, nueva)


def test_it_ends_when_the_address_gets_an_account(pedida, client: Client) -> None:
    ruta = ruta_de(pedida)
    assert not terminado(client, ruta)
    with sistema():
        Persona.objects.crear(correo=CORREO.upper(), nombre="Quien llamó", clave="una clave larga de prueba")
    assert terminado(client, ruta)


@pytest.mark.parametrize("estado", [EstadoSolicitud.CERRADA, EstadoSolicitud.RETIRADA])
def test_it_ends_ninety_days_after_it_closes(pedida, client: Client, estado: str) -> None:
    """One that ends without a survey has no closing of its own: its last parte says it."""
    ruta, en = ruta_de(pedida), timezone.now()
    with sistema():
        if estado == EstadoSolicitud.CERRADA:
            Solicitud.objects.filter(pk=pedida.pk).update(estado=estado, cerrada_en=en)
        else:
            Solicitud.objects.filter(pk=pedida.pk).update(estado=estado)
            parte = parte_de(pedida)
            type(parte).objects.filter(pk=parte.pk).update(estado="retirada", cerrada_en=en)
    with time_machine.travel(en + timedelta(days=89, hours=23), tick=False):
        assert not terminado(client, ruta)
    with time_machine.travel(en + timedelta(days=90, minutes=1), tick=False):
        assert terminado(client, ruta)


def test_a_link_outlives_the_key_it_was_made_with(pedida, client: Client, settings) -> None:
    """With the key of before, it is the same; without it, a new mail brings another that works."""
    antes = ruta_de(pedida)
    vieja, settings.SECRET_KEY = settings.SECRET_KEY, "otra" * 15
    settings.SECRET_KEY_FALLBACKS = [vieja]
    assert ruta_de(pedida) == antes
    settings.SECRET_KEY_FALLBACKS = []
    otra = ruta_de(pedida)
    assert otra != antes
    assert client.get(otra).status_code == 200
    assert terminado(client, antes)


def test_a_link_opens_exactly_its_row(elenco, pedida) -> None:
    """The third net: with the secret of one, no other; and who only holds a link reads no solicitud."""
    otra = sin_cuenta(elenco)
    ruta_de(otra)
    with sistema():
        enlace = enlace_de(pedida, CORREO)
    with con_alcance(Alcance(token=enlace.token_sha256)):
        assert [e.pk for e in EnlacePrivado.objects.all()] == [enlace.pk]
        assert not Solicitud.objects.exists()


def test_an_enlace_of_the_entity_does_not_see_the_links(elenco, pedida) -> None:
    ruta_de(pedida)
    with actuar(elenco.otra_enlace):
        assert not EnlacePrivado.objects.exists()


def test_it_is_limited_by_who_asks(pedida, client: Client, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "seguimiento": "3/h/ip"}
    ruta = ruta_de(pedida)
    assert [client.get(ruta).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_solicitud_of_an_account_has_no_link(elenco) -> None:
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    entregar()
    [acuse] = [m for m in mail.outbox if elenco.enlace.correo in m.to[0]]
    assert "/seguimiento/" not in acuse.body
    assert reverse("solicitudes:radicada", args=[solicitud.radicado]) in acuse.body
    assert por_token("") is None
