"""What the history in a sealed copy says of mails and of the place in line, and that no cell of it runs."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from avisos.models import Envio
from avisos.services.direcciones import Suceso, anotar_suceso
from expedientes.services.paquete import _cola, _csv, historia
from solicitudes.models import Solicitud
from tests.bandeja.smtp_guionado import SmtpGuionado
from tests.expedientes.conftest import Sistema, despachar
from tests.fabricas import radicada
from tests.solicitudes.apoyos import hacer, parte_de
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
ANTES, DESPUES = "quien.llamo@idartes.example", "quien.llamo@nueva.example"
SALIO = "Entregado al servidor de correo"


def por_telefono(elenco: Elenco) -> Solicitud:
    solicitud: Solicitud = radicada(
        registrada_por=elenco.ventanilla, canal="telefono", entidad=elenco.instituto, temas=[elenco.tema_tablas]
    )
    with Sistema():
        Solicitud.objects.filter(pk=solicitud.pk).update(remitente_correo=ANTES)
        return Solicitud.objects.get(pk=solicitud.pk)


def correos(solicitud: Solicitud, a: str = "") -> list[dict[str, str]]:
    with Sistema():
        return [hecho for hecho in historia(solicitud) if hecho["que"].startswith(f"Correo a {a}")]


def test_a_legal_acuse_is_told_as_it_left(elenco: Elenco) -> None:
    """Whoever has no account: the mail is built as it leaves, and its subject is kept."""
    solicitud = por_telefono(elenco)
    despachar()
    [acuse] = correos(solicitud, ANTES)
    assert f"Recibimos la solicitud: «[{solicitud.radicado}] Recibimos su solicitud»" in acuse["que"]
    assert acuse["a"] == SALIO
    assert not [hecho for hecho in correos(solicitud) if "encuesta" in hecho["que"]]


def test_a_mail_that_was_refused_never_left(elenco: Elenco, settings: Any) -> None:
    """The server says 550: what the outbox leaves of it (a rejection, somebody who is asked to tell it) is no mail."""
    solicitud = por_telefono(elenco)
    salida = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "bandeja.smtp.EmailBackend", "127.0.0.1"
    with SmtpGuionado(*["550-rcpt"] * 40) as servidor:
        settings.EMAIL_PORT = servidor.puerto
        despachar()
        assert servidor.recibidos == []
    [acuse] = correos(solicitud, ANTES)
    assert acuse["a"] == "Sin entregar" and "5.1.1" in acuse["motivo"]
    assert SALIO not in {hecho["a"] for hecho in correos(solicitud)}

    settings.EMAIL_BACKEND = salida
    hacer(elenco.asesora, hacer(elenco.asesora, parte_de(solicitud), "tomar"), "corregir_correo", correo=DESPUES)
    despachar()
    [de_nuevo] = [hecho for hecho in correos(solicitud, DESPUES) if "Recibimos su solicitud" in hecho["que"]]
    assert (de_nuevo["a"], de_nuevo["motivo"]) == (SALIO, "Se envió de nuevo: el anterior no llegó.")
    assert SALIO not in {hecho["a"] for hecho in correos(solicitud, ANTES)}


def test_a_mail_that_came_back_says_so_and_when(elenco: Elenco) -> None:
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    despachar()
    with transaction.atomic(), como_sistema("prueba"):
        acuse = Envio.objects.get(solicitud_id=solicitud.pk, correo=elenco.enlace.correo)
    volvio = timezone.now() + timedelta(hours=3)
    anotar_suceso(
        Suceso(origen="prueba", identidad="uno", tipo="duro", mensaje_id=acuse.mensaje_id, codigo="5.1.1", en=volvio)
    )
    salio, rebote = correos(solicitud, elenco.enlace.correo)
    assert (salio["a"], rebote["a"]) == (SALIO, "Rebotado") and "5.1.1" in rebote["motivo"]
    assert rebote["en"] == timezone.localtime(volvio).isoformat(timespec="microseconds")


def test_the_place_in_the_tray_is_told_until_it_is_started(elenco: Elenco) -> None:
    """Where work is shared by sector nothing waits in the queue: it does in the tray of whoever was given it."""
    hace_dos, hace_una = (
        radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad], recibida=timezone.now() - timedelta(hours=n))
        for n in (2, 1)
    )
    for solicitud in (hace_dos, hace_una):
        hacer(elenco.asesor_tecnica, parte_de(solicitud), "empezar")
    with Sistema():
        filas = [fila[2:] for fila in _cola(hace_una)]
    suya = elenco.asesor_tecnica.nombre
    assert filas == [
        ["", 1, 0], ["", "salió de la cola", ""], [suya, 2, 1], [suya, 1, 0], [suya, "salió de la bandeja", ""],
    ]  # fmt: skip


def test_no_cell_runs_whatever_hides_it() -> None:
    textos = ["=1+1", ' "=1+1', "＝cmd|' /C calc'!A0", "\n@SUM(A1)", "\u200b-2+3"]
    crudo = _csv(("motivo",), ([texto] for texto in textos)).decode("utf-8-sig")
    celdas = [fila[0] for fila in csv.reader(io.StringIO(crudo, newline=""), delimiter=";")]
    assert celdas == ["motivo", *(f"'{texto}" for texto in textos)]
