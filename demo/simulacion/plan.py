"""The whole plan: a pure function of the seed, the instant until which it lives, its size and the catalogues."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from demo.simulacion.atencion import Atencion, Grupos
from demo.simulacion.desenlaces import encuestar
from demo.simulacion.faltas import Falta
from demo.simulacion.historias import DE_COLA, Historia, Paso
from demo.simulacion.llegadas import llegadas
from demo.simulacion.mundo import Mundo

TROZO = timedelta(days=7)
SORTEOS = 12
PLAZO = 10  # business days
# What not every draw has: of the two years, and waiting today (to be begun, to review, returned, to sign…).
HECHOS = frozenset({"reasignar", "liberar", "trasladar", "retomar", "cancelar", "duplicar", "retirar", "enviar_fuera",
                    "no_competencia", "reabrir", "devolver", "corregir"})  # fmt: skip
HOY = frozenset({"radicar", "tomar", "proyectar", "devolver", "aprobar", "pedir", "programar", "vencida", "cubierta"})
FUERA_DE_MANOS = frozenset({"liberar", "trasladar", "cerrar", "responder", "firmar"})
FINALES = frozenset({"encuesta", "cerrar_encuesta", "duplicar", "retirar", "enviar_fuera", "no_competencia"})


@dataclass(frozen=True, slots=True)
class Grupo:
    """Stories that touch each other, played in the order of their steps."""

    historias: tuple[Historia, ...]

    @property
    def en_cola(self) -> list[tuple[Historia, Paso]]:
        """Everything until the last one leaves the queues, in order."""
        pasos = [(h, paso) for h in self.historias for paso in pasos_de_cola(h)]
        return sorted(pasos, key=lambda par: par[1].cuando)

    @property
    def ultimo_turno(self) -> datetime:
        return self.en_cola[-1][1].cuando

    @property
    def espera_hoy(self) -> bool:
        """One of them still waits for its turn."""
        return any(_espera(h) for h in self.historias)


@dataclass(frozen=True, slots=True)
class Plan:
    hasta: datetime
    historias: list[Historia]
    grupos: list[Grupo]
    faltas: list[Falta]

    def trozo(self) -> tuple[list[Grupo], list[Grupo]]:
        """What a first start waits for (the last days, and all that is still open), and the rest.

        Whatever came after the oldest that waits today goes with it: who loads the rest finds nobody to pass (0019).
        """
        esperan = [h.recibida for g in self.grupos if g.espera_hoy for h in g.historias]
        desde = min([self.hasta - TROZO, *esperan])
        trozo = [g for g in self.grupos if any(h.recibida >= desde or esta_viva(h) for h in g.historias)]
        puestos = set(map(id, trozo))
        return trozo, [g for g in self.grupos if id(g) not in puestos]

    def series(self) -> dict[tuple[str, int], int]:
        """Last number of each series and year, without the beginning of the demonstration's: (series, year) → n."""
        ultimos: dict[tuple[str, int], int] = defaultdict(int)
        for historia in self.historias:
            anio = timezone.localtime(historia.registrada).year
            ultimos["AT", anio] = max(ultimos["AT", anio], historia.numero)
            for anio_concepto, numero in historia.numeros_concepto.values():
                ultimos["C", anio_concepto] = max(ultimos["C", anio_concepto], numero)
        return dict(ultimos)


def planear(mundo: Mundo, *, semilla: int, hasta: datetime, tamano: int) -> Plan:
    """What happens until `hasta`, step by step. Same arguments, same plan: the first draw in which nothing is missing,
    or the one that misses least. Where the queues were long, one may leave no concepto returned today, or to cover.
    """
    raiz = f"{semilla}:{timezone.localdate(hasta).isoformat()}:{tamano}"
    mejor = _sortear(mundo, raiz, hasta, tamano)
    for sorteo in range(1, SORTEOS):
        if not que_falta(mejor, mundo):
            break
        mejor = min(mejor, _sortear(mundo, f"{raiz}:{sorteo}", hasta, tamano), key=lambda p: len(que_falta(p, mundo)))
    return mejor


