"""Days as people write them: «2 al 8 de noviembre de 2026», «del 16 de marzo al 8 de abril», «08/04/2026»."""

import re
from datetime import date

from buzones.mime.juegos import plegado

_MESES = [
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
]  # fmt: skip
_MES = "(" + "|".join([*_MESES, "setiembre"]) + ")"
_DIA = r"(?<!\d)([0-3]?\d)"
_ANO = r"(?:,?\s(?:de\s|del\s)?(20\d\d)(?!\d))?"
_RANGO = re.compile(
    rf"{_DIA}(?:\sde\s{_MES}{_ANO})?\s(?:al|a|hasta el|hasta)\s(?:dia\s)?{_DIA}\s(?:de\s)?{_MES}{_ANO}"
)
_UNA = re.compile(rf"{_DIA}\s(?:de\s)?{_MES}{_ANO}")
_CIFRAS = re.compile(
    r"(?<![\d/.-])([0-3]?\d)[/.-]([01]?\d)[/.-](20\d\d)(?![\d/-])|(?<![\d-])(20\d\d)-([01]\d)-([0-3]\d)(?!\d)"
)


def rango_en(texto: str, cerca_de: date) -> tuple[date, date] | None:
    """The first stretch of days it names. Without a year, the one nearest to `cerca_de`."""
    corto = " ".join(plegado(texto[:20_000]).split())
    for hallado in _RANGO.finditer(corto):
        dia_a, mes_a, ano_a, dia_b, mes_b, ano_b = hallado.groups()
        hasta = _fecha(dia_b, mes_b, ano_b or ano_a, cerca_de)
        desde = hasta and _fecha(dia_a, mes_a or mes_b, ano_a or str(hasta.year), cerca_de)
        if desde and hasta and desde > hasta and not ano_a:  # from December to January
            desde = _fecha(dia_a, mes_a or mes_b, str(hasta.year - 1), cerca_de)
        if desde and hasta and desde <= hasta:
            return desde, hasta
    return None


def dias_en(texto: str, cerca_de: date) -> list[date]:
    """Every single day it names, in order of appearance."""
    corto = " ".join(plegado(texto[:20_000]).split())
    halladas = [(h.start(), _fecha(h[1], h[2], h[3], cerca_de)) for h in _UNA.finditer(corto)]
    for h in _CIFRAS.finditer(corto):
        ano, mes, dia = (h[3], h[2], h[1]) if h[3] else (h[4], h[5], h[6])
        halladas.append((h.start(), _segura(int(ano), int(mes), int(dia))))
    return [dia for _, dia in sorted(halladas, key=lambda par: par[0]) if dia]


def _fecha(dia: str, mes: str, ano: str | None, cerca_de: date) -> date | None:
    numero = _MESES.index("septiembre" if mes == "setiembre" else mes) + 1
    if ano:
        return _segura(int(ano), numero, int(dia))
    posibles = [_segura(cerca_de.year + salto, numero, int(dia)) for salto in (-1, 0, 1)]
    return min((p for p in posibles if p), key=lambda p: abs((p - cerca_de).days), default=None)


def _segura(ano: int, mes: int, dia: int) -> date | None:
    try:
        return date(ano, mes, dia)
    except ValueError:
        return None
