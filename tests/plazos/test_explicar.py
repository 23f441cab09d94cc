"""One explanation, from what was kept: the same days and words as when it was counted, without any calendar."""

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plazos.calendario import Calendario, DiaDecretado
from plazos.fechas import BOGOTA
from plazos.festivos import festivos_guardados
from plazos.terminos import Horario, Motivo, Suspension, calcular_plazo, explicar, plazo_de

CALENDARIO = Calendario(2020, 2040, festivos_guardados(), version="de prueba")
GENERAL = Horario(date(2020, 1, 1), time(7), time(16, 30), "Norma de prueba", confianza="Supuesto de prueba")
instantes = st.datetimes(datetime(2020, 1, 1), datetime(2039, 1, 1), timezones=st.just(BOGOTA))
cambios = st.lists(st.tuples(st.integers(-3, 60), st.booleans()), max_size=8, unique_by=lambda uno: uno[0])
suspensiones = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 15)), max_size=2)


@given(instantes, st.integers(1, 60), cambios, suspensiones, st.sampled_from(["Se recibió", "Se asignó"]))
def test_what_is_kept_is_explained_the_same(recibido, dias, cambios, suspensiones, llegada) -> None:
    decretados = [
        DiaDecretado(recibido.date() + timedelta(days=cuando), habil, f"Decreto {cuando} de prueba")
        for cuando, habil in cambios
        if (recibido.date() + timedelta(days=cuando)).year >= 2020
    ]
    paradas = [
        Suspension(recibido.date() + timedelta(days=desde), recibido.date() + timedelta(days=desde + largo), "Parada")
        for desde, largo in suspensiones
    ]
    plazo = calcular_plazo(
        recibido, dias, CALENDARIO.con(*decretados), [GENERAL], suspensiones=paradas, llegada=llegada
    )
    guardada = json.loads(json.dumps(plazo.como_regla()))
    dicha = explicar(guardada)

    assert dicha.frases == plazo.frases()
    assert [dia.como_dict() for dia in dicha.dias] == [paso.como_dict() for paso in plazo.explicacion]
    assert [dia.numero for dia in dicha.dias if dia.cuenta] == list(range(1, dias + 1))
    assert dicha.dias[-1].fecha == plazo.vence
    # What it was counted with is not what it is told with: only the office hours are known by fewer data.
    assert replace(plazo_de(guardada), horario=GENERAL) == replace(plazo, recibido=plazo_de(guardada).recibido)


def test_it_is_small() -> None:
    plazo = calcular_plazo(datetime(2026, 3, 25, 10, tzinfo=BOGOTA), 10, CALENDARIO, [GENERAL])
    assert len(json.dumps(plazo.como_regla(), ensure_ascii=False)) < 500
    assert plazo.como_regla()["saltos"] == [
        ["2026-04-02", "festivo", "Jueves Santo"],
        ["2026-04-03", "festivo", "Viernes Santo"],
    ]


def test_what_was_kept_before_tells_the_days_it_kept() -> None:
    plazo = calcular_plazo(datetime(2026, 3, 25, 10, tzinfo=BOGOTA), 10, CALENDARIO, [GENERAL])
    vieja = json.loads(json.dumps({**plazo.como_dict(), "frases": list(plazo.frases())}))

    assert explicar(vieja) == explicar(plazo.como_regla())
    assert explicar({}).dias == () and explicar({"frases": ["Solo esto."]}).frases == ("Solo esto.",)


def test_the_words_of_the_day_stay_as_they_were_said() -> None:
    plazo = calcular_plazo(datetime(2026, 3, 25, 10, tzinfo=BOGOTA), 10, CALENDARIO, [GENERAL])
    assert explicar({**plazo.como_regla(), "frases": ["Como se dijo."]}).frases == ("Como se dijo.",)


@pytest.mark.parametrize(("llegada", "motivo"), [("Se recibió", Motivo.RADICACION), ("Se asignó", Motivo.INICIO)])
def test_a_milestone_begins_with_its_own_event(llegada: str, motivo: Motivo) -> None:
    plazo = calcular_plazo(datetime(2026, 3, 25, 10, tzinfo=BOGOTA), 2, CALENDARIO, [GENERAL], llegada=llegada)
    assert plazo.frases()[0].startswith(f"{llegada} el miércoles 25 de marzo de 2026 a las 10:00 a. m., en día hábil")
    assert plazo.explicacion[0].motivo is motivo
    assert ("recepción" in plazo.explicacion[0].texto) == (motivo is Motivo.RADICACION)


def test_an_extension_is_said_apart() -> None:
    plazo = calcular_plazo(datetime(2026, 3, 25, 10, tzinfo=BOGOTA), 25, CALENDARIO, [GENERAL], ampliado=10)
    frase = "El plazo es de 25 días hábiles (15 días hábiles y una prórroga de 10 días hábiles) y el día 1 es"
    assert plazo.frases()[1].startswith(frase)
    assert explicar(plazo.como_regla()).frases == plazo.frases()
