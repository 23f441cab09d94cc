"""What the database itself says of the three clocks: nobody stretches the lineamiento, only a legal term is extended,
and the instant of attention follows from the others whatever wrote the parte."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from alcance import exigir
from alcance.ordenes import en_json
from direcciones.models import AcuerdoServicio
from solicitudes.models import Parte, Prorroga, Reflujo, Solicitud, Termino
from solicitudes.services import radicacion
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import parte_de, releer, sistema

pytestmark = pytest.mark.django_db
DIA = date(2026, 11, 9)
CORRE = {
    "empieza_en": datetime(2026, 11, 9, 15, tzinfo=timezone.get_default_timezone()),
    "fecha_efectiva": DIA,
    "vence": date(2026, 11, 24),
    "vence_en": datetime(2026, 11, 24, 16, 30, tzinfo=timezone.get_default_timezone()),
}


@pytest.fixture
def parte(elenco, monkeypatch) -> Parte:
    """Without clocks: each test puts its own."""
    monkeypatch.setattr(radicacion, "en_json", lambda hoja: en_json(hoja | {"terminos": []}))
    return parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas]))


def poner(parte: Parte, reloj: str, **datos: Any) -> Termino:
    valores = {"nombre": "Término de prueba", "dias": 10} | CORRE | datos
    with sistema():
        return Termino.objects.create(solicitud=parte.solicitud, parte=parte, reloj=reloj, **valores)


def acuerdo(parte: Parte, **datos: Any) -> AcuerdoServicio:
    valores = {"etapa": "Dictar el concepto", "dias": 5} | datos
    return AcuerdoServicio.objects.create(dependencia=parte.dependencia, **valores)


@pytest.mark.parametrize(
    "estirado",
    [
        {"dias": 11},
        {"dias": 9},
        {"suspensiones": [["2026-11-10", None, "Se pidió información"]]},
        {"inicio": "datos_completos"},
        {"fin": "programada"},
    ],
)
def test_the_database_refuses_to_stretch_the_lineamiento(parte, estirado: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="no_se_estira"):
        poner(parte, "lineamiento", **estirado)
    suyo = poner(parte, "lineamiento")
    with pytest.raises(IntegrityError, match="no_se_estira"), sistema():
        Termino.objects.filter(pk=suyo.pk).update(**estirado)


@pytest.mark.parametrize(
    ("reloj", "datos", "regla"),
    [
        ("legal", {"suspensiones": [["2026-11-10", None, "x"]]}, "legal_no_se_suspende"),
        ("ans", {}, "termino_reloj"),
        ("otro", {}, "termino_reloj"),
        ("legal", {"vence": None}, "termino_corre"),
        ("legal", {"vence": DIA - timedelta(days=1)}, "termino_corre"),
        ("legal", {"dias": 0}, "termino_dias"),
    ],
)
def test_a_clock_that_makes_no_sense_is_refused(parte, reloj: str, datos: dict[str, Any], regla: str) -> None:
    with pytest.raises(IntegrityError, match=regla):
        poner(parte, reloj, **datos)


def test_an_ans_may_be_suspended_and_may_not_have_begun(parte) -> None:
    suyo = acuerdo(parte)
    una = poner(parte, "ans", ans=suyo, dias=5, suspensiones=[["2026-11-10", None, "Se pidió información"]])
    assert releer(una).suspensiones
    sin_empezar = dict.fromkeys(CORRE)
    otra = poner(parte, "ans", ans=acuerdo(parte, etapa="Acta", inicio="realizada", fin="acta"), **sin_empezar)
    with sistema():
        assert list(Termino.objects.por_vencer(timezone.now() + timedelta(days=9_000))) == [una]
    with pytest.raises(IntegrityError, match="un_ans"):
        poner(parte, "ans", ans=suyo)
    assert releer(otra).vence is None


def test_one_lineamiento_by_parte_and_one_legal_term_by_solicitud(parte) -> None:
    poner(parte, "lineamiento")
    poner(parte, "legal", dias=15)
    with pytest.raises(IntegrityError, match="un_lineamiento"):
        poner(parte, "lineamiento")
    with pytest.raises(IntegrityError, match="un_legal"):
        poner(parte, "legal", dias=30)


def prorrogar(parte: Parte, termino: Termino, quien: Any, **datos: Any) -> Prorroga:
    valores = {"dias": 15, "motivo": "Hay que pedir pruebas", "vence_nuevo": date(2026, 12, 16)} | datos
    with sistema():
        return Prorroga.objects.create(solicitud=parte.solicitud, termino=termino, pedida_por=quien, **valores)


def test_only_the_legal_term_is_extended_once_and_up_to_double(parte, elenco) -> None:
    lineamiento, legal = poner(parte, "lineamiento"), poner(parte, "legal", dias=15)
    quien = elenco.enlace
    for termino, datos, regla in (
        (lineamiento, {}, "Solo se amplía el término legal"),
        (legal, {"dias": 16}, "doble"),
        (legal, {"dias": 0}, "prorroga_dias"),
        (legal, {"motivo": "  "}, "con_motivo"),
        (legal, {"tardia": True}, "tardia"),
    ):
        with pytest.raises(IntegrityError, match=regla):
            prorrogar(parte, termino, quien, **datos)
    una = prorrogar(parte, legal, quien)
    with pytest.raises(IntegrityError, match=r"unique|llave duplicada"):
        prorrogar(parte, legal, quien)
    with pytest.raises(IntegrityError, match="doble"), sistema():
        Prorroga.objects.filter(pk=una.pk).update(dias=30)


def test_of_another_solicitud_no_term_is_extended(parte, elenco) -> None:
    otra = parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas]))
    with pytest.raises(IntegrityError, match="misma solicitud"):
        prorrogar(otra, poner(parte, "legal", dias=15), elenco.enlace)


@pytest.mark.parametrize(
    ("criterio", "esperada"), [(None, None), ("entregada", None), ("realizada", 2), ("programada", 1)]
)
def test_the_instant_of_attention_follows_the_criterion_of_its_reception(parte, criterio, esperada) -> None:
    instantes = {dia: parte.recibido_en + timedelta(days=dia) for dia in (1, 2, 3)}
    with sistema():
        suya = Parte.objects.filter(pk=parte.pk)
        suya.update(criterio=criterio, programada_en=instantes[1], realizada_en=instantes[2])
        assert suya.get().atencion_en == instantes.get(esperada)
        # Nobody writes it: what follows from the others is written over.
        suya.update(atencion_en=instantes[3], sin_efecto_en=instantes[3])
        assert (suya.get().atencion_en, suya.get().sin_efecto_en) == (instantes.get(esperada), None)
        suya.update(prestada_en=instantes[3], sin_efecto_en=instantes[3])
        assert suya.get().atencion_en == instantes.get(esperada or 3)
        assert suya.get().sin_efecto_en == instantes[3]
        suya.update(prestada_en=None)
        assert suya.get().sin_efecto_en is None


def test_filing_writes_the_clocks_of_its_sheet_in_the_same_message(elenco, monkeypatch) -> None:
    def con_relojes(hoja: dict[str, Any]) -> str:
        parte = hoja["partes"][0]
        comun = {"parte_id": parte["id"], "solicitud_id": parte["solicitud_id"], "obliga": False, "cerrado": False}
        comun |= {"inicio": "recepcion", "fin": "entregada", "suspensiones": [], "regla": {}} | CORRE
        relojes = [{"reloj": reloj, "nombre": reloj, "dias": 10, **comun} for reloj in ("lineamiento", "legal")]
        return en_json(hoja | {"terminos": relojes})

    monkeypatch.setattr(radicacion, "en_json", con_relojes)
    parte = parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas]))
    with sistema():
        suyos = list(Termino.objects.filter(parte=parte).order_by("id"))
    assert [(t.reloj, t.vence, t.solicitud_id) for t in suyos] == [
        ("lineamiento", CORRE["vence"], parte.solicitud_id),
        ("legal", CORRE["vence"], parte.solicitud_id),
    ]


def test_whoever_sees_the_solicitud_sees_its_clocks_and_nobody_deletes_them(parte, elenco) -> None:
    suyo = poner(parte, "lineamiento")
    for quien in elenco.personas().values():
        with actuar(quien), transaction.atomic():
            ve = Solicitud.objects.visibles_para(exigir()).filter(pk=parte.solicitud_id).exists()
            assert Termino.objects.visibles_para(exigir()).filter(pk=suyo.pk).exists() == ve
            assert Termino.objects.filter(pk=suyo.pk).exists() == ve
    with pytest.raises(DatabaseError, match=r"permission denied|permiso denegado"), sistema():
        suyo.delete()


def test_one_counting_again_by_version_and_never_more_changed_than_looked_at() -> None:
    Reflujo.objects.create(version=1, que="24 de diciembre de 2026 se declaró no hábil (Decreto 1)")
    for datos, regla in (({"version": 1}, "version"), ({"version": 2, "miradas": 1, "cambiadas": 2}, "cuentas")):
        with pytest.raises(IntegrityError, match=regla), transaction.atomic():
            Reflujo.objects.create(que="Otra vez", **datos)