def _sortear(mundo: Mundo, raiz: str, hasta: datetime, tamano: int) -> Plan:
    historias = llegadas(mundo, Random(raiz), hasta, tamano)  # noqa: S311
    atencion = Atencion(mundo, historias, raiz, hasta)
    atencion.correr()
    for historia in historias:
        encuestar(atencion.agenda, historia, Random(f"{raiz}:encuesta:{historia.id}"))  # noqa: S311
        historia.pasos = _hasta_hoy(historia, hasta)
    _numerar(historias)
    return Plan(hasta, historias, _agrupar(historias, atencion.grupos), atencion.faltas.todas)


def que_falta(plan: Plan, mundo: Mundo) -> set[str]:
    """Of what the demonstration promises, what these two years do not have: facts of them, and what waits today."""
    hechos = {paso.accion for h in plan.historias for paso in h.pasos}
    vivas = [h for h in plan.historias if esta_viva(h)]
    hoy = timezone.localdate(plan.hasta)
    pasadas = [h for h in vivas if mundo.calendario.habiles_entre(timezone.localdate(h.recibida), hoy) > PLAZO]
    ausentes = {f.quien for f in plan.faltas if f.suplente and f.desde <= hoy <= f.hasta}
    esperan = {h.pasos[-1].accion for h in vivas}
    esperan |= {"vencida" for h in pasadas if h.pasos[-1].accion == "tomar"}
    esperan |= {"cubierta" for h in vivas if ausentes & set(_en_manos_de(h).values())}
    return (HECHOS - hechos) | (HOY - esperan)


def _en_manos_de(historia: Historia) -> dict[int, str]:
    """Who has each parte that is not answered. Shape: parte → account."""
    manos = {}
    for paso in historia.pasos:
        if paso.accion in {"asignar", "reasignar"}:
            manos[paso.parte] = paso.datos["a"]
        elif paso.accion == "tomar":
            manos[paso.parte] = paso.quien
        elif paso.accion in FUERA_DE_MANOS:
            manos.pop(paso.parte, None)
    return manos


def _hasta_hoy(historia: Historia, hasta: datetime) -> list[Paso]:
    pasos = sorted(historia.pasos, key=lambda paso: paso.cuando)
    tope = next((n for n, paso in enumerate(pasos) if historia.tope and paso.accion == historia.tope), len(pasos))
    return [paso for paso in pasos[: tope + 1] if paso.cuando <= hasta]


def _numerar(historias: list[Historia]) -> None:
    """Radicados in order of registration and conceptos in order of freezing, each series from 1 every year."""
    contadores: dict[tuple[str, int], int] = defaultdict(int)

    def siguiente(serie: str, cuando: datetime) -> tuple[int, int]:
        anio = timezone.localtime(cuando).year
        contadores[serie, anio] += 1
        return anio, contadores[serie, anio]

    for historia in sorted(historias, key=lambda h: h.registrada):
        historia.numero = siguiente("AT", historia.registrada)[1]
    proyectos = [
        (paso.cuando, h.id, h, paso.parte) for h in historias for paso in h.pasos if paso.accion == "proyectar"
    ]
    for cuando, _, historia, parte in sorted(proyectos, key=lambda p: p[:2]):
        historia.numeros_concepto[parte] = siguiente("C", cuando)


def _agrupar(historias: list[Historia], grupos: Grupos) -> list[Grupo]:
    juntas: dict[str, list[Historia]] = defaultdict(list)
    for historia in historias:
        juntas[grupos.de(historia.id)].append(historia)
    hechos = [Grupo(tuple(unas)) for unas in juntas.values()]
    return sorted(hechos, key=lambda g: g.ultimo_turno)


def pasos_de_cola(historia: Historia) -> list[Paso]:
    ultimo = max(n for n, paso in enumerate(historia.pasos) if paso.accion in DE_COLA)
    return historia.pasos[: ultimo + 1]


def pasos_despues(historia: Historia) -> list[Paso]:
    return historia.pasos[len(pasos_de_cola(historia)) :]


def esta_viva(historia: Historia) -> bool:
    """Something is still to happen in it."""
    return historia.pasos[-1].accion not in FINALES


def _espera(historia: Historia) -> bool:
    """Whether a parte ends in a queue or in a tray where nobody started it."""
    ultimo = {}
    for paso in historia.pasos:
        if paso.accion in DE_COLA - {"radicar"}:
            ultimo[paso.parte] = paso.accion
    return any(ultimo.get(n) != "tomar" for n in range(len(historia.partes)))
