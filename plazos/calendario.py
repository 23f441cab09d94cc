"""Which days are business days. Pure: it reads no database, no clock and no time zone.

A day is a business day when it is Monday to Friday and not a public holiday (Ley 51 de 1983, Ley 2578 de 2026), save
what an act decreed for one date. From strongest to weakest:

1. a day decreed non-working is not a business day;
2. a public holiday is not a business day, and no act makes it one;
3. a Saturday or Sunday decreed working is a business day;
4. Saturday and Sunday are not.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from plazos.fechas import enumerar, fecha_corrida

SABADO = 5  # date.weekday()


class ErrorDePlazo(ValueError):
    """A term that cannot be computed. Its text is for people and says how to mend it."""


class FueraDeCalendario(ErrorDePlazo):
    """The computation leaves the years the calendar knows: better no date than a wrong one."""


class ClaseDia(StrEnum):
    HABIL = "habil"
    SABADO = "sabado"
    DOMINGO = "domingo"
    FESTIVO = "festivo"
    NO_HABIL = "no_habil"


@dataclass(frozen=True, slots=True, order=True)
class Festivo:
    """One public holiday. Two may share a date (30 June 2025): the date is still one non-working day."""

    fecha: date
    nombre: str
    norma: str = ""


@dataclass(frozen=True, slots=True, order=True)
class DiaDecretado:
    """A date that an act made non-working (día cívico) or working (a Saturday that makes up for another day)."""

    fecha: date
    habil: bool
    acto: str


@dataclass(frozen=True, slots=True)
class Razon:
    """Why a day is or is not a business day."""

    clase: ClaseDia
    detalle: str = ""


@dataclass(frozen=True)
class Calendario:
    """The business days of whole years, computed once and searched by bisection."""

    desde_anio: int
    hasta_anio: int
    festivos: tuple[Festivo, ...]
    decretados: tuple[DiaDecretado, ...] = ()
    version: str = ""
    _nombres: dict[date, list[str]] = field(init=False, repr=False, compare=False)
    _actos: dict[date, DiaDecretado] = field(init=False, repr=False, compare=False)
    _habiles: list[date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.desde_anio > self.hasta_anio:
            raise ErrorDePlazo("El calendario no tiene ningún año. Cárguele los festivos antes de calcular plazos.")
        nombres: dict[date, list[str]] = {}
        for festivo in sorted(self.festivos):
            nombres.setdefault(festivo.fecha, []).append(festivo.nombre)
        # The instance is frozen; these three are derived from its fields, once.
        object.__setattr__(self, "_nombres", nombres)
        object.__setattr__(self, "_actos", self._indizar_actos())
        object.__setattr__(self, "_habiles", [dia for dia in self._dias() if self._clasificar(dia) is ClaseDia.HABIL])

    def es_habil(self, dia: date) -> bool:
        self.exigir_dentro(dia)
        return self._clasificar(dia) is ClaseDia.HABIL

    def razon(self, dia: date) -> Razon:
        """Why `dia` counts or not: the holiday's names or the act, when there is one."""
        self.exigir_dentro(dia)
        clase = self._clasificar(dia)
        if clase is ClaseDia.FESTIVO:
            return Razon(clase, enumerar(self._nombres[dia]))
        por_acto = clase is ClaseDia.NO_HABIL or (clase is ClaseDia.HABIL and dia.weekday() >= SABADO)
        return Razon(clase, self._actos[dia].acto if por_acto else "")

    def siguiente_habil(self, dia: date) -> date:
        """The first business day after `dia`."""
        return self.sumar_habiles(dia, 1)

    def habil_o_siguiente(self, dia: date) -> date:
        """`dia` when it is a business day, else the next one."""
        return dia if self.es_habil(dia) else self.siguiente_habil(dia)

    def sumar_habiles(self, dia: date, cuantos: int) -> date:
        """The n-th business day after `dia` (which never counts itself)."""
        if cuantos < 1:
            raise ErrorDePlazo("El plazo debe ser de 1 día hábil o más.")
        self.exigir_dentro(dia)
        posicion = bisect_right(self._habiles, dia) + cuantos - 1
        if posicion >= len(self._habiles):
            raise self._fuera(f"El plazo que empieza el {fecha_corrida(dia)} termina después")
        return self._habiles[posicion]

    def habiles_despues_de(self, dia: date) -> Iterator[date]:
        """Business days after `dia`, in order. Fails, rather than ends, at the edge of the calendar."""
        self.exigir_dentro(dia)
        yield from self._habiles[bisect_right(self._habiles, dia) :]
        raise self._fuera(f"El plazo que empieza el {fecha_corrida(dia)} termina después")

    def habiles_entre(self, desde: date, hasta: date) -> int:
        """How many business days lie in (desde, hasta]; negative when `hasta` comes first."""
        self.exigir_dentro(desde)
        self.exigir_dentro(hasta)
        return bisect_right(self._habiles, hasta) - bisect_right(self._habiles, desde)

    def hace_habiles(self, hasta: date, cuantos: int) -> date:
        """The earliest day with at most `cuantos` business days in (day, `hasta`]."""
        self.exigir_dentro(hasta)
        posicion = bisect_right(self._habiles, hasta) - cuantos - 1
        if posicion < 0:
            raise self._fuera(f"El día que está {cuantos} días hábiles antes del {fecha_corrida(hasta)} queda fuera")
        return self._habiles[posicion]

    def exigir_dentro(self, dia: date) -> None:
        """Raise FueraDeCalendario unless the calendar knows the year of `dia`."""
        if not self.desde_anio <= dia.year <= self.hasta_anio:
            raise self._fuera(f"El {fecha_corrida(dia)} queda fuera")

    def con(self, *decretados: DiaDecretado) -> Self:
        """The calendar as it would be with these days too: what a change moves, before saving it."""
        nuevas = {decretado.fecha for decretado in decretados}
        quedan = tuple(decretado for decretado in self.decretados if decretado.fecha not in nuevas)
        return replace(self, decretados=quedan + decretados)

    def sin(self, *fechas: date) -> Self:
        """The calendar as it would be without what was decreed for these dates."""
        return replace(self, decretados=tuple(uno for uno in self.decretados if uno.fecha not in fechas))

    def _clasificar(self, dia: date) -> ClaseDia:
        acto = self._actos.get(dia)
        if acto is not None and not acto.habil:
            return ClaseDia.NO_HABIL
        if dia in self._nombres:
            return ClaseDia.FESTIVO
        if acto is not None or dia.weekday() < SABADO:
            return ClaseDia.HABIL
        return ClaseDia.SABADO if dia.weekday() == SABADO else ClaseDia.DOMINGO

    def _indizar_actos(self) -> dict[date, DiaDecretado]:
        actos: dict[date, DiaDecretado] = {}
        for decretado in self.decretados:
            if decretado.fecha in actos:
                raise ErrorDePlazo(f"Hay dos actos vigentes para el {fecha_corrida(decretado.fecha)}. Retire uno.")
            actos[decretado.fecha] = decretado
        return actos

    def _dias(self) -> Iterator[date]:
        primero = date(self.desde_anio, 1, 1)
        for cuantos in range((date(self.hasta_anio, 12, 31) - primero).days + 1):
            yield primero + timedelta(days=cuantos)

    def _fuera(self, que: str) -> FueraDeCalendario:
        return FueraDeCalendario(
            f"{que} del calendario, que cubre de {self.desde_anio} a {self.hasta_anio}. "
            "Revise la fecha o agregue los años que faltan con la orden llenar_festivos."
        )
