"""Is the calendar of the coming months there, and is it the one of the law? What to tell who can mend it, in time."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from plazos.calendario import ErrorDePlazo, Festivo, FueraDeCalendario
from plazos.fechas import fecha_corrida
from plazos.services import calendario_vigente, diferencias

DIAS_MAS_LARGO = 60  # business days: a legal term of thirty, extended to double
ANTELACION = 60  # business days before the longest term runs out of the calendar: some three months


@dataclass(frozen=True, slots=True)
class Reparo:
    """`clave` is the same while it is to be told once: a difference, for ever; a missing year, each month."""

    clave: str
    titulo: str
    que_pasa: str
    que_hacer: str


def alcanza(dia: date) -> bool:
    """Whether the longest term of those that begin in the next three months ends inside the calendar."""
    try:
        calendario_vigente().sumar_habiles(dia, ANTELACION + DIAS_MAS_LARGO)
    except FueraDeCalendario:
        return False
    return True


def reparos(dia: date) -> Iterator[Reparo]:
    """What is wrong with the calendar, seen from `dia`."""
    try:
        hasta = calendario_vigente().hasta_anio
    except ErrorDePlazo as error:
        yield Reparo(f"roto:{dia}", "El calendario de plazos no se puede usar", str(error), _COMO_LLENAR)
        return
    if hasta <= dia.year:
        yield _falta(hasta + 1, dia)
    for anio in range(dia.year, min(hasta, dia.year + 1) + 1):
        solo_en_la_ley, solo_guardados = diferencias(anio, anio)
        if solo_en_la_ley or solo_guardados:
            yield _difiere(anio, solo_en_la_ley, solo_guardados)


_COMO_LLENAR = (
    "Pida a quien administra el servidor que ejecute «script/manage llenar_festivos» con los años que faltan. "
    "Después revise la lista en el catálogo de festivos."
)


def _falta(anio: int, dia: date) -> Reparo:
    """Each month; each week when terms are about to need it."""
    semana = dia.isocalendar()
    return Reparo(
        f"falta:{anio}:{dia:%Y-%m}" if alcanza(dia) else f"falta:{anio}:{semana.year}-s{semana.week}",
        f"Faltan los festivos de {anio}",
        f"El calendario de plazos termina el {fecha_corrida(date(anio - 1, 12, 31))}. Sin los festivos de {anio} no "
        "se puede decir cuándo vence lo que termine ese año, y esas solicitudes no se podrían radicar.",
        _COMO_LLENAR,
    )


def _difiere(anio: int, solo_en_la_ley: tuple[Festivo, ...], solo_guardados: tuple[Festivo, ...]) -> Reparo:
    partes = [
        f"{cual}: {'; '.join(f'{fecha_corrida(uno.fecha)} ({uno.nombre})' for uno in festivos)}."
        for cual, festivos in (
            ("Solo están en la lista calculada", solo_en_la_ley),
            ("Solo están en el catálogo", solo_guardados),
        )
        if festivos
    ]
    texto = " ".join(partes)
    return Reparo(
        f"difiere:{anio}:{hashlib.sha256(texto.encode()).hexdigest()[:12]}",
        f"Los festivos de {anio} no son los que se calculan por ley",
        f"{texto} Los plazos se cuentan con el catálogo.",
        "Busque la ley de cada diferencia y, si hace falta, corrija el catálogo de festivos. Si está bien así, no "
        "haga nada: no se le vuelve a avisar de la misma diferencia.",
    )
