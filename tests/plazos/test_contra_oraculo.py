"""Every receipt of 2024–2030 against an oracle that shares nothing with `plazos` (R33, issue: Deadline).

The oracle knows neither the library `holidays` nor our modules: Easter by Knuth's algorithm, the Ley Emiliani rules
written out by hand, and a walk that looks at one day after another.
"""

from datetime import date, datetime, time, timedelta
from functools import cache

import pytest

from plazos.calendario import Calendario
from plazos.fechas import BOGOTA
from plazos.terminos import Horario, calcular_plazo

UN_DIA = timedelta(days=1)
CIERRE = time(16, 30)
# One of each class of minute: before opening, at it, inside, the last one in, the first one out, late.
MINUTOS = (time(0, 0), time(6, 59), time(7, 0), time(12, 0), time(16, 30), time(16, 31), time(23, 59))


def pascua(anio: int) -> date:
    """Easter Sunday (Knuth, The Art of Computer Programming, 1.3.2, exercise 14)."""
    aureo = anio % 19 + 1
    siglo = anio // 100 + 1
    bisiestos_omitidos = 3 * siglo // 4 - 12
    correccion_lunar = (8 * siglo + 5) // 25 - 5
    domingo = 5 * anio // 4 - bisiestos_omitidos - 10
    epacta = (11 * aureo + 20 + correccion_lunar - bisiestos_omitidos) % 30
    if epacta == 24 or (epacta == 25 and aureo > 11):
        epacta += 1
    luna = 44 - epacta
    if luna < 21:
        luna += 30
    luna = luna + 7 - (domingo + luna) % 7
    return date(anio, 4, luna - 31) if luna > 31 else date(anio, 3, luna)


def lunes(dia: date) -> date:
    while dia.strftime("%w") != "1":
        dia += UN_DIA
    return dia


@cache
def festivos(anio: int) -> frozenset[date]:
    fijos = [(1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25)]
    movibles = [(1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11)]
    if anio >= 2026:
        movibles.append((7, 9))  # Ley 2578 de 2026
    domingo = pascua(anio)
    ascension, corpus, corazon = (lunes(domingo + UN_DIA * cuantos) for cuantos in (39, 60, 68))
    return frozenset(
        [date(anio, *fecha) for fecha in fijos]
        + [lunes(date(anio, *fecha)) for fecha in movibles]
        + [domingo - 3 * UN_DIA, domingo - 2 * UN_DIA, ascension, corpus, corazon]
    )


def habil(dia: date) -> bool:
    return dia.isoweekday() not in (6, 7) and dia not in festivos(dia.year)


@cache
def recorrer(desde: date, cuantos: int) -> date:
    while cuantos:
        desde += UN_DIA
        cuantos -= habil(desde)
    return desde


def oraculo(dia: date, minuto: time, cuantos: int) -> tuple[date, date, date]:
    """(effective date, day 1, expiry)."""
    efectiva = dia if habil(dia) and minuto <= CIERRE else recorrer(dia, 1)
    return efectiva, recorrer(efectiva, 1), recorrer(efectiva, cuantos)


@pytest.mark.parametrize("anio", range(2024, 2031))
def test_cada_recepcion_del_anio(anio: int, calendario: Calendario, horarios: tuple[Horario, ...]) -> None:
    """R33: every day × every class of minute × 10, 15 and 30 days."""
    distintos = []
    dia = date(anio, 1, 1)

    while dia.year == anio:
        for minuto in MINUTOS:
            for cuantos in (10, 15, 30):
                plazo = calcular_plazo(datetime.combine(dia, minuto, BOGOTA), cuantos, calendario, horarios)
                if (plazo.fecha_efectiva, plazo.dia_1, plazo.vence) != oraculo(dia, minuto, cuantos):
                    distintos.append((dia, minuto, cuantos))
        dia += UN_DIA

    assert distintos == []


@pytest.mark.parametrize("anio", range(2020, 2041))
def test_los_dias_habiles_del_anio(anio: int, calendario: Calendario) -> None:
    """R33: the stored holidays of 2020–2040 are the ones the laws give."""
    dias = [date(anio, 1, 1) + UN_DIA * cuantos for cuantos in range(365)] + [date(anio, 12, 31)]

    assert [dia for dia in dias if calendario.es_habil(dia) != habil(dia)] == []


def test_el_oraculo_nota_un_calendario_sin_la_ley_2578(calendario: Calendario, horarios: tuple[Horario, ...]) -> None:
    """Negative control: a list of 18 holidays, as written before 2026, does not pass."""
    viejos = tuple(festivo for festivo in calendario.festivos if festivo.norma != "Ley 2578 de 2026")

    plazo = calcular_plazo(datetime(2026, 7, 10, 10, tzinfo=BOGOTA), 10, Calendario(2020, 2040, viejos), horarios)

    assert plazo.vence != oraculo(date(2026, 7, 10), time(10), 10)[2]
