"""The policy of reminders: rows that each dirección may change, and what they ask of each parte."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from avisos.models import Aviso, Envio, PoliticaAviso
from bandeja.models import Entrega
from bandeja.services import entregar
from direcciones.models import AcuerdoServicio
from solicitudes.models import Parte, Termino
from solicitudes.services.recordatorios import barrer_plazos
from tests.fabricas import radicada
from tests.solicitudes.apoyos import hacer, instante, parte_de, sistema

pytestmark = pytest.mark.django_db
RECIBIDA, VENCE = "2026-11-09", "2026-11-24"


@pytest.fixture
def viajar() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(instante(RECIBIDA), tick=False) as viajero:
        yield viajero


@pytest.fixture
def parte(elenco, viajar) -> Parte:
    return parte_de(radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad]))


def poner(evento: str = "solicitudes.por_vencer", **datos: Any) -> PoliticaAviso:
    return PoliticaAviso.objects.create(evento=evento, desde=date(2026, 1, 1), **datos)


def niveles() -> list[str]:
    with sistema():
        claves = Entrega.objects.filter(tipo="solicitudes.recordatorio").order_by("id")
        return [clave.split(":")[-1] for clave in claves.values_list("clave_idempotencia", flat=True)]


def barrer(viajar: time_machine.Traveller, dia: str) -> list[str]:
    viajar.move_to(instante(dia))
    antes = len(niveles())
    barrer_plazos()
    return niveles()[antes:]


def avisados(titulo: str) -> list[str]:
    with sistema():
        return sorted(Aviso.objects.filter(titulo__contains=titulo).values_list("persona__correo", flat=True))


def test_una_direccion_calla_un_recordatorio_y_agrega_otro(elenco, parte, viajar) -> None:
    """Its row of the same event, clock, days and recipient replaces the general one; the others stay."""
    comun = {"reloj": "obliga", "a_quien": "responsable", "dependencia": elenco.desarrollo}
    poner(dias=-5, activa=False, **comun)
    poner(dias=-3, **comun)
    poner(dias=-2, **{**comun, "dependencia": elenco.archivo}, activa=False)  # of another dirección
    assert barrer(viajar, "2026-11-17") == []
    assert barrer(viajar, "2026-11-19") == ["obliga-antes-3-responsable"]
    assert barrer(viajar, "2026-11-20") == ["antes-2"]


def test_la_subdireccion_manda_sobre_su_direccion(elenco, parte, viajar) -> None:
    comun = {"reloj": "obliga", "dias": -5, "a_quien": "responsable"}
    poner(**comun, dependencia=elenco.desarrollo, activa=False)
    poner(**comun, dependencia=elenco.tecnica)
    assert barrer(viajar, "2026-11-17") == ["antes-5"]


def test_a_cada_destinatario_lo_mas_urgente_y_una_vez(elenco, parte, viajar) -> None:
    """A beat that was down for days tells each recipient once before the date, and each level after it."""
    poner(reloj="obliga", dias=-4, a_quien="jefatura")
    poner(reloj="obliga", dias=-1, a_quien="jefatura")
    assert sorted(barrer(viajar, "2026-11-30")) == [
        "antes-0", "despues-1", "despues-3", "obliga-antes-1-jefatura",
    ]  # fmt: skip
    assert barrer(viajar, "2026-11-30") == []


def test_lo_que_se_calla_despues_de_anotado_no_se_dice(elenco, parte, viajar) -> None:
    barrer(viajar, "2026-11-17")
    PoliticaAviso.objects.filter(reloj="obliga", dias=-5).update(activa=False)
    entregar()
    assert avisados("Vence en") == []


def test_por_donde_dice_la_politica(elenco, parte, viajar) -> None:
    PoliticaAviso.objects.filter(reloj="obliga", dias=-5).update(canal="portal")
    barrer(viajar, "2026-11-17")
    entregar()
    assert avisados("Vence en 5") == [elenco.asesor_tecnica.correo]
    with sistema():
        assert Envio.objects.get(evento="solicitudes.por_vencer").canal == "portal"


def test_lo_que_se_anoto_antes_de_la_politica_se_dice_igual(elenco, parte, viajar) -> None:
    """Facts that a portal of before left: without the row that asked for them."""
    barrer(viajar, "2026-11-30")
    with sistema():
        for entrega in Entrega.objects.filter(tipo="solicitudes.recordatorio"):
            del entrega.carga["politica"]
            entrega.save(update_fields=["carga"])
    entregar()
    assert avisados("Vencida hace") == sorted(
        [elenco.asesor_tecnica.correo, elenco.director_desarrollo.correo, elenco.director_desarrollo.correo]
    )


def test_a_la_entidad_se_le_recuerda_lo_que_se_le_pidio(elenco, parte, viajar) -> None:
    """Two business days before and on the day (domain.md §2.2); not once it answers."""
    parte = hacer(elenco.asesor_tecnica, parte, "empezar")
    parte = hacer(elenco.asesor_tecnica, parte, "pedir_complemento", texto="¿Cuál?", hasta=date(2026, 12, 4))
    assert "complemento-antes-2-entidad" not in barrer(viajar, "2026-12-01")
    assert "complemento-antes-2-entidad" in barrer(viajar, "2026-12-02")
    entregar()
    assert avisados("Falta la información") == [elenco.otra_enlace.correo]
    assert "complemento-antes-0-entidad" in barrer(viajar, "2026-12-04")
    hacer(elenco.otra_enlace, parte, "complementar", texto="Esta.")
    entregar()
    assert avisados("Falta la información") == [elenco.otra_enlace.correo]


def test_lo_que_ya_se_atendio_segun_el_criterio_no_se_recuerda(elenco, parte, viajar) -> None:
    """Where scheduling counts as attending, what was scheduled is not overdue."""
    with sistema():
        Parte.objects.filter(pk=parte.pk).update(criterio="programada", programada_en=instante("2026-11-10"))
    assert barrer(viajar, "2026-11-30") == []


def test_un_hito_del_ans_tiene_sus_recordatorios_y_el_que_obliga_no(elenco, parte, viajar) -> None:
    acuerdo = AcuerdoServicio.objects.create(dependencia=parte.dependencia, etapa="Entregar el acta", dias=3)
    corre = {
        "solicitud": parte.solicitud, "parte": parte, "reloj": "ans", "dias": 3, "nombre": "Entregar el acta",
        "empieza_en": instante(RECIBIDA), "fecha_efectiva": date(2026, 11, 9), "vence": date(2026, 11, 12),
        "vence_en": instante("2026-11-12", "16:30"),
    }  # fmt: skip
    with sistema():
        hito = Termino.objects.create(ans=acuerdo, fin="acta", **corre)
    assert barrer(viajar, "2026-11-11") == []
    assert barrer(viajar, "2026-11-12") == [f"termino-{hito.pk}-ans-antes-0-responsable"]
    entregar()
    assert avisados("Entregar el acta") == [elenco.asesor_tecnica.correo]
    assert barrer(viajar, "2026-11-13") == [f"termino-{hito.pk}-ans-despues-1-jefatura"]
    with sistema():
        Termino.objects.filter(pk=hito.pk).update(cumplido_en=instante("2026-11-13"), cerrado=True)
    entregar()
    assert avisados("Entregar el acta") == [elenco.asesor_tecnica.correo]  # met before it was told
    with sistema():
        Termino.objects.filter(pk=hito.pk).update(obliga=True, cumplido_en=None, cerrado=False)
    assert barrer(viajar, "2026-11-16") == []


def test_cada_dia_solo_se_anota_lo_nuevo(elenco, parte, viajar) -> None:
    """However many sweeps there are each day, each level is one fact."""
    for cuantos in range(40):
        viajar.move_to(instante(RECIBIDA) + timedelta(days=cuantos))
        barrer_plazos()
        barrer_plazos()
    assert sorted(niveles()) == ["antes-0", "antes-2", "antes-5", "despues-1", "despues-3"]
