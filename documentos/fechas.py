"""Dates as a letter writes them, always in the time of Bogotá and whatever language is active."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

BOGOTA = ZoneInfo("America/Bogota")
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


def fecha_larga(dia: date) -> str:
    """«23 de noviembre de 2026». An instant is read in Bogotá."""
    if isinstance(dia, datetime):
        dia = dia.astimezone(BOGOTA)
    return f"{dia.day} de {MESES[dia.month - 1]} de {dia.year}"


def instante_largo(instante: datetime, *, segundos: bool = False) -> str:
    """«23 de noviembre de 2026, 10:42 a. m.»"""
    local = instante.astimezone(BOGOTA)
    hora = f"{(local.hour - 1) % 12 + 1}:{local:%M}" + (f":{local:%S}" if segundos else "")
    return f"{fecha_larga(local)}, {hora}\N{NO-BREAK SPACE}{'a' if local.hour < 12 else 'p'}.\N{NO-BREAK SPACE}m."
