"""How many due dates the rules of comparable software get wrong in Colombia, counted: docs/plazos.md.

Their rules are written again here, not run: what each can say of a calendar without somebody typing every year by
hand. The law is the stored list, with and without Ley 2578 de 2026: with it there are 19 holidays a year and before
there were 18. A test compares that list with an oracle of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from plazos.calendario import Calendario
from plazos.fechas import BOGOTA
from plazos.festivos import LEY_51, LEY_2578, festivos_guardados
from plazos.inicial import horario_inicial
from plazos.terminos import calcular_plazo

UN_DIA = timedelta(days=1)
DIAS = 10
DESDE, HASTA = date(2026, 1, 1), date(2027, 12, 31)
ANIOS = range(DESDE.year, HASTA.year + 2)
FIJOS = ((1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25))
TRASLADADOS = ((1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11))
JUEVES_SANTO, DE_PASCUA = "Jueves Santo", (-3, -2, 43, 64, 71)  # days from Easter Sunday, as Froide lists them
Festivos = frozenset[date]


# --- Whoever is right ----------------------------------------------------------------------------------------------
def de_ley(*normas: str) -> Festivos:
    return frozenset(uno.fecha for uno in festivos_guardados() if uno.norma in normas and uno.fecha.year in ANIOS)


# --- The rules of the others ---------------------------------------------------------------------------------------
def fijos() -> Festivos:
    return frozenset(date(anio, *fecha) for anio in ANIOS for fecha in FIJOS)


def fijos_y_nominales() -> Festivos:
    """Somebody types the seven that move at the date of their name, once for all years."""
    return fijos() | {date(anio, *fecha) for anio in ANIOS for fecha in TRASLADADOS}


def fijos_y_pascua() -> Festivos:
    return fijos() | {pascua(anio) + cuantos * UN_DIA for anio in ANIOS for cuantos in DE_PASCUA}


def pascua(anio: int) -> date:
    [jueves] = [u.fecha for u in festivos_guardados() if u.nombre == JUEVES_SANTO and u.fecha.year == anio]
    return jueves + 3 * UN_DIA


Contar = Callable[[date], date]  # from the day of reception to the one it expires


def vencimiento(dia: date, festivos: Festivos) -> date:
    cuantos = DIAS
    while cuantos:
        dia += UN_DIA
        cuantos -= _es_habil(dia, festivos)
    return dia


def _es_habil(dia: date, festivos: Festivos) -> bool:
    return dia.weekday() < 5 and dia not in festivos


def portal(*normas: str) -> Contar:
    """What the portal itself answers, with the holidays of these laws stored."""
    guardados = tuple(uno for uno in festivos_guardados() if uno.norma in normas)
    calendario, horarios = Calendario(2020, 2040, guardados), (horario_inicial(),)

    def contar(dia: date) -> date:
        return calcular_plazo(datetime.combine(dia, time(10), BOGOTA), DIAS, calendario, horarios).vence

    return contar


def reglas(*normas: str) -> dict[str, Contar]:
    """Each rule, in a country with these laws."""
    suyas: dict[str, Festivos] = {
        "Solo fines de semana (Signalen)": frozenset(),
        "Los 6 festivos de fecha fija, que se repiten cada año (GLPI, Request Tracker)": fijos(),
        "Esos 6 y los 7 que se trasladan, escritos en la fecha de su nombre": fijos_y_nominales(),
        "Los 6 de fecha fija y los que se cuentan desde Pascua (Froide)": fijos_y_pascua(),
        "Ley 51 de 1983 completa, sin la Ley 2578 de 2026": de_ley(LEY_51),
    }
    contadas: dict[str, Contar] = {nombre: partial(vencimiento, festivos=f) for nombre, f in suyas.items()}
    return contadas | {"Portal SDFI": portal(*normas)}


# --- Comparing -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Medida:
    """Of so many receipts, how many due dates are wrong, and by how many days the worst."""

    recibos: int
    tempranas: int
    tardias: int
    peor: int

    @property
    def malas(self) -> int:
        return self.tempranas + self.tardias

    def __str__(self) -> str:
        if not self.malas:
            return "**0**"
        porcentaje = f"{100 * self.malas / self.recibos:.1f} %".replace(".", ",")
        return (
            f"{self.malas} ({porcentaje}): {self.tempranas} antes, {self.tardias} después; la peor, {self.peor} días"
        )


def medir(contar: Contar, verdad: Festivos) -> Medida:
    """A term of ten days for what is received on each business day of two years."""
    dias = [DESDE + cuantos * UN_DIA for cuantos in range((HASTA - DESDE).days + 1)]
    errores = [(contar(dia) - vencimiento(dia, verdad)).days for dia in dias if _es_habil(dia, verdad)]
    return Medida(
        recibos=len(errores),
        tempranas=sum(error < 0 for error in errores),
        tardias=sum(error > 0 for error in errores),
        peor=max(map(abs, errores)),
    )


def medidas(*normas: str) -> dict[str, Medida]:
    """Of each rule, where these laws are the truth."""
    verdad = de_ley(*normas)
    return {nombre: medir(contar, verdad) for nombre, contar in reglas(*normas).items()}


def tabla() -> str:
    """In markdown: with the law of today, and with the one of before, for which other figures were published."""
    hoy, antes = medidas(LEY_51, LEY_2578), medidas(LEY_51)
    recibos = [next(iter(cada.values())).recibos for cada in (hoy, antes)]
    lineas = [
        f"| regla | hoy, con la Ley 2578 de 2026: 19 festivos, {recibos[0]} recepciones "
        f"| antes de esa ley: 18 festivos, {recibos[1]} recepciones |",
        "| --- | --- | --- |",
    ]
    return "\n".join([*lineas, *(f"| {nombre} | {medida} | {antes[nombre]} |" for nombre, medida in hoy.items())])
