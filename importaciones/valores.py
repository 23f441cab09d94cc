"""What people write in cells: dates in every shape, names without accents, words for a state. Pure functions."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from clasificador.palabras import llano, sin_tildes

BOGOTA = ZoneInfo("America/Bogota")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_SERIAL = re.compile(r"\d{5}([.,]\d+)?")
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(.+))?")
_CORTA = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ,-]+(.+))?")
_LARGA = re.compile(r"(\d{1,2})[ /-](?:de )?([a-z]+)[ /-](?:de |del )?(\d{4})(?:[ ,-]+(.+))?")
_MES_ANTES = re.compile(r"([a-z]+) (\d{1,2}),? (?:de |del )?(\d{4})(?:[ ,-]+(.+))?")
_DIA_ANTES = re.compile(r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo),? ")
_HORA = re.compile(r"(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?\s*([ap])?\.?\s*(?:m\.?)?(?:h|hr|hrs|horas)?\.?")
_EN_PUNTO = re.compile(r"(\d{1,2})()()\s*([ap])\.?\s*m\.?")
# What people write where there is nothing to say.
_NADA = re.compile(
    r"n\s*/\s*a|n\.\s*a\.?|no aplica|s/d|s/i|n/d|s/n|sin datos?|sin informaci[oó]n|no registra|no reporta|ningun[oa]|"
    r"#n/[ad]|[-–—_. ]+",
    re.IGNORECASE,
)
_MESES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip


def limpio(texto: str) -> str:
    """Without control and invisible characters, nor spaces around."""
    return _CONTROL.sub("", texto.replace("\r\n", "\n").replace("\r", "\n")).replace("\xa0", " ").strip()


def con_algo(celda: str) -> str:
    """What a cell says; nothing when it only says that there is nothing («N/A», «—»)."""
    return "" if _NADA.fullmatch(celda) else celda


def parecidos(texto: str, por_llano: Mapping[str, str], cuantos: int = 3) -> list[str]:
    """The nearest names, to suggest them. Shape of `por_llano`: name as it is compared → name."""
    buscado = llano(texto)
    cerca = get_close_matches(buscado, por_llano, n=cuantos, cutoff=0.55)
    cerca += [clave for clave in por_llano if buscado and len(buscado) > 3 and buscado in clave and clave not in cerca]
    return [por_llano[clave] for clave in cerca[:cuantos]]


def leer_hora(texto: str) -> time | None:
    """«10:42», «3:05 p. m.», «0.4458» of a spreadsheet. None when it says none."""
    texto = texto.strip().lower()
    if re.fullmatch(r"0?[.,]\d+", texto):
        return (datetime.min + timedelta(seconds=round(float(texto.replace(",", ".")) * 86400))).time()
    hallada = _HORA.fullmatch(texto) or _EN_PUNTO.fullmatch(texto)
    if not hallada:
        return None
    horas, minutos, segundos = int(hallada[1]), int(hallada[2] or 0), int(hallada[3] or 0)
    if hallada[4]:
        if not 1 <= horas <= 12:
            return None
        horas = horas % 12 + (12 if hallada[4] == "p" else 0)
    try:
        return time(horas, minutos, segundos)
    except ValueError:
        return None


def leer_instante(texto: str) -> tuple[date, time | None] | None:
    """A day of Bogotá and its hour when there is one. None when it is not a date written day, month, year (or ISO)."""
    texto = " ".join(texto.split())
    if _SERIAL.fullmatch(texto):
        return _de_serial(float(texto.replace(",", ".")))
    con_zona = _con_zona(texto)
    if con_zona is not None:
        return con_zona.date(), con_zona.time()
    if hallada := _ISO.fullmatch(texto):
        anio, mes, dia = int(hallada[1]), int(hallada[2]), int(hallada[3])
    elif hallada := _CORTA.fullmatch(texto):
        dia, mes, anio = int(hallada[1]), int(hallada[2]), int(hallada[3])
    elif (hallada := _LARGA.fullmatch(_sin_su_dia(texto))) and _mes(hallada[2]):
        dia, mes, anio = int(hallada[1]), _mes(hallada[2]), int(hallada[3])
    elif (hallada := _MES_ANTES.fullmatch(_sin_su_dia(texto))) and _mes(hallada[1]):
        dia, mes, anio = int(hallada[2]), _mes(hallada[1]), int(hallada[3])
    else:
        return None
    try:
        fecha = date(anio, mes, dia)
    except ValueError:
        return None
    if not hallada[4]:
        return fecha, None
    hora = leer_hora(hallada[4])
    return None if hora is None else (fecha, hora)


def _sin_su_dia(texto: str) -> str:
    """«Martes, 3 de noviembre de 2026», without its «martes»."""
    return _DIA_ANTES.sub("", sin_tildes(texto), count=1)


def _de_serial(numero: float) -> tuple[date, time | None]:
    """Days since 1899-12-30, as spreadsheets count them."""
    instante = datetime(1899, 12, 30) + timedelta(seconds=round(numero * 86400))
    return instante.date(), (instante.time() if numero % 1 else None)


def _con_zona(texto: str) -> datetime | None:
    try:
        instante = datetime.fromisoformat(texto)
    except ValueError:
        return None
    try:
        return instante.astimezone(BOGOTA).replace(tzinfo=None) if instante.tzinfo else None
    except OverflowError:
        return None


def _mes(nombre: str) -> int:
    """«noviembre», «nov», «setiembre»."""
    nombre = "septiembre" if nombre == "setiembre" else nombre
    return next((n for n, mes in enumerate(_MESES, start=1) if len(nombre) >= 3 and mes.startswith(nombre)), 0)


def elegir(texto: str, opciones: Mapping[Any, Iterable[str]]) -> str | None:
    """The key whose words include what is written. Shape of `opciones`: key → ways to write it."""
    buscado = llano(texto)
    return next((clave for clave, palabras in opciones.items() if buscado in {llano(p) for p in palabras}), None)
