"""Every receipt of 2024–2035 against an oracle that shares nothing with `plazos` (R33, issue: Deadline).

The base, whole, on every run; suspensions, extensions, calendar changes and half days at random on every run, and
whole in the long one.
"""

import ast
import inspect
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plazos.calendario import Calendario, DiaDecretado
from plazos.fechas import BOGOTA
from plazos.festivos import festivos_guardados
from plazos.terminos import Horario, Plazo, Suspension, calcular_plazo, explicar
from tests.plazos import oraculo
from tests.plazos.oraculo import UN_DIA, Mundo, Parada, instante_que_dicen, instantes

CALENDARIO = Calendario(2020, 2040, festivos_guardados(), version="de prueba")
ANIOS = range(2024, 2036)
TERMINOS = (10, 15, 30)
GENERAL, MEDIO_DIA = time(16, 30), time(12)


def calendario_de(mundo: Mundo, anio: int) -> Calendario:
    """Of the years around `anio` alone: made anew for each case."""
    decretados = [DiaDecretado(dia, False, "Decreto") for dia in mundo.no_habiles]
    decretados += [DiaDecretado(dia, True, "Decreto") for dia in mundo.habiles - mundo.no_habiles]
    festivos = tuple(uno for uno in CALENDARIO.festivos if anio - 1 <= uno.fecha.year <= anio + 2)
    return Calendario(anio - 1, anio + 2, festivos, tuple(decretados))


def horarios_de(mundo: Mundo) -> list[Horario]:
    """The same office hours as rows of the catalogue, the dependencia being «DEP»."""
    filas = [Horario(date(2020, 1, 1), time(7), mundo.cierre, "Norma")]
    filas += [Horario(dia, time(7), cierra, "Circular", hasta=dia) for dia, cierra in mundo.medios_dias.items()]
    if mundo.propio:
        filas.append(Horario(date(2020, 1, 1), time(7), mundo.propio, "Norma", dependencia_codigo="DEP"))
    return filas


def contar(mundo: Mundo, calendario: Calendario, recibido: datetime, dias: int, paradas: Sequence[Parada]) -> Plazo:
    return calcular_plazo(
        recibido,
        dias,
        calendario,
        horarios_de(mundo),
        dependencia_codigo="DEP",
        suspensiones=[Suspension(*parada) for parada in paradas],
    )


def dias_de(anio: int) -> Iterator[date]:
    dia = date(anio, 1, 1)
    while dia.year == anio:
        yield dia
        dia += UN_DIA


@pytest.mark.parametrize("anio", ANIOS)
def test_cada_recepcion_del_anio(anio: int) -> None:
    """R33: every day × every class of minute × 10, 15 and 30 days."""
    mundo, horarios = Mundo(), [Horario(date(2020, 1, 1), time(7), GENERAL, "Norma")]
    distintos = [
        (dia, minuto, dias)
        for dia in dias_de(anio)
        for minuto in instantes(GENERAL)
        for dias in TERMINOS
        if _fechas(calcular_plazo(datetime.combine(dia, minuto, BOGOTA), dias, CALENDARIO, horarios))
        != mundo.plazo(datetime.combine(dia, minuto), dias)
    ]
    assert distintos == []


def _fechas(plazo: Plazo) -> tuple[date, date, date, datetime]:
    return plazo.fecha_efectiva, plazo.dia_1, plazo.vence, plazo.vence_en


@pytest.mark.parametrize("anio", range(2020, 2041))
def test_los_dias_habiles_del_anio(anio: int) -> None:
    """R33: the stored holidays of 2020–2040 are the ones the laws give."""
    assert [dia for dia in dias_de(anio) if CALENDARIO.es_habil(dia) != Mundo().habil(dia)] == []


# --- Suspensions, extensions, calendar changes and half days -------------------------------------------------------
def _cerca(dia: date, cuantos: int) -> st.SearchStrategy[frozenset[date]]:
    return st.frozensets(st.integers(-2, 90).map(lambda n: dia + n * UN_DIA), max_size=cuantos)


