"""Three hundred people at once, each with their own pace: what a busy morning asks of the portal."""

import heapq
import random
import threading
import time
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from direcciones.models import Dependencia, Persona
from rendimiento.cliente import Cliente
from rendimiento.escena import Escena, sistema
from rendimiento.promesas import Resultado
from solicitudes.models import Solicitud

PERSONAS = 300
PAUSA = 4.5  # seconds between two clicks of one person: 300 of them are 67 requests per second
HILOS = 24
# What each does, and how often of a hundred.
DEL_ASESOR = (
    (40, "/asesor/cola/"), (25, "/asesor/cola/?vista=todas"), (15, "caso"), (10, "/registro/"), (10, "/banco/"),
)  # fmt: skip
DEL_ENLACE = (
    (45, "/mis-solicitudes/"), (35, "detalle"), (10, "/mis-solicitudes/?pestana=respondidas"), (10, "/banco/"),
)  # fmt: skip


@dataclass
class Alguien:
    cliente: Cliente
    hace: tuple[tuple[int, str], ...]
    radicados: list[str]

    def ruta(self, azar: random.Random) -> str:
        elegida = azar.choices([ruta for _, ruta in self.hace], [peso for peso, _ in self.hace])[0]
        if elegida == "caso":
            return f"/asesor/solicitudes/{azar.choice(self.radicados)}/"
        return f"/solicitudes/{azar.choice(self.radicados)}/" if elegida == "detalle" else elegida


@dataclass
class Marcha:
    """Who is next and what was measured. A request is timed from when the person clicked, not from when it left."""

    turnos: list[tuple[float, int]]
    limite: float
    ms: list[float] = field(default_factory=list)
    errores: int = 0
    cerrojo: threading.Lock = field(default_factory=threading.Lock)

    def siguiente(self) -> tuple[float, int] | None:
        with self.cerrojo:
            if not self.turnos or self.turnos[0][0] > self.limite:
                return None
            return heapq.heappop(self.turnos)

    def anotar(self, ms: float, bien: bool, cuando: float, quien: int) -> None:
        with self.cerrojo:
            self.ms.append(ms)
            self.errores += not bien
            heapq.heappush(self.turnos, (cuando, quien))


def mezcla(escena: Escena) -> Resultado:
    gente = _gente(escena)
    azar = random.Random(3)  # noqa: S311
    principio = time.monotonic()
    turnos = sorted((principio + azar.random() * PAUSA, k) for k in range(len(gente)))
    marcha = Marcha(turnos, principio + escena.minutos * 60)
    hilos = [threading.Thread(target=_trabajar, args=(gente, marcha, k)) for k in range(HILOS)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    duro = time.monotonic() - principio
    return {"por_segundo": round(len(marcha.ms) / duro, 1), "p95_ms": round(quantiles(marcha.ms, n=20)[-1], 1),
            "p50_ms": round(quantiles(marcha.ms, n=2)[0], 1), "errores": marcha.errores,
            "minutos": escena.minutos}  # fmt: skip


def _trabajar(gente: list[Alguien], marcha: Marcha, semilla: int) -> None:
    azar = random.Random(semilla)  # noqa: S311
    while (turno := marcha.siguiente()) is not None:
        cuando, quien = turno
        time.sleep(max(0.0, cuando - time.monotonic()))
        alguien = gente[quien]
        try:
            bien = alguien.cliente.pedir("GET", alguien.ruta(azar)).estado == 200
        except OSError:
            bien = False
        ahora = time.monotonic()
        marcha.anotar((ahora - cuando) * 1000, bien, ahora + PAUSA * (0.5 + azar.random()), quien)


def _gente(escena: Escena) -> list[Alguien]:
    """Two asesores for each enlace, in turn until there are three hundred: some have two windows open."""
    asesores = _correos("asesor", escena)
    enlaces = _correos("enlace.", escena)
    return [_alguien(escena, asesores if k % 3 else enlaces, k) for k in range(PERSONAS)]


def _correos(principio: str, escena: Escena) -> list[str]:
    personas = Persona.objects.filter(correo__startswith=principio, correo__endswith="@semilla.example")
    return list(personas.order_by("pk").values_list("correo", flat=True))


def _alguien(escena: Escena, correos: list[str], k: int) -> Alguien:
    correo = correos[k % len(correos)]
    with sistema():
        suyas: Any = Solicitud.objects.filter(reservada=False)
        if correo.startswith("enlace"):
            codigo = correo.removeprefix("enlace.").partition("@")[0]
            suyas, hace = suyas.filter(entidad__codigo=codigo), DEL_ENLACE
        else:
            donde = Dependencia.objects.get(codigo=correo.partition(".")[2].partition("@")[0].upper())
            suyas, hace = suyas.filter(dependencias__contains=[donde.pk]), DEL_ASESOR
        radicados = list(suyas.order_by("-recibido_en", "-pk").values_list("radicado", flat=True)[:40])
    return Alguien(escena.entra(correo), hace, radicados)
