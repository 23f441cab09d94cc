"""The queues of two years, day by day: who takes what and when, in order of arrival, with absences and returns.

Nothing here is decided by who plays it: `jugar` repeats it through the services, which check the order again.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from django.utils import timezone

from demo.simulacion import textos
from demo.simulacion.desenlaces import Agenda, continuar
from demo.simulacion.faltas import planear_faltas
from demo.simulacion.historias import Historia, ParteSim
from demo.simulacion.llegadas import a_las
from demo.simulacion.mundo import Mundo

OTRA_DEPENDENCIA = {"SSDA": "SGPD", "SGPD": "SSDA", "STDI": "SSDA", "IMPR": "STDI", "DDRI": "STDI"}
TEMA_AL_TRASLADAR = {"SSDA": "DDAB-32", "SGPD": "DDAB-30", "STDI": "DDDI-09"}
Espera = tuple[datetime, str, Historia, int]  # how a queue orders: reception, then id


class Grupos:
    """Stories that must be played together: one passed before others, one repeats another."""

    def __init__(self) -> None:
        self._jefe: dict[str, str] = {}

    def de(self, clave: str) -> str:
        jefe = self._jefe.get(clave, clave)
        return clave if jefe == clave else self.de(jefe)

    def juntar(self, una: str, otra: str) -> None:
        self._jefe[self.de(una)] = self.de(otra)


class Atencion:
    """Runs every queue until `hasta` and leaves the steps in each story."""

    def __init__(self, mundo: Mundo, historias: list[Historia], semilla: str, hasta: datetime) -> None:
        self.mundo, self.historias, self.semilla, self.hasta = mundo, historias, semilla, hasta
        self.grupos = Grupos()
        self.dias = self._dias()
        self.colas: dict[str, list[Espera]] = defaultdict(list)
        self.bandejas: dict[str, list[Espera]] = defaultdict(list)
        self.de_quien = {u: d for d, usuarios in mundo.asesores.items() for u in usuarios}
        self.faltas = planear_faltas(mundo, self.dias, self._azar)
        self.agenda = Agenda(mundo.calendario, self.faltas)
        self._pendientes: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._orden = count()

    def correr(self) -> None:
        for historia in self.historias:
            self._al(historia.registrada, lambda t, h=historia: self._llega(h, t))
            if historia.principal:
                self.grupos.juntar(historia.id, historia.principal)
        for dia in self.dias:
            self._jornada(dia)
        while self._pendientes and self._pendientes[0][0] <= self.hasta:
            cuando, _, hacer = heapq.heappop(self._pendientes)
            hacer(cuando)

    def _al(self, cuando: datetime, hacer: Callable[[datetime], None]) -> None:
        heapq.heappush(self._pendientes, (cuando, next(self._orden), hacer))

    def _azar(self, *de_que: object) -> Random:
        return Random(":".join(map(str, (self.semilla, *de_que))))  # noqa: S311

    def _dias(self) -> list[date]:
        desde, fin = timezone.localdate(self.historias[0].recibida), timezone.localdate(self.hasta)
        todos = (desde + timedelta(days=n) for n in range((fin - desde).days + 1))
        return [dia for dia in todos if self.mundo.calendario.es_habil(dia)]

    # --- A day -----------------------------------------------------------------------------------------------------
    def _jornada(self, dia: date) -> None:
        for usuario in self.de_quien:
            azar = self._azar(usuario, dia)
            if not self.faltas.esta(usuario, dia):
                self._al(a_las(dia, 7 * 60 + 40), lambda t, u=usuario: self._cubrir(u, t))
                continue
            for turno in range(azar.choices((0, 1, 2), (45, 43, 12))[0]):
                minutos = 8 * 60 + turno * 150 + azar.randint(0, 100)
                self._al(a_las(dia, minutos, azar.randint(0, 59)), lambda t, u=usuario, a=azar: self._tomar(u, t, a))
        for dependencia, jefes in self.mundo.jefes.items():
            self._al(a_las(dia, 7 * 60 + 50), lambda t, d=dependencia, j=jefes[0]: self._devolver(d, j, t))

    def _cubrir(self, ausente: str, t: datetime) -> None:
        """The head gives to who is there what waits in the tray of who is not."""
        otro = self._companero(ausente, timezone.localdate(t))
        self._vaciar(ausente, otro, t, "Quien la tenía está ausente")

    def _devolver(self, dependencia: str, jefe: str, t: datetime) -> None:
        """What came to a head who covered somebody goes to who attends again."""
        dia = timezone.localdate(t)
        vuelve = next((u for u in self.mundo.asesores[dependencia] if self.faltas.esta(u, dia)), "")
        self._vaciar(jefe, vuelve, t, "Llegó durante la ausencia de quien atiende su sector, que ya volvió")

    def _vaciar(self, bandeja: str, otro: str, t: datetime, motivo: str) -> None:
        """Oldest first; nothing while there is nobody to give it, or to whom."""
        esperas = sorted(self.bandejas[bandeja])
        if not esperas or not otro or not self._jefe(esperas[0], t):
            return
        self.bandejas[bandeja] = []
        for n, (_, _, historia, parte) in enumerate(esperas):
            self._reasignar(historia, parte, otro, t + timedelta(seconds=20 * n), motivo)

    def _jefe(self, espera: Espera, t: datetime) -> str:
        _, _, historia, parte = espera
        return self.faltas.jefe(historia.partes[parte].dependencia, timezone.localdate(t))

    def _companero(self, ausente: str, dia: date) -> str:
        """Whoever covers them, when they attend the queue; else another who does. Empty: nobody is there."""
        compas = [self.faltas.responde(ausente, dia), *self.mundo.asesores[self.de_quien[ausente]]]
        del_lugar = self.de_quien[ausente]
        return next((u for u in compas if self.de_quien.get(u) == del_lugar and self.faltas.esta(u, dia)), "")

    def _reasignar(self, historia: Historia, parte: int, a: str, t: datetime, motivo: str) -> None:
        espera = (historia.recibida, historia.id, historia, parte)
        historia.paso(t, "reasignar", self._jefe(espera, t), parte, a=a, motivo=motivo)
        self.bandejas[a].append(espera)

    # --- Arrival and turn ------------------------------------------------------------------------------------------
    def _llega(self, historia: Historia, t: datetime) -> None:
        historia.paso(t, "radicar")
        for numero, parte in enumerate(historia.partes):
            self._entra(historia, numero, parte, t)

    def _entra(self, historia: Historia, numero: int, parte: ParteSim, t: datetime) -> None:
        asesor = self._recibe(parte.dependencia, self.mundo.entidades[historia.entidad].sector, timezone.localdate(t))
        lugar = self.bandejas[asesor] if asesor else self.colas[parte.dependencia]
        lugar.append((historia.recibida, historia.id, historia, numero))

    def _recibe(self, dependencia: str, sector: str, dia: date) -> str:
        """The asesor of the sector or who covers them, or the substitute; empty: it waits in the queue."""
        de_sector = self.mundo.por_sector.get((dependencia, sector), [])
        reciben = [self.faltas.responde(usuario, dia) for usuario in de_sector]
        return next((quien for quien in reciben if quien and self.faltas.esta(quien, dia)), "")

    def _tomar(self, usuario: str, t: datetime, azar: Random) -> None:
        """The oldest of one's tray and of the queue; now and then, with a reason, another before it."""
        dependencia = self.de_quien[usuario]
        lugares = [lugar for lugar in (self.bandejas[usuario], self.colas[dependencia]) if lugar]
        if not lugares:
            return
        lugar = min(lugares, key=min)
        en_orden = sorted(lugar)
        codigo = azar.choice(sorted(textos.PRECEDENCIA)) if len(en_orden) > 1 and azar.random() < 0.1 else ""
        elegida = en_orden[1 if codigo else 0]
        if codigo:
            self.grupos.juntar(elegida[2].id, en_orden[0][2].id)
        lugar.remove(elegida)
        _, _, historia, parte = elegida
        historia.partes[parte].asesor = usuario
        jefe = self._jefe(elegida, t)
        if lugar is self.colas[dependencia] and not codigo and jefe and azar.random() < 0.12:
            historia.paso(t, "asignar", jefe, parte, a=usuario)
            t += timedelta(minutes=35)
        motivo = {"codigo": codigo, "motivo": textos.PRECEDENCIA[codigo]} if codigo else {}
        historia.paso(t, "tomar", usuario, parte, **motivo)
        self._ya_tomada(historia, parte, usuario, t)

    # --- What comes of it ------------------------------------------------------------------------------------------
    def _ya_tomada(self, historia: Historia, parte: int, usuario: str, t: datetime) -> None:
        """Back to a queue, to another's tray, or on to its answer."""
        azar = self._azar(historia.id, parte, len(historia.pasos))
        dia = timezone.localdate(t)
        if historia.destino == "liberada" and parte == 0:
            historia.destino = ""
            cuando = self.agenda.habil(t, azar.randint(1, 2), azar, usuario)
            self._al(cuando, lambda c: self._vuelve(historia, usuario, c, azar))
        elif historia.destino == "traslado" and parte == 0:
            historia.destino = ""
            cuando = self.agenda.habil(t, azar.randint(1, 4), azar, usuario)
            self._al(cuando, lambda c: self._traslada(historia, usuario, c, azar))
        elif falta := self._falta_larga(historia, parte, usuario, dia):
            cuando, otro = falta
            motivo = "Empieza sus vacaciones y la solicitud no puede esperar"
            self._al(cuando, lambda c: self._reasignar(historia, parte, otro, c, motivo))
        else:
            continuar(self.agenda, self.mundo, historia, parte, t, azar)

    def _falta_larga(self, historia: Historia, parte: int, usuario: str, dia: date) -> tuple[datetime, str] | None:
        """When a long absence starts before the work is done, and who can take over."""
        siguiente = dia
        for _ in range(3):
            siguiente = self.mundo.calendario.siguiente_habil(siguiente)
            falta, otro = self.faltas.falta(usuario, siguiente), self._companero(usuario, siguiente)
            if falta:
                jefe = self.faltas.jefe(historia.partes[parte].dependencia, siguiente)
                return (a_las(siguiente, 7 * 60 + 30), otro) if falta.suplente and otro and jefe else None
        return None

    def _vuelve(self, historia: Historia, usuario: str, t: datetime, azar: Random) -> None:
        parte = historia.partes[0]
        if parte.dependencia not in self.mundo.por_turno:
            continuar(self.agenda, self.mundo, historia, 0, t, azar)
            return
        historia.paso(t, "liberar", usuario, motivo=azar.choice(textos.MOTIVOS_LIBERAR))
        self.colas[parte.dependencia].append((historia.recibida, historia.id, historia, 0))

    def _traslada(self, historia: Historia, usuario: str, t: datetime, azar: Random) -> None:
        parte = historia.partes[0]
        destino = OTRA_DEPENDENCIA[parte.dependencia]
        ajena = self.mundo.entidades[historia.entidad].prestadora and destino not in {"SSDA", "SGPD"}
        if ajena or any(otra.dependencia == destino for otra in historia.partes):
            continuar(self.agenda, self.mundo, historia, 0, t, azar)
            return
        tema = TEMA_AL_TRASLADAR[destino]
        motivo = azar.choice(textos.MOTIVOS_TRASLADO)
        historia.paso(t, "trasladar", usuario, dependencia=destino, tema=tema, motivo=motivo)
        parte.dependencia, parte.asesor = destino, ""
        self._entra(historia, 0, parte, t)
