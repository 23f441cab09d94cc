"""`script/manage probar_aislamiento`: what it prints, how it ends, and that it leaves nothing behind."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from alcance import como_sistema
from sdfi_portal.aislamiento.llamadas import Marcador
from sdfi_portal.aislamiento.mundo import Mundo, mundo
from sdfi_portal.aislamiento.prueba import Discrepancia, Prueba, Resultado
from tests.conceptos.conftest import archivos_aparte  # noqa: F401

pytestmark = pytest.mark.ignore_template_errors


def cuentas_de_filas() -> dict[str, int]:
    with como_sistema("prueba: contar filas"), transaction.atomic():
        return {m._meta.label: m._default_manager.count() for m in apps.get_models()}


def archivos(carpeta: str = "") -> list[str]:
    try:
        carpetas, nombres = default_storage.listdir(carpeta)
    except FileNotFoundError:
        return []
    return sorted([*nombres, *(f for c in carpetas for f in archivos(f"{carpeta}/{c}" if carpeta else c))])


ORDEN = "sdfi_portal.management.commands.probar_aislamiento"


# Some URLs that write.
QUE_ESCRIBEN = ("avisos:leer_todos", "avisos:abrir", "encuestas:responder", "account_reset_password")


@pytest.mark.parametrize("completa", [False, pytest.param(True, marks=pytest.mark.larga)])
def test_it_leaves_no_trace(base_propia: str, completa: bool) -> None:
    """On a database where commits are real, and in a folder where no other worker writes (`archivos_aparte`): no row,
    no file, no mail, no task."""
    antes, guardados = cuentas_de_filas(), archivos()
    mail.outbox = []

    with mundo() as este:
        prueba = Prueba(este, solo=QUE_ESCRIBEN, completa=True)
        if completa:
            prueba.correr()
        else:
            prueba.puertas()
        assert cuentas_de_filas() != antes

    assert cuentas_de_filas() == antes
    assert archivos() == guardados
    assert mail.outbox == []
    assert not connection.in_atomic_block


def test_it_reads_what_the_installation_keeps_and_writes_aside(base_propia: str) -> None:
    """The walk opens the public documents of a portal in use: their files must be there, and stay as they are."""
    nombre = default_storage.save("prueba/publico.pdf", ContentFile(b"%PDF-1.7 guardado"))
    try:
        with mundo():
            with default_storage.open(nombre) as archivo:
                assert archivo.read() == b"%PDF-1.7 guardado"
            default_storage.delete(nombre)
            aparte = default_storage.save("prueba/otro.pdf", ContentFile(b"de la prueba"))
            with default_storage.open(aparte) as archivo:
                assert archivo.read() == b"de la prueba"
        assert default_storage.exists(nombre)
        assert not default_storage.exists(aparte)
    finally:
        default_storage.delete(nombre)


@pytest.mark.parametrize("papel", ["enlace_a", "director_x"])
def test_a_long_run_does_not_lose_its_sessions(este: Mundo, marcador: Marcador, papel: str) -> None:
    """On a slow machine the whole proof outlasts the idle limit and the second factor."""
    assert marcador.llamar(papel, "GET", reverse("avisos:lista")).estado == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert marcador.llamar(papel, "GET", reverse("avisos:lista")).estado == 200


def test_two_at_once_do_not_wait_for_each_other(base_propia: str) -> None:
    otra = connection.copy()
    try:
        with otra.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [0x5DF1])
        with pytest.raises(CommandError, match="otra prueba de aislamiento"):
            call_command("probar_aislamiento")
    finally:
        otra.close()


def test_json_has_the_agreed_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    salida = io.StringIO()
    resultado = Resultado(urls=2, papeles=3, objetos=4, llamadas=5, tablas_inquilino=6, tablas_rls=6)
    monkeypatch.setattr(f"{ORDEN}.probar", lambda **opciones: resultado)

    call_command("probar_aislamiento", "--json", stdout=salida)

    datos = json.loads(salida.getvalue())
    assert {k: datos[k] for k in ("llamadas", "discrepancias", "tablas_inquilino", "tablas_rls")} == {
        "llamadas": 5,
        "discrepancias": 0,
        "tablas_inquilino": 6,
        "tablas_rls": 6,
    }
    assert "\n" not in salida.getvalue().strip()


@pytest.mark.parametrize("opciones", [[], ["--json"]])
def test_one_discrepancy_is_enough_to_fail(monkeypatch: pytest.MonkeyPatch, opciones: list[str]) -> None:
    falla = Discrepancia("matriz", "GET x", "enlace_b", "solicitud", "200", "404")
    resultado: Any = Resultado(discrepancias=[falla])
    monkeypatch.setattr(f"{ORDEN}.probar", lambda **opciones: resultado)
    salida = io.StringIO()

    with pytest.raises(SystemExit) as fin:
        call_command("probar_aislamiento", *opciones, stdout=salida)

    assert fin.value.code == 1
    assert "enlace_b" in salida.getvalue()


def test_what_rings_the_broker_inside_a_transaction_is_reported(db: None) -> None:
    """security.md, traps: `delay()` inside a transaction."""
    with mundo() as este:
        este.timbrazos.append("una.tarea")
        corrida = Prueba(este, solo=["privacidad"], papeles=["anonimo"])
        corrida.puertas()

    assert any("una.tarea" in str(d) for d in corrida.resultado.discrepancias)
