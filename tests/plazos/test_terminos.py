"""Terms and their explanation (R33; golden cases of domain.md §3.1)."""

import csv
import json
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plazos.calendario import Calendario, DiaDecretado, FueraDeCalendario
from plazos.fechas import BOGOTA
from plazos.festivos import festivos_guardados
from plazos.terminos import (
    Horario,
    Motivo,
    Plazo,
    PlazoInvalido,
    SinHorario,
    Suspension,
    calcular_plazo,
    dias_habiles_restantes,
    fecha_efectiva,
    semaforo,
)

RAIZ = Path(__file__).resolve().parents[2]
CALENDARIO = Calendario(2020, 2040, festivos_guardados(), version="de prueba")
GENERAL = Horario(date(2020, 1, 1), time(7), time(16, 30), "Norma de prueba")
instantes = st.datetimes(datetime(2020, 1, 1), datetime(2039, 1, 1), timezones=st.just(BOGOTA))


def casos() -> list[dict[str, str]]:
    with (RAIZ / "datos" / "casos_terminos.csv").open(encoding="utf-8", newline="") as archivo:
        return list(csv.DictReader(archivo))


def bogota(texto: str) -> datetime:
    return datetime.fromisoformat(texto).replace(tzinfo=BOGOTA)


def plazo(recibido: str, dias: int = 10, **opciones: object) -> Plazo:
    return calcular_plazo(bogota(recibido), dias, CALENDARIO, [GENERAL], **opciones)  # type: ignore[arg-type]


@pytest.mark.parametrize("caso", casos(), ids=lambda caso: caso["recibido_en_bogota"])
def test_casos_de_oro(caso: dict[str, str]) -> None:
    """R33: every row of datos/casos_terminos.csv."""
    calculado = plazo(caso["recibido_en_bogota"], int(caso["dias_habiles"]))

    assert calculado.fecha_efectiva.isoformat() == caso["fecha_radicacion_efectiva"]
    assert calculado.dia_1.isoformat() == caso["dia_1"]
    assert calculado.vence.isoformat() == caso["vence"]


def test_el_caso_de_la_pagina_de_interfaz() -> None:
    """interface.md E5: received on 9 November 2026, expires on the 24th (16 is a holiday)."""
    assert plazo("2026-11-09 10:42").vence == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("recibido", "efectiva"),
    [
        ("2026-03-25 00:00", "2026-03-25"),
        ("2026-03-25 06:59", "2026-03-25"),
        ("2026-03-25 16:30:00", "2026-03-25"),
        ("2026-03-25 16:30:01", "2026-03-26"),
        ("2026-03-25 16:31", "2026-03-26"),
        ("2026-03-27 23:59", "2026-03-30"),
        ("2026-03-28 10:00", "2026-03-30"),
        ("2026-04-01 16:31", "2026-04-06"),
        ("2026-04-02 10:00", "2026-04-06"),
    ],
)
def test_fecha_efectiva(recibido: str, efectiva: str) -> None:
    """R33: closing time is inside, one second later is not; before opening counts that day."""
    assert fecha_efectiva(bogota(recibido), CALENDARIO, [GENERAL]) == date.fromisoformat(efectiva)


@given(instantes, st.integers(1, 90))
def test_la_explicacion_suma_el_plazo(recibido: datetime, dias: int) -> None:
    """R33: one step per calendar day, without gaps, and those that count are exactly 1…n."""
    calculado = calcular_plazo(recibido, dias, CALENDARIO, [GENERAL])
    pasos = calculado.explicacion

    assert [paso.fecha for paso in pasos] == [
        recibido.date() + timedelta(days=cuantos) for cuantos in range((calculado.vence - recibido.date()).days + 1)
    ]
    assert [paso.numero for paso in pasos if paso.cuenta] == list(range(1, dias + 1))
    assert [paso.fecha for paso in pasos if paso.motivo is Motivo.RADICACION] == [calculado.fecha_efectiva]
    assert all(CALENDARIO.es_habil(paso.fecha) for paso in pasos if paso.cuenta)
    assert pasos[-1].fecha == calculado.vence and pasos[-1].cuenta
    assert next(paso.fecha for paso in pasos if paso.cuenta) == calculado.dia_1