@st.composite
def casos(draw: st.DrawFn) -> tuple[Mundo, datetime, int, list[Parada]]:
    """A world that some acts changed around a receipt, which says its hour in any time zone; an original term or one
    extended up to double; and the times in which it stood still, which may overlap and begin before it."""
    dia = draw(st.dates(date(2024, 1, 1), date(2035, 12, 31)))
    mundo = Mundo(
        no_habiles=draw(_cerca(dia, 6)),
        habiles=frozenset(uno for uno in draw(_cerca(dia, 12)) if uno.isoweekday() > 5),
        medios_dias=dict.fromkeys(draw(_cerca(dia, 6)), MEDIO_DIA),
        propio=draw(st.sampled_from([None, None, time(15), time(18)])),
    )
    minuto = draw(st.sampled_from([*instantes(GENERAL), *instantes(mundo.cierra(dia))]) | st.times())
    recibido = datetime.combine(dia, minuto, BOGOTA).astimezone(
        ZoneInfo(draw(st.sampled_from(["America/Bogota", "UTC", "Asia/Tokyo", "Pacific/Honolulu"])))
    )
    dias = draw(st.sampled_from(TERMINOS))
    ampliado = draw(st.sampled_from([0, 0, 1, dias]))
    paradas = draw(st.lists(st.tuples(st.integers(-10, 60), st.integers(0, 40)), max_size=3))
    return mundo, recibido, dias + ampliado, [(dia + n * UN_DIA, dia + (n + largo) * UN_DIA) for n, largo in paradas]


def comparar(mundo: Mundo, recibido: datetime, dias: int, paradas: Sequence[Parada]) -> None:
    plazo = contar(mundo, calendario_de(mundo, recibido.year), recibido, dias, paradas)
    assert _fechas(plazo) == mundo.plazo(recibido, dias, paradas)
    repetir(mundo, plazo, recibido, paradas)


def repetir(mundo: Mundo, plazo: Plazo, recibido: datetime, paradas: Sequence[Parada]) -> None:
    """What is kept of the term, told again day by day: every day of it, once, counted when the oracle counts it; and
    the last one is the day, and the sentence the instant, at which it expires."""
    dicha = explicar(json.loads(json.dumps(plazo.como_regla())))
    fechas = [paso.fecha for paso in dicha.dias]
    assert fechas == [fechas[0] + n * UN_DIA for n in range(len(fechas))]
    assert fechas[0] == recibido.astimezone(oraculo.BOGOTA).date()
    efectiva = mundo.efectiva(recibido)
    for paso in dicha.dias:
        parado = any(antes < paso.fecha <= hasta for antes, hasta in paradas)
        assert paso.cuenta == (paso.fecha > efectiva and mundo.habil(paso.fecha) and not parado), paso
    assert [paso.numero for paso in dicha.dias if paso.cuenta] == list(range(1, plazo.dias + 1))
    assert fechas[-1] == plazo.vence
    assert instante_que_dicen(dicha.frases) == plazo.vence_en


@settings(max_examples=250)
@given(casos())
def test_con_suspensiones_prorrogas_y_otro_calendario(caso: tuple[Mundo, datetime, int, list[Parada]]) -> None:
    """R33."""
    comparar(*caso)


@pytest.mark.larga
@settings(max_examples=2_000)
@given(casos())
def test_con_muchas_suspensiones_prorrogas_y_otros_calendarios(
    caso: tuple[Mundo, datetime, int, list[Parada]],
) -> None:
    """R33."""
    comparar(*caso)


def cambiado(anio: int) -> Mundo:
    """A year in which acts take away and give days all along, and half the days of some months close at noon."""
    dias = list(dias_de(anio)) + list(dias_de(anio + 1))
    return Mundo(
        no_habiles=frozenset(dias[5::23]),
        habiles=frozenset(dia for dia in dias[::3] if dia.isoweekday() > 5),
        medios_dias=dict.fromkeys(dias[::2], MEDIO_DIA),
    )


