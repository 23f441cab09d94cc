"""A mailbox that is not read, does not agree or keeps something apart is told, in /salud/ and to who can mend it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from avisos.models import Aviso
from buzones.estados import Origen
from buzones.models import Casilla, Conciliacion, EstadoCasilla, Llegada
from buzones.services import alertas, guardar, salud
from buzones.services.casillas import dar_por_vistas
from buzones.services.guardar import Traido, guardar_lote
from plazos.reloj import hoy
from sdfi_portal import salud as portal
from tests.buzones.apoyos import casilla, llegadas
from tests.fabricas import actuar, escribiendo
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


@pytest.fixture
def suya(elenco: Elenco, settings: Any) -> Iterator[Casilla]:
    settings.BUZONES = {"prueba": object()}
    una = casilla(elenco, conexion="prueba")
    EstadoCasilla.objects.create(casilla=una, leida_en=timezone.now())
    return una


def haciendo(suya: Casilla, **datos: Any) -> None:
    EstadoCasilla.objects.filter(casilla=suya).update(**datos)


def conciliada(suya: Casilla, *, bien: bool, hace: int = 0) -> Conciliacion:
    return Conciliacion.objects.create(
        casilla=suya, dia=hoy() - timedelta(days=hace), en_servidor=3, en_libro=2, bien=bien, hecha_en=timezone.now()
    )


def avisos(elenco: Elenco) -> list[str]:
    with escribiendo():
        assert not Aviso.objects.exclude(persona=elenco.administradora).exists()
        return list(Aviso.objects.order_by("pk").values_list("titulo", flat=True))


def test_one_that_is_read_and_agrees_is_well(suya: Casilla) -> None:
    conciliada(suya, bien=True)
    assert salud().bien and salud().hay
    assert portal._buzones() == "bien"


def test_without_casillas_there_is_nothing_to_say(elenco: Elenco) -> None:
    casilla(elenco)
    assert portal._buzones() == "sin_configurar"


def test_one_that_is_not_read_for_a_quarter_of_an_hour_degrades(suya: Casilla) -> None:
    haciendo(suya, leida_en=timezone.now() - timedelta(minutes=16))
    assert salud().callada and portal._buzones() == "degradado"
    Casilla.objects.filter(pk=suya.pk).update(activa=False)
    assert salud().bien


def test_one_that_never_was_read_has_the_same_quarter(suya: Casilla) -> None:
    haciendo(suya, leida_en=None)
    assert salud().bien
    haciendo(suya, leida_en=None, falla_desde=timezone.now() - timedelta(minutes=16))
    assert salud().callada
    haciendo(suya, leida_en=None, falla_desde=None)
    Casilla.objects.filter(pk=suya.pk).update(desde_en=timezone.now() - timedelta(minutes=16))
    assert salud().callada


@pytest.mark.parametrize(("bien", "hace", "sana"), [(True, 1, True), (False, 0, False), (True, 2, False)])
def test_the_last_comparison_counts_and_silence_too(suya: Casilla, bien: bool, hace: int, sana: bool) -> None:
    conciliada(suya, bien=not bien, hace=hace + 1)
    conciliada(suya, bien=bien, hace=hace)
    assert salud().sin_cuadrar is not sana


def test_what_is_kept_and_becomes_nothing_degrades(suya: Casilla, elenco: Elenco) -> None:
    guardar(b"x", origen=Origen.TUBO)
    assert salud().bien
    with escribiendo():
        Llegada.objects.update(
            recibida_en=timezone.now() - timedelta(minutes=5), guardada_en=timezone.now() - timedelta(minutes=3)
        )
    assert salud().sin_procesar and not salud().callada


def test_what_was_set_apart_degrades_until_somebody_sees_it(suya: Casilla, elenco: Elenco) -> None:
    guardar_lote([Traido(1, timezone.now(), b"x", "Pesa 75 MB.")], casilla=suya, carpeta="INBOX", uidvalidity=1)
    assert salud().apartadas
    [grande] = llegadas()
    with actuar(elenco.administradora):
        assert dar_por_vistas(ids=[grande.pk]) == 1
        assert dar_por_vistas(ids=[grande.pk]) == 0
    assert salud().bien
    [grande] = llegadas()
    assert grande.vista_por_id == elenco.administradora.pk and grande.vista_en


def test_each_thing_is_told_once_to_who_runs_the_portal(suya: Casilla, elenco: Elenco) -> None:
    assert alertas.vigilar() == 0 and avisos(elenco) == []
    haciendo(suya, falla="El servidor no responde.", falla_desde=timezone.now() - timedelta(minutes=14))
    assert alertas.vigilar() == 0
    haciendo(suya, falla_desde=timezone.now() - timedelta(minutes=16))
    conciliada(suya, bien=False)
    guardar_lote(
        [Traido(uid, timezone.now(), b"x", "Pesa 75 MB.") for uid in (1, 2)],
        casilla=suya,
        carpeta="INBOX",
        uidvalidity=1,
    )
    esperados = [
        "No se puede leer el correo de «mipg»",
        "El buzón de «mipg» no cuadra con el libro",
        "2 mensajes apartados en «mipg»",
    ]
    for _ in range(2):
        assert alertas.vigilar() == 3
        assert avisos(elenco) == esperados
    # Read again and failed again is another failure.
    haciendo(suya, falla_desde=timezone.now() - timedelta(minutes=20))
    alertas.vigilar()
    assert avisos(elenco) == [*esperados, esperados[0]]
