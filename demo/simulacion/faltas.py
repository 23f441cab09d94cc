"""Who is away in the two years, until when, who covers them and who wrote it down: vacations, leaves, days off.

The services decide it again when `ausentar` registers them. Here is seen that they will say yes: on each day somebody
attends in every dependencia, somebody signs, and whoever covers is there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from demo.cuentas import DESDE
from demo.simulacion.llegadas import a_las
from demo.simulacion.mundo import Mundo

SIN_FALTAS = 15  # last business days in which nobody is away by chance: who shows the demonstration finds them at work
# Business days of an absence → out of a thousand days, how many begin one: days off, a leave, the vacations.
DURAN = {1: 13, 8: 3, 15: 2}
DURAN_LAS_DE_QUIEN_DIRIGE = {1: 6, 8: 2, 15: 2}
# What the pages show today, whatever the draw: who, business days from today of its first day, of its last and of when
# it was written; who covers, and the number of the act. None of the accounts that script/server prints is away.
# Written more than four days ago: the worker has no mail of them to send (`entregas.CON_CORREO`).
DE_HOY = (
    ("asesor2", -3, 6, -12, "asesor", 0),
    ("director.desarrollo", -2, 4, -9, "subdirector.desarrollo", 412),
    ("desarrollo2", 8, 17, -5, "desarrollo", 0),
    ("subdirector.patrimonio", 12, 16, -6, "patrimonio", 437),
    ("asesor2", 22, 23, -7, "asesor", 0),
)


@dataclass(frozen=True, slots=True)
class Falta:
    """From `desde` to the end of `prevista`, as it was written; of who came back before, it ended before `vuelve`."""

    quien: str
    desde: date
    prevista: date
    registrada: datetime
    por: str
    suplente: str = ""
    acto: str = ""
    vuelve: datetime | None = None

    @property
    def hasta(self) -> date:
        return self.vuelve.date() - timedelta(days=1) if self.vuelve else self.prevista

    def dias(self) -> Iterator[date]:
        """Every day of it as it was written, weekends too."""
        yield from (self.desde + timedelta(days=n) for n in range((self.prevista - self.desde).days + 1))


class Faltas:
    """Who is away on a day, and who acts instead."""

    def __init__(self, mundo: Mundo) -> None:
        self.mundo = mundo
        self.todas: list[Falta] = []
        self._de: dict[str, dict[date, Falta]] = defaultdict(dict)
        self._ocupado: dict[str, set[date]] = defaultdict(set)  # covers somebody, or writes that somebody will be away

    def anotar(self, falta: Falta) -> None:
        self.todas.append(falta)
        self._de[falta.quien].update(dict.fromkeys(falta.dias(), falta))
        self._ocupado[falta.suplente].update(falta.dias())
        self._ocupado[falta.por].add(falta.registrada.date())

    def falta(self, quien: str, dia: date) -> Falta | None:
        """The absence in which somebody really is that day."""
        suya = self._de[quien].get(dia)
        return suya if suya and dia <= suya.hasta else None

    def esta(self, quien: str, dia: date) -> bool:
        return self.falta(quien, dia) is None

    def responde(self, asesor: str, dia: date) -> str:
        """Themselves, or whoever covers them; empty when nobody does."""
        falta = self.falta(asesor, dia)
        return falta.suplente if falta else asesor

    def jefe(self, dependencia: str, dia: date) -> str:
        """The head of the place who is there, or the one above; empty when both are away."""
        return next((j for j in self.mundo.jefes[dependencia] if self.esta(j, dia)), "")

    def revisa(self, dependencia: str, dia: date) -> str:
        return next((r for r in self.mundo.revisan[dependencia] if self.esta(r, dia)), "")

    def firma(self, dependencia: str, dia: date, autor: str) -> str:
        """The head; while away, whoever has the encargo, of what others wrote; or the head above."""
        falta = self.falta(self.mundo.jefes[dependencia][0], dia)
        if falta and falta.acto and falta.suplente != autor:
            return falta.suplente
        return self.jefe(dependencia, dia)

    # --- Whether one more fits -------------------------------------------------------------------------------------
    def cabe(self, falta: Falta) -> bool:
        """They were at work and free, and so is whoever covers; no place is left alone."""
        dias = set(falta.dias())
        suyos, cubre = self._de[falta.quien], self._de[falta.suplente]
        if not all(dias.isdisjoint(otros) for otros in (suyos, self._ocupado[falta.quien], cubre)):
            return False
        if falta.registrada.date() in self._de[falta.por]:
            return False
        jefes, asesores = self.mundo.jefes, self.mundo.asesores
        lugares = [d for d in jefes if falta.quien in jefes[d] or falta.quien in asesores[d]]
        return all(self._queda_alguien(lugar, dia, falta) for lugar in lugares for dia in dias)

    def _queda_alguien(self, lugar: str, dia: date, falta: Falta) -> bool:
        """Who attends, and who heads it or has its encargo."""
        jefes, asesores = self.mundo.jefes[lugar], self.mundo.asesores[lugar]
        estan = {q for q in (*jefes, *asesores) if q != falta.quien and dia not in self._de[q]}
        titular = falta if falta.quien == jefes[0] else self._de[jefes[0]].get(dia)
        encargado = titular is not None and bool(titular.acto)
        return bool(estan) and (encargado or not estan.isdisjoint(jefes))


def planear_faltas(mundo: Mundo, dias: list[date], azar: Callable[..., Random]) -> Faltas:
    """Of everybody who attends, on these business days; the last of them is today, or just before."""
    faltas = Faltas(mundo)
    for falta in _de_hoy(mundo, dias):
        faltas.anotar(falta)
    de_asesor = {u: d for d, usuarios in mundo.asesores.items() for u in usuarios}
    de_jefe = {j: d for d, jefes in mundo.jefes.items() for j in jefes}
    for duran, donde in ((DURAN, de_asesor), (DURAN_LAS_DE_QUIEN_DIRIGE, de_jefe)):
        for usuario, dependencia in donde.items():
            _las_de(usuario, dependencia, dias, duran, azar("ausencias", usuario), faltas)
    return faltas


def _de_hoy(mundo: Mundo, dias: list[date]) -> Iterator[Falta]:
    def habil(cuantos: int) -> date:
        return dias[cuantos - 1] if cuantos < 0 else mundo.calendario.sumar_habiles(dias[-1], cuantos)

    for orden, (quien, desde, hasta, escrita, suplente, acto) in enumerate(DE_HOY):
        registrada = a_las(habil(escrita), 9 * 60 + 11 * orden)
        texto = f"Resolución {acto:04d} de {registrada.year}" if acto else ""
        yield Falta(quien, habil(desde), habil(hasta), registrada, quien, suplente, texto)


def _las_de(
    usuario: str, dependencia: str, dias: list[date], duran: dict[int, int], azar: Random, faltas: Faltas
) -> None:
    en_juego = len(dias) - SIN_FALTAS
    for n in range(1, en_juego):
        largo = azar.choices((0, *duran), (1000 - sum(duran.values()), *duran.values()))[0]
        if not largo or n + largo > en_juego or dias[n] < DESDE:
            continue
        tramo = dias[n : n + largo]
        escrita = a_las(dias[max(0, n - azar.randint(*((1, 3) if largo == 1 else (8, 20))))], azar.randint(540, 960))
        dirige = usuario in faltas.mundo.jefes[dependencia]
        por = usuario if dirige or azar.random() < 0.7 else faltas.jefe(dependencia, escrita.date())
        vuelve = a_las(tramo[azar.randint(3, largo - 2)], 440) if largo > 1 and azar.random() < 0.15 else None
        for suplente, acto in _quienes_cubren(usuario, dependencia, largo, azar, faltas.mundo):
            texto = f"Resolución {azar.randint(20, 900):04d} de {escrita.year}" if acto else ""
            falta = Falta(usuario, tramo[0], tramo[-1], escrita, por or usuario, suplente, texto, vuelve)
            if faltas.cabe(falta):
                faltas.anotar(falta)
                break


def _quienes_cubren(usuario: str, dependencia: str, largo: int, azar: Random, mundo: Mundo) -> list[tuple[str, bool]]:
    """Who may, best first, and if with the act of an encargo. A day off nobody covers, unless nobody else signs."""
    jefes, asesores = mundo.jefes[dependencia], [u for u in mundo.asesores[dependencia] if u != usuario]
    azar.shuffle(asesores)
    if usuario not in jefes:
        return [(u, False) for u in (*asesores, jefes[0])] if largo > 1 else [("", False)]
    if usuario != jefes[0]:  # heads the dirección: a head of its subdirecciones
        debajo = [suyos[0] for suyos in mundo.jefes.values() if usuario in suyos]
        return [(u, True) for u in debajo] if largo > 1 else [("", False)]
    encargados = [(u, True) for u in asesores]
    if len(jefes) == 1 or (largo > 1 and azar.random() < 0.5):
        return encargados
    return [("", False)]