@pytest.mark.larga
@pytest.mark.parametrize("anio", ANIOS)
def test_cada_recepcion_del_anio_con_otro_calendario_suspendida_y_ampliada(anio: int) -> None:
    """R33: every day × every class of minute of that day × each term, as it is, doubled, and standing still twice."""
    mundo = cambiado(anio)
    calendario, horarios = calendario_de(mundo, anio), horarios_de(mundo)
    distintos = []
    for dia in dias_de(anio):
        paradas = [(dia + 3 * UN_DIA, dia + 9 * UN_DIA), (dia + 20 * UN_DIA, dia + 26 * UN_DIA)]
        suspensiones = [Suspension(*parada) for parada in paradas]
        for minuto in instantes(mundo.cierra(dia))[3:6]:
            recibido = datetime.combine(dia, minuto, BOGOTA)
            for dias in (*TERMINOS, 60):
                for paradas_de, suspensiones_de in (([], []), (paradas, suspensiones)):
                    plazo = calcular_plazo(recibido, dias, calendario, horarios, suspensiones=suspensiones_de)
                    if _fechas(plazo) != mundo.plazo(recibido, dias, paradas_de):
                        distintos.append((dia, minuto, dias, paradas_de))
    assert distintos == []


# --- The oracle itself ---------------------------------------------------------------------------------------------
def test_el_oraculo_no_usa_nada_del_portal() -> None:
    """It proves nothing if it asks whom it judges."""
    arbol = ast.parse(inspect.getsource(oraculo))
    de = {nodo.module for nodo in ast.walk(arbol) if isinstance(nodo, ast.ImportFrom)}
    de |= {alias.name for nodo in ast.walk(arbol) if isinstance(nodo, ast.Import) for alias in nodo.names}
    assert de == {"re", "collections.abc", "dataclasses", "datetime", "functools", "typing"}


def test_el_oraculo_nota_un_calendario_sin_la_ley_2578() -> None:
    """Negative control: a list of 18 holidays, as written before 2026, does not pass."""
    viejos = tuple(festivo for festivo in CALENDARIO.festivos if festivo.norma != "Ley 2578 de 2026")
    plazo = calcular_plazo(
        datetime(2026, 7, 10, 10, tzinfo=BOGOTA), 10, Calendario(2020, 2040, viejos), horarios_de(Mundo())
    )
    assert plazo.vence != Mundo().plazo(datetime(2026, 7, 10, 10), 10).vence


LUNES = datetime(2026, 3, 9, 10, tzinfo=BOGOTA)


@pytest.mark.parametrize(
    ("suyo", "recibido", "paradas"),
    [
        (Mundo(no_habiles=frozenset({date(2026, 3, 12)})), LUNES, []),
        (Mundo(habiles=frozenset({date(2026, 3, 14)})), LUNES, []),
        (Mundo(medios_dias={date(2026, 3, 9): MEDIO_DIA}), LUNES + timedelta(hours=3), []),
        (Mundo(medios_dias={date(2026, 3, 24): MEDIO_DIA}), LUNES, []),
        (Mundo(propio=time(15)), LUNES + timedelta(hours=6), []),
        (Mundo(), LUNES, [(date(2026, 3, 9), date(2026, 3, 10))]),
    ],
    ids=["no hábil", "sábado hábil", "medio día al llegar", "medio día al vencer", "horario propio", "suspensión"],
)
def test_el_oraculo_nota_cada_cambio(suyo: Mundo, recibido: datetime, paradas: list[Parada]) -> None:
    """Negative control: who counts without one of these does not agree with an oracle that has it."""
    sin_el_cambio = contar(Mundo(), CALENDARIO, recibido, 10, [])
    assert _fechas(sin_el_cambio) != suyo.plazo(recibido, 10, paradas)
    comparar(suyo, recibido, 10, paradas)


def test_repetir_nota_un_dia_que_falta() -> None:
    """Negative control: an explanation that skips a day as if it were a holiday is found out."""
    mundo, plazo = Mundo(), contar(Mundo(), CALENDARIO, LUNES, 10, [])
    repetir(mundo, plazo, LUNES, [])
    falsa = plazo.como_regla()
    falsa["saltos"] = [*falsa["saltos"], ["2026-03-12", "festivo", "San Nadie"]]
    assert [dia.numero for dia in explicar(falsa).dias if dia.cuenta] != list(range(1, 11))
    with pytest.raises(AssertionError):
        repetir(Mundo(no_habiles=frozenset({date(2026, 3, 12)})), plazo, LUNES, [])
