"""Which reminders the policy asks of each dependencia: rows of `PoliticaAviso`, read once and put in order.

A row of a dependencia replaces the one of its dirección, and that one the general, when they speak of the same event,
clock, days and recipient: so a dirección silences one or adds its own without touching the others.
"""

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from avisos.models import PoliticaAviso
from avisos.models.politicas import las_mas_cercanas
from direcciones.models import Dependencia
from plazos.calendario import Calendario
from plazos.reloj import hoy
from plazos.terminos import dias_habiles_restantes

Reloj, Destino = PoliticaAviso.Reloj, PoliticaAviso.Destino
EVENTOS = (
    "solicitudes.por_vencer",
    "solicitudes.vencida",
    "solicitudes.sin_asignar",
    "solicitudes.falta_complemento",
)
DIAS_SIN_ASIGNAR = 2  # where no row says it
# What was told before the policy was rows keeps its name: nobody is told again because the portal was updated.
DE_ANTES = {
    (Reloj.OBLIGA, -5, Destino.RESPONSABLE): "antes-5",
    (Reloj.OBLIGA, -2, Destino.RESPONSABLE): "antes-2",
    (Reloj.OBLIGA, 0, Destino.RESPONSABLE): "antes-0",
    (Reloj.OBLIGA, 1, Destino.JEFATURA): "despues-1",
    (Reloj.OBLIGA, 3, Destino.DIRECCION): "despues-3",
    (Reloj.RECEPCION, 2, Destino.JEFATURA): "sin-asignar",
}


@dataclass(frozen=True, slots=True)
class Nivel:
    """One reminder: `clave` names it in the key of its fact, with the parte and the date it counts from."""

    clave: str
    dias: int
    politica: int | None  # of one that is not saved, None


@dataclass(frozen=True, slots=True)
class Escala:
    """The reminders of one clock in a dependencia. `antes`: for each recipient, the most urgent first."""

    antes: tuple[tuple[Nivel, ...], ...] = ()
    despues: tuple[Nivel, ...] = ()

    @classmethod
    def de(cls, reloj: str, filas: Iterable[PoliticaAviso]) -> Self:
        antes: dict[str, list[Nivel]] = {}
        despues = []
        for fila in sorted(filas, key=lambda f: -(f.dias or 0)):
            nivel = Nivel(_nombre(reloj, fila), fila.dias or 0, fila.pk)
            if nivel.dias > 0:
                despues.append(nivel)
            else:
                antes.setdefault(fila.a_quien, []).append(nivel)
        return cls(tuple(map(tuple, antes.values())), tuple(reversed(despues)))

    def niveles(self, vence: date, dia: date, calendario: Calendario) -> list[Nivel]:
        """What must have been told by `dia`, at most once each. Of the ones before, only the most urgent of each
        recipient, so that a beat that was down does not send three mails at once."""
        restantes = dias_habiles_restantes(vence, dia, calendario)
        alcanzados = [next((n for n in suyos if restantes <= -n.dias), None) for suyos in self.antes]
        return [
            *(n for n in alcanzados if n is not None),
            *(n for n in self.despues if dia > vence and -restantes >= n.dias),
        ]


def _nombre(reloj: str, fila: PoliticaAviso) -> str:
    dias = fila.dias or 0
    cuando = f"despues-{dias}" if dias > 0 else f"antes-{-dias}"
    return DE_ANTES.get((Reloj(reloj), dias, Destino(fila.a_quien)), f"{reloj}-{cuando}-{fila.a_quien}")


@dataclass(slots=True)
class Politicas:
    """All of them as they are on a day. `de(dependencia, reloj)` is worked out once."""

    por_dependencia: dict[int | None, list[PoliticaAviso]]
    padres: dict[int, int | None]
    _escalas: dict[tuple[int, str], Escala] = field(default_factory=dict)

    @classmethod
    def del_dia(cls, eventos: Collection[str] = EVENTOS) -> Self:
        por_dependencia: dict[int | None, list[PoliticaAviso]] = {}
        for fila in PoliticaAviso.objects.vigentes(hoy()).filter(evento__in=eventos).order_by("pk"):
            por_dependencia.setdefault(fila.dependencia_id, []).append(fila)
        return cls(por_dependencia, dict(Dependencia.objects.order_by().values_list("pk", "padre")))

    @classmethod
    def con(cls, fila: PoliticaAviso, eventos: Collection[str] = EVENTOS) -> Self:
        """As they would be with this row, active, in the place of the one it would replace."""
        todas = cls.del_dia(eventos)
        activa = copy(fila)
        activa.activa = True
        otras = [f for f in todas.por_dependencia.get(fila.dependencia_id, ()) if f.que_recuerda != fila.que_recuerda]
        todas.por_dependencia[fila.dependencia_id] = [*otras, activa]
        return todas

    def filas(self, dependencia: int) -> list[PoliticaAviso]:
        """Those in force there, the silenced ones too: the nearest of each."""
        return las_mas_cercanas(self.por_dependencia, (None, self.padres.get(dependencia), dependencia))

    def de(self, dependencia: int, reloj: str) -> Escala:
        escala = self._escalas.get((dependencia, reloj))
        if escala is None:
            filas = [f for f in self.filas(dependencia) if f.reloj == reloj and f.activa]
            escala = self._escalas[dependencia, reloj] = Escala.de(reloj, filas)
        return escala

    def dias_sin_asignar(self, dependencias: Iterable[int]) -> int:
        """How many business days in a queue are too many there: what the policy tells its heads at, told or silenced.
        Of several, the fewest."""
        lugares: list[int | None] = [*dependencias] or [None]
        filas = [f for lugar in lugares for f in (self.filas(lugar) if lugar else self.por_dependencia.get(None, ()))]
        return min((f.dias or 0 for f in filas if f.reloj == Reloj.RECEPCION), default=DIAS_SIN_ASIGNAR)

    def en_texto(self) -> str:
        """Another one when any reminder would be: of what they say and of which dependencia each hears."""
        filas = sorted(
            (f.pk or 0, f.dependencia_id or 0, f.evento, f.reloj, f.dias or 0, f.a_quien, f.activa)
            for suyas in self.por_dependencia.values()
            for f in suyas
        )
        return repr((filas, sorted(self.padres.items())))

    def con_anticipacion(self, *relojes: str) -> int:
        """The most business days before its date that anybody asked to be reminded of one of these clocks."""
        filas = (f for suyas in self.por_dependencia.values() for f in suyas)
        return max((-(f.dias or 0) for f in filas if f.activa and f.reloj in relojes), default=0)