@given(instantes, instantes, st.integers(1, 60))
def test_llegar_antes_nunca_vence_despues(uno: datetime, otro: datetime, dias: int) -> None:
    antes, despues = sorted((uno, otro))

    primero, segundo = (calcular_plazo(cual, dias, CALENDARIO, [GENERAL]) for cual in (antes, despues))

    assert primero.vence_en <= segundo.vence_en
    assert CALENDARIO.es_habil(primero.vence)


@given(instantes, st.integers(-14 * 60, 14 * 60))
def test_la_zona_en_que_viene_escrito_no_importa(recibido: datetime, minutos: int) -> None:
    otra = recibido.astimezone(timezone(timedelta(minutes=minutos)))

    assert calcular_plazo(otra, 10, CALENDARIO, [GENERAL]) == calcular_plazo(recibido, 10, CALENDARIO, [GENERAL])


def test_un_instante_utc_es_del_dia_de_bogota() -> None:
    """21:30 UTC is 16:30 in Bogotá: the last second inside."""
    dentro = calcular_plazo(datetime(2026, 3, 25, 21, 30, tzinfo=UTC), 10, CALENDARIO, [GENERAL])

    assert dentro.fecha_efectiva == date(2026, 3, 25)
    assert dentro.recibido.isoformat() == "2026-03-25T16:30:00-05:00"
    assert dentro.vence_en.isoformat() == "2026-04-10T16:30:00-05:00"


def test_ni_la_zona_ni_el_reloj_del_equipo_importan() -> None:
    """F11: the same answers on hosts in UTC, Bogotá and Tokyo, a day fast, a day slow and on 29 February."""
    guion = (
        "import json, time_machine; from datetime import *; from plazos.terminos import *\n"
        "from plazos.calendario import *; from plazos.festivos import festivos_guardados\n"
        "c = Calendario(2020, 2040, festivos_guardados())\n"
        "h = [Horario(date(2020, 1, 1), time(7), time(16, 30), 'N')]\n"
        "inicio = datetime(2028, 2, 25, tzinfo=timezone.utc)\n"
        "with time_machine.travel(datetime.fromisoformat(RELOJ).timestamp()):\n"
        "    print(date.today())\n"
        "    horas = [inicio + timedelta(hours=n) for n in range(240)]\n"
        "    print(json.dumps([calcular_plazo(una, 10, c, h).como_dict() for una in horas]))"
    )
    equipos = [
        ("UTC", "2028-02-28T22:00+00:00"),
        ("America/Bogota", "2028-02-28T22:00+00:00"),
        ("Asia/Tokyo", "2028-02-28T22:00+00:00"),  # the 29th there
        ("UTC", "2028-02-27T22:00+00:00"),
        ("America/Bogota", "2028-03-01T22:00+00:00"),
    ]

    salidas = [
        subprocess.run(
            [sys.executable, "-c", guion.replace("RELOJ", repr(reloj))],
            cwd=RAIZ, env={"TZ": zona}, capture_output=True, check=True, text=True,
        ).stdout.splitlines()
        for zona, reloj in equipos
    ]  # fmt: skip

    # Each host does believe that it is another day.
    assert [hoy for hoy, _ in salidas] == ["2028-02-28", "2028-02-28", "2028-02-29", "2028-02-27", "2028-03-01"]
    assert len(json.loads(salidas[0][1])) == 240
    assert len({plazos for _, plazos in salidas}) == 1


