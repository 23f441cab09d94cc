"""The queues of two years, day by day: who takes what and when, in order of arrival, with absences and returns.

Nothing here is decided by who plays it: `jugar` repeats it through the services, which check the order again.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count, islice
from random import Random

from django.utils import timezone

from demo.simulacion import textos
from demo.simulacion.desenlaces import Agenda, continuar
from demo.simulacion.historias import Historia, ParteSim
from demo.simulacion.llegadas import a_las
from demo.simulacion.mundo import Mundo

OTRA_DEPENDENCIA = {"SSDA": "SGPD", "SGPD": "SSDA", "STDI": "SSDA", "IMPR": "STDI", "DDRI": "STDI"}
TEMA_AL_TRASLADAR = {"SSDA": "DDAB-32", "SGPD": "DDAB-30", "STDI": "DDDI-09"}
AUSENCIA_LARGA = 4  # business days: somebody else takes what was in hand
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
        self.ausencias = {u: self._ausencias(u) for u in self.de_quien}
        self.agenda = Agenda(mundo.calendario, self.ausencias)
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

    def _ausencias(self, usuario: str) -> frozenset[date]:
        """Two holidays a year, long and short, and some days off."""
        azar, faltas = self._azar("ausencias", usuario), set()
        for dia in self.dias:
            largo = azar.choices((0, 1, 8, 15), (982, 13, 3, 2))[0]
            if largo and dia not in faltas:
                faltas.update([dia, *islice(self.mundo.calendario.habiles_despues_de(dia), largo - 1)])
        # Who shows the demonstration today finds everybody at work.
        return frozenset(faltas - set(self.dias[-15:]))

    # --- A day -----------------------------------------------------------------------------------------------------
    def _jornada(self, dia: date) -> None:
        for usuario in self.de_quien:
            azar = self._azar(usuario, dia)
            if dia in self.ausencias[usuario]:
                self._al(a_las(dia, 7 * 60 + 40), lambda t, u=usuario: self._cubrir(u, t))
                continue
            for turno in range(azar.choices((0, 1, 2), (45, 43, 12))[0]):
                minutos = 8 * 60 + turno * 150 + azar.randint(0, 100)
                self._al(a_las(dia, minutos, azar.randint(0, 59)), lambda t, u=usuario, a=azar: self._tomar(u, t, a))

    def _cubrir(self, ausente: str, t: datetime) -> None:
        """The head gives to who is there what waits in the tray of who is not, oldest first."""
        otro = self._companero(ausente, timezone.localdate(t))
        if otro is None:
            return
        for n, espera in enumerate(sorted(self.bandejas.pop(ausente, []))):
            _, _, historia, parte = espera
            motivo = "Quien la tenía está ausente"
            self._reasignar(historia, parte, otro, t + timedelta(seconds=20 * n), motivo)

    def _companero(self, ausente: str, dia: date) -> str | None:
        compas = self.mundo.asesores[self.de_quien[ausente]]
        return next((u for u in compas if u != ausente and dia not in self.ausencias[u]), None)

    def _reasignar(self, historia: Historia, parte: int, a: str, t: datetime, motivo: str) -> None:
        jefe = self.mundo.jefes[historia.partes[parte].dependencia]
        historia.paso(t, "reasignar", jefe, parte, a=a, motivo=motivo)
        self.bandejas[a].append((historia.recibida, historia.id, historia, parte))

    # --- Arrival and turn ------------------------------------------------------------------------------------------
    def _llega(self, historia: Historia, t: datetime) -> None:
        historia.paso(t, "radicar")
        for numero, parte in enumerate(historia.partes):
            self._entra(historia, numero, parte)

    def _entra(self, historia: Historia, numero: int, parte: ParteSim) -> None:
        sector = self.mundo.entidades[historia.entidad].sector
        asesor = self.mundo.por_sector.get((parte.dependencia, sector))
        lugar = self.bandejas[asesor] if asesor else self.colas[parte.dependencia]
        lugar.append((historia.recibida, historia.id, historia, numero))

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
        if lugar is self.colas[dependencia] and not codigo and azar.random() < 0.12:
            historia.paso(t, "asignar", self.mundo.jefes[dependencia], parte, a=usuario)
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
        elif falta := self._falta_larga(usuario, dia):
            otro = self._companero(usuario, falta)
            assert otro is not None
            cuando = a_las(falta, 7 * 60 + 30)
            motivo = "Empieza sus vacaciones y la solicitud no puede esperar"
            self._al(cuando, lambda c: self._reasignar(historia, parte, otro, c, motivo))
        else:
            continuar(self.agenda, self.mundo, historia, parte, t, azar)

    def _falta_larga(self, usuario: str, dia: date) -> date | None:
        """The first day of a long absence that starts before the work is done, when somebody can take over."""
        siguiente = dia
        for _ in range(3):
            siguiente = self.mundo.calendario.siguiente_habil(siguiente)
            if siguiente in self.ausencias[usuario]:
                ultimo = self.mundo.calendario.sumar_habiles(siguiente, AUSENCIA_LARGA - 1)
                hay_quien = self._companero(usuario, siguiente) is not None
                return siguiente if ultimo in self.ausencias[usuario] and hay_quien else None
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
        self._entra(historia, 0, parte)
