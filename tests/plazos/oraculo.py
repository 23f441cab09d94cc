"""When a term expires, worked out by hand: what the portal is compared with (R33; issue 4, Proof).

It shares nothing with the portal and uses neither the library `holidays` nor the time zone data: Easter by Knuth's
algorithm, Ley 51 de 1983 and Ley 2578 de 2026 written out, Bogotá five hours behind, and a walk that looks at one day
after another.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from typing import NamedTuple

UN_DIA = timedelta(days=1)
BOGOTA = timezone(timedelta(hours=-5))
FIJOS = [(1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25)]
AL_LUNES = [(1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11)]
CHIQUINQUIRA = (7, 9)  # Ley 2578 de 2026
Parada = tuple[date, date]  # the days after the first one and up to the second do not count


def pascua(anio: int) -> date:
    """Easter Sunday (Knuth, The Art of Computer Programming, 1.3.2, exercise 14)."""
    aureo = anio % 19 + 1
    siglo = anio // 100 + 1
    bisiestos_omitidos = 3 * siglo // 4 - 12
    correccion_lunar = (8 * siglo + 5) // 25 - 5
    domingo = 5 * anio // 4 - bisiestos_omitidos - 10
    epacta = (11 * aureo + 20 + correccion_lunar - bisiestos_omitidos) % 30
    if epacta == 24 or (epacta == 25 and aureo > 11):
        epacta += 1
    luna = 44 - epacta
    if luna < 21:
        luna += 30
    luna = luna + 7 - (domingo + luna) % 7
    return date(anio, 4, luna - 31) if luna > 31 else date(anio, 3, luna)


def lunes(dia: date) -> date:
    while dia.strftime("%w") != "1":
        dia += UN_DIA
    return dia


@cache
def festivos(anio: int, con_ley_2578: bool = True) -> frozenset[date]:
    movibles = [*AL_LUNES, CHIQUINQUIRA] if con_ley_2578 and anio >= 2026 else AL_LUNES
    domingo = pascua(anio)
    ascension, corpus, corazon = (lunes(domingo + UN_DIA * cuantos) for cuantos in (39, 60, 68))
    return frozenset(
        [date(anio, *fecha) for fecha in FIJOS]
        + [lunes(date(anio, *fecha)) for fecha in movibles]
        + [domingo - 3 * UN_DIA, domingo - 2 * UN_DIA, ascension, corpus, corazon]
    )


class Dicho(NamedTuple):
    """What the oracle says of a term."""

    efectiva: date
    dia_1: date
    vence: date
    vence_en: datetime


@dataclass(frozen=True, eq=False)
class Mundo:
    """A calendar and its office hours. `medios_dias`: days on which the doors close at another hour. `propio`: the
    closing of a dependencia that has hours of its own, which no other hours change."""

    no_habiles: frozenset[date] = frozenset()
    habiles: frozenset[date] = frozenset()
    medios_dias: Mapping[date, time] = field(default_factory=dict)
    cierre: time = time(16, 30)
    propio: time | None = None

    def habil(self, dia: date) -> bool:
        """Who decreed a holiday working decreed nothing; who decreed a weekend working, did."""
        if dia in self.no_habiles or dia in festivos(dia.year):
            return False
        return dia.isoweekday() < 6 or dia in self.habiles

    def cierra(self, dia: date) -> time:
        return self.propio or self.medios_dias.get(dia, self.cierre)

    def recorrer(self, desde: date, cuantos: int, paradas: Sequence[Parada] = ()) -> date:
        """The day on which `cuantos` business days have gone by after `desde`."""
        while cuantos:
            desde += UN_DIA
            if self.habil(desde) and not any(antes < desde <= hasta for antes, hasta in paradas):
                cuantos -= 1
        return desde

    def efectiva(self, recibido: datetime) -> date:
        """`recibido` says its time zone, or is the hour of Bogotá."""
        local = recibido.astimezone(BOGOTA) if recibido.tzinfo else recibido
        dia, minuto = local.date(), local.time()
        return dia if self.habil(dia) and minuto <= self.cierra(dia) else self.recorrer(dia, 1)

    def plazo(self, recibido: datetime, dias: int, paradas: Sequence[Parada] = ()) -> Dicho:
        efectiva = self.efectiva(recibido)
        vence = self.recorrer(efectiva, dias, paradas)
        instante = datetime.combine(vence, self.cierra(vence), BOGOTA)
        return Dicho(efectiva, self.recorrer(efectiva, 1, paradas), vence, instante)


def instantes(cierre: time, abre: time = time(7)) -> list[time]:
    """One of each class of a day that closes at `cierre`: at midnight, before opening, on opening, inside, the last
    one in, the first one out, a minute out, late."""
    return [
        time(0, 0),
        time(abre.hour - 1, 59),
        abre,
        time(10, 0),
        cierre,
        cierre.replace(second=1),
        cierre.replace(minute=cierre.minute + 1),
        time(23, 59, 59),
    ]


MESES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_VENCE = re.compile(r"Vence el \w+ (\d+) de ([a-z]+) de (\d{4}) a las? (\d+):(\d\d)(?::(\d\d))? ([ap])\. m\.")


def instante_que_dicen(frases: Iterable[str]) -> datetime:
    """The instant at which a term expires, as a person reads it in its explanation."""
    [hallado] = [una for frase in frases if (una := _VENCE.fullmatch(frase))]
    dia, mes, anio, hora, minuto, segundo, mitad = hallado.groups()
    return datetime(
        int(anio),
        MESES.index(mes) + 1,
        int(dia),
        int(hora) % 12 + (12 if mitad == "p" else 0),
        int(minuto),
        int(segundo or 0),
        tzinfo=BOGOTA,
    )
