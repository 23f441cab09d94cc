"""Dates and times as people read them in Bogotá, without Django: the explanation of a term is a pure function."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

BOGOTA = ZoneInfo("America/Bogota")
DIAS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_HORA = re.compile(r"(\d) ([ap])\. m\.")
MESES = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


def mas_meses(mes: date, cuantos: int) -> date:
    """The first day of the month `cuantos` after (or before) that of `mes`."""
    anios, resto = divmod(mes.year * 12 + mes.month - 1 + cuantos, 12)
    return date(anios, resto + 1, 1)


def fecha_corrida(dia: date) -> str:
    """«23 de noviembre de 2026»."""
    return f"{dia.day} de {MESES[dia.month - 1]} de {dia.year}"


def fecha_con_dia(dia: date) -> str:
    """«lunes 23 de noviembre de 2026»."""
    return f"{DIAS[dia.weekday()]} {fecha_corrida(dia)}"


def hora(instante: time | datetime) -> str:
    """«4:30 p. m.»; seconds only when there are any, because one second past closing time moves the day."""
    segundos = f":{instante.second:02}" if instante.second or instante.microsecond else ""
    mitad = "a. m." if instante.hour < 12 else "p. m."
    return f"{(instante.hour - 1) % 12 + 1}:{instante.minute:02}{segundos} {mitad}"


def hora_junta(instante: time | datetime) -> str:
    """The same for a screen, where a narrow column must not cut it in two lines."""
    return con_horas_juntas(hora(instante))


def con_horas_juntas(texto: str) -> str:
    return _HORA.sub("\\1\N{NO-BREAK SPACE}\\2.\N{NO-BREAK SPACE}m.", texto)


def a_las(instante: time | datetime) -> str:
    """«a las 4:30 p. m.», «a la 1:05 p. m.»."""
    texto = hora(instante)
    return f"{'a la' if texto.startswith('1:') else 'a las'} {texto}"


def oracion(texto: str) -> str:
    """Close a sentence; «4:30 p. m.» already brings its point."""
    return texto if texto.endswith(".") else f"{texto}."


def dias_habiles(cuantos: int) -> str:
    """«1 día hábil», «10 días hábiles»."""
    return f"{cuantos} día hábil" if cuantos == 1 else f"{cuantos} días hábiles"


def enumerar(partes: list[str]) -> str:
    """«a», «a y b», «a, b y c»."""
    return " y ".join([", ".join(partes[:-1]), partes[-1]] if len(partes) > 1 else partes)
