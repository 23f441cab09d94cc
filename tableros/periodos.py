"""Whole months of Bogotá: what the board looks at, and what came just before."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

from plazos.fechas import MESES, mas_meses


def nombre_del_mes(mes: date) -> str:
    """«noviembre de 2026»."""
    return f"{MESES[mes.month - 1]} de {mes.year}"


@dataclass(frozen=True, slots=True)
class Periodo:
    """From the first day of a month to the last one of another (or the same)."""

    primero: date
    ultimo: date

    @classmethod
    def de_meses(cls, primero: date, ultimo: date) -> Self:
        """In whatever order they come."""
        primero, ultimo = sorted((primero, ultimo))
        return cls(primero.replace(day=1), ultimo.replace(day=1))

    @property
    def hasta(self) -> date:
        """The last day."""
        return self.ultimo.replace(day=monthrange(self.ultimo.year, self.ultimo.month)[1])

    @property
    def cuantos(self) -> int:
        return (self.ultimo.year - self.primero.year) * 12 + self.ultimo.month - self.primero.month + 1

    def meses(self) -> Iterator[date]:
        for cuantos in range(self.cuantos):
            yield mas_meses(self.primero, cuantos)

    def anterior(self) -> "Periodo":
        """As many months, just before."""
        return Periodo(mas_meses(self.primero, -self.cuantos), mas_meses(self.primero, -1))

    def en_curso(self, hoy: date) -> bool:
        """It has not ended: its counts are not to be set beside those of one that has."""
        return self.hasta >= hoy

    def __str__(self) -> str:
        if self.primero == self.ultimo:
            return nombre_del_mes(self.primero)
        if self.primero.year == self.ultimo.year:
            return f"{MESES[self.primero.month - 1]} a {nombre_del_mes(self.ultimo)}"
        return f"{nombre_del_mes(self.primero)} a {nombre_del_mes(self.ultimo)}"


# Every period that ends today is in course. Shape: value of the filter → what it says.
OPCIONES = {
    "doce": "Últimos 12 meses",
    "mes": "Este mes",
    "mes_pasado": "El mes pasado",
    "trimestre": "Este trimestre",
    "anio": "Este año",
    "anio_pasado": "El año pasado",
    "meses": "Elegir los meses",
}


def periodo_de(opcion: str, hoy: date, primero: date | None = None, ultimo: date | None = None) -> Periodo:
    """The period of an option of the filter; without months to choose from, the last twelve."""
    mes = hoy.replace(day=1)
    if opcion == "meses" and (primero or ultimo):
        fin = ultimo or max(mes, primero or mes)
        return Periodo.de_meses(primero or mas_meses(fin, -11), fin)
    if opcion == "mes_pasado":
        return Periodo(mas_meses(mes, -1), mas_meses(mes, -1))
    desde = {
        "mes": mes,
        "trimestre": mas_meses(mes, -((mes.month - 1) % 3)),
        "anio": mes.replace(month=1),
        "anio_pasado": date(mes.year - 1, 1, 1),
    }.get(opcion, mas_meses(mes, -11))
    return Periodo(desde, date(mes.year - 1, 12, 1) if opcion == "anio_pasado" else mes)
