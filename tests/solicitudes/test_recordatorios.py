"""Reminders: the exact days, once each, whatever happened to the sweep (issue 2; domain.md §2.2; F13, C08)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection

from bandeja.models import Entrega
from solicitudes.services import recordatorios
from solicitudes.services.recordatorios import barrer_plazos
from tests.fabricas import radicada
from tests.solicitudes.apoyos import hacer, instante, parte_de, releer, sistema

# Received on Monday 9 November 2026: it expires on Tuesday 24 (the 16th is a holiday; interface.md E5).
RECIBIDA, VENCE = "2026-11-09", "2026-11-24"


@pytest.fixture
def viajar() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(instante(RECIBIDA), tick=False) as viajero:
        yield viajero


def avisados() -> list[str]:
    with sistema():
        claves = Entrega.objects.filter(tipo="solicitudes.recordatorio").order_by("id")
        return [clave.split(":")[-1] for clave in claves.values_list("clave_idempotencia", flat=True)]


@pytest.mark.django_db
def test_cada_recordatorio_en_su_dia_exacto(elenco, viajar):
    """5, 2 and 0 business days before, +1 and +3: over a weekend and a holiday."""
    parte = parte_de(radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad]))
    assert parte.vence.isoformat() == VENCE
    dias = {}

    for cuantos in range(22):
        viajar.move_to(instante(RECIBIDA, "00:05") + timedelta(days=cuantos))
        antes = len(avisados())
        barrer_plazos()
        for nivel in avisados()[antes:]:
            dias[nivel] = (instante(RECIBIDA) + timedelta(days=cuantos)).date().isoformat()

    assert dias == {
        "antes-5": "2026-11-17",
        "antes-2": "2026-11-20",
        "antes-0": "2026-11-24",
        "despues-1": "2026-11-25",
        "despues-3": "2026-11-27",
    }


@pytest.mark.django_db
def test_nadie_recibe_correo_a_medianoche(elenco, viajar, settings):
    settings.HORAS_DE_ESCRIBIR = (time(7), time(17))
    radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad])
    viajar.move_to(instante("2026-11-17", "00:05"))

    barrer_plazos()

    with sistema():
        assert Entrega.objects.get(tipo="solicitudes.recordatorio").proximo_intento == instante("2026-11-17", "07:00")


@pytest.mark.django_db
def test_un_barrido_que_no_corrio_en_dias_avisa_una_vez(elenco, viajar):
    """The condition is a state, not an instant: one mail to the asesor, not three; and each head theirs."""
    radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad])
    viajar.move_to(instante("2026-11-30"))

    for _ in range(3):
        barrer_plazos()

    assert sorted(avisados()) == ["antes-0", "despues-1", "despues-3"]


@pytest.mark.django_db
def test_lo_cerrado_no_se_recuerda(elenco, viajar):
    parte = parte_de(radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad]))
    parte = hacer(elenco.asesor_tecnica, parte, "empezar")
    hacer(elenco.asesor_tecnica, parte, "responder", texto="Listo")
    viajar.move_to(instante("2026-11-30"))

    barrer_plazos()

    assert avisados() == []


@pytest.mark.django_db
def test_sin_asignar_mas_de_un_dia_habil_se_dice_a_la_jefatura(elenco, viajar):
    """R19: unassigned alert after a configurable time; a weekend does not count."""
    viajar.move_to(instante("2026-11-20"))
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    viajar.move_to(instante("2026-11-23"))
    barrer_plazos()
    assert avisados() == []

    viajar.move_to(instante("2026-11-24"))
    barrer_plazos()
    barrer_plazos()

    assert avisados() == [f"sin-asignar-{elenco.sistema_archivos.pk}"]
    assert releer(solicitud).estado == "radicada"


def cortado_en_cada_fila(viajar, monkeypatch, renombrar=lambda hecho: hecho) -> list[str]:
    """Five that are late, swept once for each row in which it is cut, and once more. What it leaves."""
    from tests.soporte.elenco import crear_elenco  # noqa: PLC0415

    elenco = crear_elenco()
    for _ in range(5):
        radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad])
    viajar.move_to(instante("2026-11-26"))
    original = recordatorios.anotar_varios

    def cortar_en(fila):
        escritas = []

        def anotar_varios(hechos):
            for hecho in hechos:
                if len(escritas) == fila:
                    raise ConnectionError("corte de prueba")
                original([renombrar(hecho)])
                escritas.append(hecho)

        return anotar_varios

    for fila in range(10):
        monkeypatch.setattr(recordatorios, "anotar_varios", cortar_en(fila))
        with pytest.raises(ConnectionError):
            barrer_plazos(lote=2)
    monkeypatch.setattr(recordatorios, "anotar_varios", cortar_en(None))
    barrer_plazos(lote=2)
    return avisados()


def test_cortado_en_cualquier_fila_y_repetido_da_lo_mismo(base_propia, viajar, monkeypatch):
    """F13: a sweep interrupted at any row and run again leaves what one clean sweep leaves, with real commits."""
    dichos = cortado_en_cada_fila(viajar, monkeypatch)

    assert len(dichos) == 5 * 2
    assert set(dichos) == {"antes-0", "despues-1"}


def test_un_barrido_que_no_sabe_lo_que_dijo_se_nota(base_propia, viajar, monkeypatch):
    """Negative control of F13: with keys that change at each run, what was cut is said again."""
    dichos = cortado_en_cada_fila(viajar, monkeypatch, lambda hecho: replace(hecho, clave=f"{hecho.clave}:{uuid4()}"))

    assert len(dichos) > 5 * 2


def test_dos_barridos_a_la_vez_son_uno(base_propia, viajar):
    """C08: while one sweep works, another finds the turn taken and leaves."""
    from tests.soporte.elenco import crear_elenco  # noqa: PLC0415

    elenco = crear_elenco()
    radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad])
    viajar.move_to(instante("2026-11-26"))
    otra = connection.copy()
    with otra.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtext(%s))", [recordatorios.TURNO_DEL_BARRIDO])
        assert barrer_plazos() == 0
        cursor.execute("select pg_advisory_unlock(hashtext(%s))", [recordatorios.TURNO_DEL_BARRIDO])
    otra.close()

    assert barrer_plazos() == 1
