"""The calendar and office hours the portal is born with (migration 0003), for those who ask without a database."""

from datetime import date, time

from plazos.calendario import Calendario
from plazos.festivos import festivos_guardados
from plazos.terminos import Horario

VERSION = "Calendario inicial, sin los cambios registrados después en el portal"
NORMA = (
    "Decreto Distrital 086 de 2016, Decreto Distrital 842 de 2018 y Resolución 668 de 2023 de la Secretaría General"
)
CONFIANZA = (
    "Supuesto de trabajo, tomado de fuentes públicas y sin confirmar por la entidad: el horario, su norma y que lo "
    "recibido después del cierre se cuente como recibido el siguiente día hábil."
)


def calendario_inicial() -> Calendario:
    festivos = festivos_guardados()
    return Calendario(festivos[0].fecha.year, festivos[-1].fecha.year, festivos, version=VERSION)


def horario_inicial() -> Horario:
    return Horario(date(2020, 1, 1), time(7), time(16, 30), NORMA, confianza=CONFIANZA)
