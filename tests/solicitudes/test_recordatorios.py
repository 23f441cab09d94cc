"""Reminders: the exact days, once each, whatever happened to the sweep (issue 2; domain.md §2.2; F13, C08)."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, time, timedelta
from uuid import uuid4

import psycopg2
import pytest
import time_machine
from django.db import connection
from django.db.models import F

from alcance.marcas import marcar
from avisos.models import PoliticaAviso
from bandeja.models import Entrega
from direcciones.models import AcuerdoServicio
from plazos.models import DiaExtraordinario
from solicitudes.models import Parte, Termino, UltimoBarrido
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
    dichos = cortado_en_cada_fila(viajar, monkeypatch, lambda hecho: hecho._replace(clave=f"{hecho.clave}:{uuid4()}"))

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


def de_lo_ultimo() -> tuple[int, int]:
    """The next transaction to be given: a mark where nobody else writes, whoever writes in other databases."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return marcar()[0], cursor.fetchone()[0]


@pytest.fixture
def tres_en_cola(base_propia, viajar, monkeypatch):
    """Three that are late, swept once: nobody else writes."""
    from tests.soporte.elenco import crear_elenco  # noqa: PLC0415

    monkeypatch.setattr(recordatorios, "marcar", de_lo_ultimo)
    elenco = crear_elenco()
    solicitudes = [radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad]) for _ in range(3)]
    viajar.move_to(instante("2026-11-26"))
    assert [barrer_plazos(), barrer_plazos()] == [3, 0]
    return elenco, [parte_de(solicitud) for solicitud in solicitudes]


def test_lo_que_nadie_toco_no_se_vuelve_a_mirar(tres_en_cola, viajar):
    """What somebody wrote is looked at, once; the rest, when the day is another one."""
    elenco, (parte, *_) = tres_en_cola
    hacer(elenco.asesor_tecnica, parte, "empezar")
    assert [barrer_plazos(), barrer_plazos()] == [1, 0]

    viajar.move_to(instante("2026-11-27"))
    antes = len(avisados())
    assert barrer_plazos() == 3
    assert avisados()[antes:] == ["despues-3"] * 3


def test_lo_que_se_escribe_de_un_reloj_se_mira_en_el_siguiente(tres_en_cola):
    """Of the milestone itself, or of its parte only: another dependencia hears of it by its own policy."""
    elenco, (parte, *_) = tres_en_cola
    otra = elenco.tema_tablas.dependencia
    fila = {"evento": "solicitudes.vencida", "reloj": "ans", "dias": 1, "desde": date(2026, 1, 1)}
    PoliticaAviso.objects.create(dependencia=otra, a_quien="direccion", **fila)
    acuerdo = AcuerdoServicio.objects.create(dependencia=parte.dependencia, etapa="Entregar el acta", dias=3)
    corre = {
        "solicitud": parte.solicitud, "parte": parte, "reloj": "ans", "dias": 3, "nombre": "Entregar el acta",
        "empieza_en": instante(RECIBIDA), "fecha_efectiva": date(2026, 11, 9), "ans": acuerdo, "fin": "acta",
    }  # fmt: skip
    assert [barrer_plazos(), barrer_plazos()] == [3, 0]  # with another policy, all; and then what is written

    def del_hito() -> list[str]:
        antes = len(avisados())
        barrer_plazos()
        return [nivel.removeprefix(f"termino-{hito.pk}-ans-") for nivel in avisados()[antes:]]

    with sistema():
        vence = {"vence": date(2026, 11, 26), "vence_en": instante("2026-11-26", "16:30")}
        hito = Termino.objects.create(**corre, **vence)
    assert del_hito() == ["antes-0-responsable"]
    with sistema():
        Termino.objects.filter(pk=hito.pk).update(vence=date(2026, 11, 25), vence_en=instante("2026-11-25", "16:30"))
    assert del_hito() == ["antes-0-responsable", "despues-1-jefatura"]
    with sistema():
        Parte.objects.filter(pk=parte.pk).update(dependencia=otra)
    assert "despues-1-direccion" in del_hito()
    assert del_hito() == []


@pytest.mark.usefixtures("tres_en_cola")
@pytest.mark.parametrize("cambio", ["politicas", "calendario", "servidor", "codigo", "marca por venir"])
def test_con_otras_reglas_se_mira_todo(cambio, monkeypatch):
    if cambio == "politicas":
        PoliticaAviso.objects.filter(reloj="obliga", dias=1).update(dias=2)
    elif cambio == "calendario":
        DiaExtraordinario.objects.create(fecha=date(2026, 12, 24), acto="Decreto de prueba")
    elif cambio == "codigo":
        monkeypatch.setattr(recordatorios, "DECIDE", "de otra versión")
    elif cambio == "marca por venir":
        UltimoBarrido.objects.update(marca=F("marca") + 1_000_000)
    else:
        servidor, marca = de_lo_ultimo()
        monkeypatch.setattr(recordatorios, "marcar", lambda: (servidor + 1, marca))

    assert barrer_plazos() == 3


def test_lo_que_cuenta_los_dias_tambien_decide():
    """A release that corrected the calendar or the terms would leave today's reminders as the old code had them."""
    de_los_dias = {"calendario.py", "terminos.py", "festivos.py", "reloj.py"}
    assert {uno.name for uno in recordatorios.CODIGO} >= de_los_dias


@pytest.fixture
def escrita_mientras_se_barria(tres_en_cola, base_propia, fabrica):
    """Somebody had written one and not confirmed it when the sweep passed. How many the next one looks at."""
    elenco, (parte, *_) = tres_en_cola

    def cuantas() -> int:
        otra = psycopg2.connect(fabrica.postgres.dsn(), dbname=base_propia)
        with otra, otra.cursor() as cursor:
            cursor.execute("update solicitudes_parte set resultado = 'x' where id = %s", [parte.pk])
            elenco.tema_integridad.save()  # whoever began later ends before
            barrer_plazos()
        otra.close()
        return barrer_plazos()

    return cuantas


def test_lo_que_no_se_habia_confirmado_lo_mira_el_siguiente(escrita_mientras_se_barria, monkeypatch):
    """With the mark of the portal, that waits too for whoever writes in other databases of the server."""
    monkeypatch.setattr(recordatorios, "marcar", marcar)

    assert escrita_mientras_se_barria() >= 1


def test_una_marca_de_lo_ultimo_que_termino_no_lo_veria(escrita_mientras_se_barria):
    """Negative control: with the next transaction to be given as its mark, that one would never be looked at."""
    assert escrita_mientras_se_barria() == 0


@pytest.mark.parametrize("como", ["cortado", "otro barre"])
def test_un_barrido_que_no_llego_al_final_no_dice_que_miro(tres_en_cola, monkeypatch, como):
    elenco, (parte, *_) = tres_en_cola
    hacer(elenco.asesor_tecnica, parte, "empezar")
    turnos = iter([True])  # of the partes, and not of the terms

    def turno(trabajo: str) -> bool:
        if not next(turnos, False):
            if como == "cortado":
                raise ConnectionError("corte de prueba")
            return False
        return True

    with monkeypatch.context() as parche:
        parche.setattr(recordatorios, "es_mi_turno", turno)
        with pytest.raises(ConnectionError) if como == "cortado" else nullcontext():
            barrer_plazos(lote=1)

    assert barrer_plazos() == 1
