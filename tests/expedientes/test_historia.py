"""What the history in a sealed copy says of mails and of the place in line, and that no cell of it runs."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from expedientes.services.paquete import _cola, _csv
from tests.expedientes.conftest import Sistema
from tests.fabricas import radicada
from tests.solicitudes.apoyos import hacer, parte_de
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


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
