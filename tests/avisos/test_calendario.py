"""Who administers is told in time that the calendar of terms ends, breaks or is not the one of the law; nobody else,
and never twice of the same."""

from datetime import date, datetime
from typing import Any

import pytest
import time_machine

from avisos.models import Aviso
from avisos.services import vigilar_calendario
from plazos import services
from plazos.calendario import FueraDeCalendario
from plazos.models import FestivoAnual
from plazos.vigilancia import ANTELACION, DIAS_MAS_LARGO, alcanza, reparos
from sdfi_portal import salud
from tests.solicitudes.apoyos import instante, sistema

pytestmark = pytest.mark.django_db
FALTAN = "Faltan los festivos de 2041"


def el(dia: str) -> Any:
    return time_machine.travel(instante(dia), tick=False)


def avisados() -> list[tuple[str, str]]:
    with sistema():
        return list(Aviso.objects.order_by("id").values_list("persona__correo", "titulo"))


def test_a_calendar_that_is_well_says_nothing(elenco) -> None:
    for dia in ("2026-11-26", "2039-12-31"):
        with el(dia):
            assert vigilar_calendario() == 0
            assert salud._calendario() == salud.BIEN
    assert avisados() == []


def test_a_year_that_is_missing_is_told_each_month_and_each_week_at_the_end(elenco) -> None:
    suya = (elenco.administradora.correo, FALTAN)
    with el("2040-01-02"):
        assert (vigilar_calendario(), vigilar_calendario()) == (1, 1)
        assert avisados() == [suya]
        assert salud._calendario() == salud.BIEN  # there is time
    with el("2040-02-01"):
        vigilar_calendario()
    assert avisados() == [suya] * 2
    for dia, veces in (("2040-10-01", 3), ("2040-10-04", 3), ("2040-10-08", 4)):
        with el(dia):
            vigilar_calendario()
            assert salud._calendario() == salud.DEGRADADO
        assert avisados() == [suya] * veces
    with sistema():
        aviso = Aviso.objects.latest("id")
    assert aviso.ruta == "/catalogos/festivos/"
    assert "termina el 31 de diciembre de 2040" in aviso.texto

    services.llenar_festivos(desde_anio=2041, hasta_anio=2041)
    with el("2040-12-01"):
        assert vigilar_calendario() == 0
        assert salud._calendario() == salud.BIEN
    assert avisados() == [suya] * 4


def test_it_is_told_before_any_term_runs_out(elenco) -> None:
    """On the day before the health says so, the longest term of the three months that follow still ends inside."""
    calendario = services.calendario_vigente()
    ultimo = max(d for d in (date(2040, m, n) for m in range(1, 13) for n in range(1, 29)) if alcanza(d))
    assert calendario.sumar_habiles(ultimo, ANTELACION + DIAS_MAS_LARGO).year == 2040
    assert ultimo < date(2040, 9, 1)
    fin = services.plazo_vigente(datetime.fromisoformat("2040-09-28T10:00-05:00"), DIAS_MAS_LARGO).vence
    assert not alcanza(date(2040, 9, 28)) and fin.year == 2040
    with pytest.raises(FueraDeCalendario):
        services.plazo_vigente(datetime.fromisoformat("2040-12-03T10:00-05:00"), DIAS_MAS_LARGO)


def test_a_difference_with_the_law_is_told_once(elenco) -> None:
    titulo = "Los festivos de 2027 no son los que se calculan por ley"
    services.retirar_dia(dia=FestivoAnual.objects.get(fecha=date(2027, 7, 12)), motivo="Prueba")
    for dia in ("2026-11-26", "2026-12-30", "2027-06-01"):
        with el(dia):
            assert vigilar_calendario() == 1
    assert avisados() == [(elenco.administradora.correo, titulo)]
    with sistema():
        texto = Aviso.objects.get().texto
    assert "lista calculada: 12 de julio de 2027 (Nuestra Señora del Rosario de Chiquinquirá)" in texto

    services.agregar_festivo(fecha=date(2027, 12, 24), nombre="Nochebuena", norma="Ley 1 de 2027", fuente="Secretaría")
    with el("2027-06-02"):
        vigilar_calendario()
    assert len(avisados()) == 2
    with el("2025-12-30"):  # two years before, nobody looks at it yet
        assert vigilar_calendario() == 0


def test_a_calendar_with_a_hole_is_told_and_degrades(elenco) -> None:
    FestivoAnual.objects.filter(fecha__year=2030).update(motivo_retiro="Prueba")
    with el("2026-11-26"):
        assert vigilar_calendario() == 1
        assert salud._estado("calendario", salud._calendario) == salud.DEGRADADO
        assert [uno.clave for uno in reparos(date(2026, 11, 26))] == ["roto:2026-11-26"]
    assert avisados() == [(elenco.administradora.correo, "El calendario de plazos no se puede usar")]


def test_who_no_longer_administers_is_not_told_and_who_is_over_all_is(elenco) -> None:
    with sistema():
        elenco.administradora.membresias.update(hasta=date(2039, 12, 31))
    with el("2040-01-02"):
        assert vigilar_calendario() == 1
    assert avisados() == [(elenco.subsecretaria.correo, FALTAN)]
