from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plazos.calendario import Calendario, ClaseDia, DiaDecretado, ErrorDePlazo, FueraDeCalendario, Razon
from plazos.festivos import festivos_guardados

CALENDARIO = Calendario(2020, 2040, festivos_guardados())
dias = st.dates(date(2020, 1, 1), date(2039, 6, 30))
plazos = st.integers(1, 120)

JUEVES = date(2026, 12, 24)
SABADO = date(2026, 12, 12)
FESTIVO = date(2026, 12, 8)


@given(dias, plazos)
def test_sumar_termina_en_dia_habil_y_habiles_entre_lo_deshace(dia: date, cuantos: int) -> None:
    vence = CALENDARIO.sumar_habiles(dia, cuantos)

    assert CALENDARIO.es_habil(vence)
    assert CALENDARIO.habiles_entre(dia, vence) == cuantos
    assert CALENDARIO.habiles_entre(vence, dia) == -cuantos


@given(st.dates(date(2020, 12, 31), date(2040, 12, 31)), st.integers(0, 120))
def test_hace_habiles_es_el_primer_dia_que_no_pasa_de_cuantos(hasta: date, cuantos: int) -> None:
    dia = CALENDARIO.hace_habiles(hasta, cuantos)

    assert CALENDARIO.habiles_entre(dia, hasta) == cuantos
    assert CALENDARIO.habiles_entre(dia - timedelta(days=1), hasta) == cuantos + 1


@given(dias, dias, plazos)
def test_sumar_es_monotono(uno: date, otro: date, cuantos: int) -> None:
    antes, despues = sorted((uno, otro))

    assert CALENDARIO.sumar_habiles(antes, cuantos) <= CALENDARIO.sumar_habiles(despues, cuantos)
    assert CALENDARIO.sumar_habiles(antes, cuantos) < CALENDARIO.sumar_habiles(antes, cuantos + 1)


@given(dias, plazos, st.lists(dias, unique=True, max_size=8))
def test_quitar_dias_habiles_nunca_acorta(dia: date, cuantos: int, nuevos: list[date]) -> None:
    con_mas = CALENDARIO.con(*(DiaDecretado(nuevo, False, "Decreto") for nuevo in nuevos))

    assert con_mas.sumar_habiles(dia, cuantos) >= CALENDARIO.sumar_habiles(dia, cuantos)
    assert con_mas.sin(*nuevos) == CALENDARIO


@given(dias, plazos, st.lists(dias.filter(lambda dia: dia.weekday() > 4), unique=True, max_size=8))
def test_trabajar_fines_de_semana_nunca_alarga(dia: date, cuantos: int, nuevos: list[date]) -> None:
    con_mas = CALENDARIO.con(*(DiaDecretado(nuevo, True, "Resolución") for nuevo in nuevos))

    assert con_mas.sumar_habiles(dia, cuantos) <= CALENDARIO.sumar_habiles(dia, cuantos)


@given(dias)
def test_habil_o_siguiente(dia: date) -> None:
    siguiente = CALENDARIO.siguiente_habil(dia)

    assert siguiente > dia
    assert CALENDARIO.habil_o_siguiente(dia) == (dia if CALENDARIO.es_habil(dia) else siguiente)


def test_un_acto_cambia_un_dia_y_dice_cual_fue() -> None:
    """R33: a día cívico is skipped and a compensating Saturday counts; the reason names the act."""
    calendario = CALENDARIO.con(
        DiaDecretado(JUEVES, False, "Decreto 1 de 2026"), DiaDecretado(SABADO, True, "Resolución 2 de 2026")
    )

    assert CALENDARIO.es_habil(JUEVES) and not calendario.es_habil(JUEVES)
    assert not CALENDARIO.es_habil(SABADO) and calendario.es_habil(SABADO)
    assert calendario.razon(JUEVES) == Razon(ClaseDia.NO_HABIL, "Decreto 1 de 2026")
    assert calendario.razon(SABADO).detalle == "Resolución 2 de 2026"


def test_ningun_acto_vuelve_habil_un_festivo() -> None:
    calendario = CALENDARIO.con(DiaDecretado(FESTIVO, True, "Resolución 3 de 2026"))

    assert not calendario.es_habil(FESTIVO)
    assert calendario.razon(FESTIVO).clase is ClaseDia.FESTIVO


def test_un_acto_sobra_en_un_dia_que_ya_era_habil() -> None:
    assert CALENDARIO.con(DiaDecretado(JUEVES, True, "Resolución")).razon(JUEVES).detalle == ""


def test_dos_actos_para_un_dia_se_rechazan() -> None:
    actos = (DiaDecretado(JUEVES, False, "A"), DiaDecretado(JUEVES, True, "B"))

    with pytest.raises(ErrorDePlazo, match="24 de diciembre de 2026"):
        Calendario(2026, 2026, (), actos)


@pytest.mark.parametrize("dia", [date(2019, 12, 31), date(2041, 1, 1)])
def test_fuera_de_los_anios_conocidos_falla_y_dice_que_hacer(dia: date) -> None:
    for consulta in (CALENDARIO.es_habil, CALENDARIO.razon, CALENDARIO.siguiente_habil):
        with pytest.raises(FueraDeCalendario, match=r"de 2020 a 2040.*llenar_festivos"):
            consulta(dia)


def test_un_plazo_que_sale_del_calendario_falla() -> None:
    with pytest.raises(FueraDeCalendario):
        CALENDARIO.sumar_habiles(date(2040, 12, 20), 10)
    with pytest.raises(FueraDeCalendario):
        list(CALENDARIO.habiles_despues_de(date(2040, 12, 20)))


def test_un_plazo_de_cero_dias_no_existe() -> None:
    with pytest.raises(ErrorDePlazo, match="1 día hábil o más"):
        CALENDARIO.sumar_habiles(JUEVES, 0)


def test_un_calendario_sin_anios_se_rechaza() -> None:
    with pytest.raises(ErrorDePlazo, match="festivos"):
        Calendario(2021, 2020, ())