def test_el_texto_cuenta_todo_en_espanol() -> None:
    """The page, the API, the mail and the PDF explain with these same sentences (architecture §4)."""
    assert plazo("2026-03-27 16:31").como_texto() == (
        "Se recibió el viernes 27 de marzo de 2026 a las 4:31 p. m., después del cierre de las 4:30 p. m.: "
        "su fecha efectiva es el lunes 30 de marzo de 2026.\n"
        "El plazo es de 10 días hábiles y el día 1 es el martes 31 de marzo de 2026.\n"
        "No se cuentan los festivos y días no hábiles: 2 de abril de 2026 (Jueves Santo); "
        "3 de abril de 2026 (Viernes Santo).\n"
        "No se cuentan los sábados ni los domingos.\n"
        "Vence el miércoles 15 de abril de 2026 a las 4:30 p. m.\n"
        "Horario de atención usado: de 7:00 a. m. a 4:30 p. m. Norma: Norma de prueba."
    )


@pytest.mark.parametrize(
    ("recibido", "frase"),
    [
        ("2026-03-25 13:05", "a la 1:05 p. m., en día hábil y sin pasar del cierre de las 4:30 p. m.: esa es su"),
        ("2026-03-25 16:30:01", "a las 4:30:01 p. m., después del cierre"),
        ("2026-03-28 00:10", "a las 12:10 a. m., en día no hábil (sábado)"),
        ("2026-04-02 10:00", "en día no hábil (Jueves Santo)"),
    ],
)
def test_la_primera_frase_dice_como_llego(recibido: str, frase: str) -> None:
    assert frase in plazo(recibido).frases()[0]


def test_un_festivo_entre_la_llegada_y_la_fecha_efectiva_tambien_se_nombra() -> None:
    frases = plazo("2026-07-10 16:31").frases()

    assert any("13 de julio de 2026 (Nuestra Señora del Rosario de Chiquinquirá)" in frase for frase in frases)


def test_los_pasos_dicen_por_que() -> None:
    textos = {paso.fecha.isoformat(): paso.texto for paso in plazo("2026-03-27 16:31").explicacion}

    assert textos["2026-03-27"].endswith("llegó después del cierre, pasa al siguiente día hábil.")
    assert textos["2026-03-28"] == "sábado 28 de marzo de 2026: sábado, no se cuenta."
    assert textos["2026-03-31"] == "martes 31 de marzo de 2026: día hábil 1."
    assert textos["2026-04-02"] == "jueves 2 de abril de 2026: festivo, no se cuenta (Jueves Santo)."


def test_un_dia_decretado_corre_el_plazo_y_nombra_el_acto() -> None:
    """R33: día cívico inside the term; a compensating Saturday counts."""
    calendario = CALENDARIO.con(
        DiaDecretado(date(2026, 12, 24), False, "Decreto 1 de 2026"),
        DiaDecretado(date(2026, 12, 19), True, "Resolución 2 de 2026"),
    )

    calculado = calcular_plazo(bogota("2026-12-18 09:00"), 10, calendario, [GENERAL])
    textos = {paso.fecha.day: paso.texto for paso in calculado.explicacion if paso.fecha.month == 12}

    assert calculado.vence == date(2027, 1, 5)  # one day lost, one won
    assert textos[24].endswith("declarado no hábil, no se cuenta (Decreto 1 de 2026).")
    assert textos[19].endswith("día hábil 1 (Resolución 2 de 2026).")


def test_una_suspension_no_cuenta_sus_dias() -> None:
    """domain.md §3.1: the clock stands still while a complement is awaited."""
    calculado = plazo("2026-11-09 10:00", suspensiones=[Suspension(date(2026, 11, 11), date(2026, 11, 17))])

    # 17 is also the effective date of the answer: 12, 13 and 17 are lost, 16 is a holiday anyway.
    assert calculado.vence == date(2026, 11, 27)
    assert [paso.fecha.day for paso in calculado.explicacion if paso.motivo is Motivo.SUSPENDIDO] == [12, 13, 17]
    assert "El plazo estuvo suspendido 3 días hábiles." in calculado.frases()


def test_el_horario_propio_va_antes_que_el_general_y_el_ultimo_antes_que_el_viejo() -> None:
    """Office hours are data: one's own before the general ones, one early-closing day over the usual ones."""
    imprenta = Horario(date(2020, 1, 1), time(6), time(14), "Circular", dependencia_codigo="IMPRENTA")
    nochebuena = Horario(date(2026, 12, 24), time(7), time(12), "Circular 9", hasta=date(2026, 12, 24))
    horarios = [GENERAL, nochebuena, imprenta]

    assert fecha_efectiva(bogota("2026-12-23 15:00"), CALENDARIO, horarios) == date(2026, 12, 23)
    assert fecha_efectiva(bogota("2026-12-24 12:01"), CALENDARIO, horarios) == date(2026, 12, 28)
    de_imprenta = calcular_plazo(bogota("2026-12-23 15:00"), 1, CALENDARIO, horarios, dependencia_codigo="IMPRENTA")
    assert (de_imprenta.fecha_efectiva, de_imprenta.vence_en.hour) == (date(2026, 12, 24), 14)
    que_vence = calcular_plazo(bogota("2026-12-23 15:00"), 1, CALENDARIO, horarios)
    assert que_vence.vence_en == bogota("2026-12-24 12:00")


def test_sin_horario_que_rija_falla_y_dice_que_hacer() -> None:
    viejo = Horario(date(2020, 1, 1), time(7), time(16, 30), "N", hasta=date(2025, 12, 31))

    with pytest.raises(SinHorario, match=r"2 de enero de 2026.*Agréguelo"):
        calcular_plazo(bogota("2026-01-02 09:00"), 10, CALENDARIO, [viejo])


@pytest.mark.parametrize("dias", [0, -3])
def test_un_plazo_sin_dias_se_rechaza(dias: int) -> None:
    with pytest.raises(PlazoInvalido, match="1 día hábil o más"):
        plazo("2026-01-02 09:00", dias)


def test_una_fecha_sin_zona_se_rechaza() -> None:
    with pytest.raises(PlazoInvalido, match="zona horaria"):
        calcular_plazo(datetime(2026, 1, 2, 9), 10, CALENDARIO, [GENERAL])


@pytest.mark.parametrize("recibido", [datetime(2019, 12, 31, tzinfo=BOGOTA), datetime.min.replace(tzinfo=UTC)])
def test_una_fecha_fuera_del_calendario_se_rechaza(recibido: datetime) -> None:
    with pytest.raises(FueraDeCalendario):
        calcular_plazo(recibido, 10, CALENDARIO, [GENERAL])


def test_como_dict_se_puede_guardar_y_volver_a_leer() -> None:
    """What a solicitud keeps as the rule it used (constancia)."""
    guardado = json.loads(json.dumps(plazo("2026-03-25 10:00").como_dict()))

    assert guardado["vence"] == "2026-04-10"
    assert guardado["horario"] == {"abre": "07:00", "cierra": "16:30", "norma": "Norma de prueba", "confianza": ""}
    assert guardado["calendario"] == "de prueba"


VIERNES = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("hoy", "restan", "nivel", "texto"),
    [
        (date(2026, 11, 12), 5, "en_plazo", "5 días hábiles"),
        (date(2026, 11, 18), 2, "por_vencer", "2 días hábiles"),
        (date(2026, 11, 19), 1, "por_vencer", "1 día hábil"),
        (VIERNES, 0, "hoy", "Vence hoy"),
        (date(2026, 11, 21), 0, "vencida", "Vencida"),
        (date(2026, 11, 23), -1, "vencida", "Vencida hace 1 día hábil"),
        (date(2026, 11, 25), -3, "vencida", "Vencida hace 3 días hábiles"),
    ],
)
def test_semaforo(hoy: date, restan: int, nivel: str, texto: str) -> None:
    """R33 and interface.md: words, not colour; business days, not calendar ones (16 November is a holiday)."""
    luz = semaforo(VIERNES, hoy, CALENDARIO)

    assert dias_habiles_restantes(VIERNES, hoy, CALENDARIO) == restan
    assert (luz.nivel, luz.dias, str(luz)) == (nivel, restan, texto)


def test_desde_un_fin_de_semana_el_lunes_es_el_primer_dia() -> None:
    assert str(semaforo(date(2026, 11, 23), date(2026, 11, 21), CALENDARIO)) == "1 día hábil"
