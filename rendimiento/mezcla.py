"""Three hundred people at once, each with their own pace: what a busy morning asks of the portal.

Seventy of a hundred clicks read a list or a solicitud, ten search, five file; the rest looks for news, claims and
opens the board (design: security.md, L01).
"""

import heapq
import random
import re
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from statistics import quantiles
from typing import Any

from direcciones.models import Dependencia, Persona
from rendimiento.borradores import borradores_de
from rendimiento.cliente import Cliente
from rendimiento.escena import Escena, sistema
from rendimiento.promesas import Resultado
from solicitudes.models import Solicitud
from solicitudes.services.recordatorios import barrer_plazos

PERSONAS = 300
PAUSA = 4.5  # seconds between two clicks of one person: 300 of them are 67 requests per second
HILOS = 24
# What each does, and how often of a hundred. A path, or the name of a method of `Alguien`.
DEL_ASESOR = (
    (32, "la_cola"), (19, "/asesor/cola/?vista=todas"), (16, "un_caso"), (5, "/registro/"),
    (6, "/registro/?buscar=microfilmación"), (3, "/banco/?q=microfilmación"), (15, "novedades"), (4, "la_siguiente"),
)  # fmt: skip
DEL_JEFE = (
    (25, "/tablero/"), (15, "/tablero/?periodo=anio"), (25, "/asesor/cola/?vista=todas"), (20, "/registro/"),
    (15, "/registro/?buscar=microfilmación"),
)  # fmt: skip
DEL_ENLACE = (
    (42, "/mis-solicitudes/"), (24, "un_detalle"), (7, "/mis-solicitudes/?pestana=respondidas"),
    (12, "/banco/?q=microfilmación"), (15, "radicar"),
)  # fmt: skip
RADICAN = 0.15  # of the clicks of an enlace
_SONDEO, _VERSION = re.compile(rb'data-sondeo="([^"]*)"'), re.compile(rb'data-version="([^"]*)"')


@dataclass
class Alguien:
    cliente: Cliente
    hace: tuple[tuple[int, str], ...]
    radicados: list[str]
    dependencia: str = ""
    borradores: list[str] = field(default_factory=list)
    sondeo: str = ""

    def clic(self, azar: random.Random) -> bool:
        """Do one thing, and whether it was answered as it should."""
        que = azar.choices([que for _, que in self.hace], [peso for peso, _ in self.hace])[0]
        return self._ver(que) if que.startswith("/") else bool(getattr(self, que)(azar))

    def _ver(self, ruta: str) -> bool:
        return self.cliente.pedir("GET", ruta).estado == 200

    def un_caso(self, azar: random.Random) -> bool:
        return self._ver(f"/asesor/solicitudes/{azar.choice(self.radicados)}/")

    def un_detalle(self, azar: random.Random) -> bool:
        return self._ver(f"/solicitudes/{azar.choice(self.radicados)}/")

    def la_cola(self, azar: random.Random) -> bool:
        respuesta = self.cliente.pedir("GET", "/asesor/cola/")
        sondeo, version = _SONDEO.search(respuesta.cuerpo), _VERSION.search(respuesta.cuerpo)
        if sondeo and version:
            direccion = sondeo[1].decode().replace("&amp;", "&")
            self.sondeo = f"/asesor/cola/{direccion}&version={version[1].decode()}"
        return respuesta.estado == 200

    def novedades(self, azar: random.Random) -> bool:
        """What the page of the queue asks by itself; whoever has not opened it opens it."""
        if not self.sondeo:
            return self.la_cola(azar)
        return self.cliente.pedir("GET", self.sondeo, Accept="application/json").estado in {200, 204}

    def la_siguiente(self, azar: random.Random) -> bool:
        return self._enviar("/asesor/cola/siguiente/", {"dependencia": self.dependencia}, "/asesor/")

    def radicar(self, azar: random.Random) -> bool:
        return self._enviar(self.borradores.pop(), {"acepta_datos": "on"}, "/solicitudes/AT-")

    def _enviar(self, ruta: str, datos: dict[str, Any], llega: str) -> bool:
        respuesta = self.cliente.pedir("POST", ruta, datos)
        return respuesta.estado == 302 and respuesta.cabeceras["Location"].startswith(llega)


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
    gente = las_trescientas(escena, escena.minutos)
    barrer_plazos()  # the one of midnight looks at everything; those of each five minutes, at what was written
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
    cortes = quantiles(marcha.ms, n=100)
    return {
        "por_segundo": round(len(marcha.ms) / duro, 1),
        "p50_ms": round(cortes[49], 1),
        "p95_ms": round(cortes[94], 1),
        "p99_ms": round(cortes[98], 1),
        "errores": marcha.errores,
        "minutos": escena.minutos,
    }


def _trabajar(gente: list[Alguien], marcha: Marcha, semilla: int) -> None:
    azar = random.Random(semilla)  # noqa: S311
    while (turno := marcha.siguiente()) is not None:
        cuando, quien = turno
        time.sleep(max(0.0, cuando - time.monotonic()))
        try:
            bien = gente[quien].clic(azar)
        except OSError:
            bien = False
        ahora = time.monotonic()
        marcha.anotar((ahora - cuando) * 1000, bien, ahora + PAUSA * (0.5 + azar.random()), quien)


def las_trescientas(escena: Escena, minutos: float) -> list[Alguien]:
    """One enlace of each three, one who leads of each ten and the rest asesores, in turn until there are three
    hundred: some have two windows open."""
    asesores, jefes, enlaces = (_correos(quienes) for quienes in ("asesor", "jefe.", "enlace."))
    # Half as many drafts again as each enlace will file.
    borradores = round(minutos * 60 / PAUSA * RADICAN * 1.5) + 10
    return [
        _alguien(escena, enlaces if k % 3 == 0 else jefes if k % 10 == 1 else asesores, k, borradores)
        for k in range(PERSONAS)
    ]


def _correos(principio: str) -> list[str]:
    personas = Persona.objects.filter(correo__startswith=principio, correo__endswith="@semilla.example")
    return list(personas.order_by("pk").values_list("correo", flat=True))


def _alguien(escena: Escena, correos: list[str], k: int, borradores: int) -> Alguien:
    correo = correos[k % len(correos)]
    quien, donde = correo.partition("@")[0].split(".", 1)
    radicados = _radicados(donde, de_entidad=quien == "enlace")
    cliente = escena.entra(correo)
    if quien == "enlace":
        return Alguien(cliente, DEL_ENLACE, radicados, borradores=borradores_de(correo, borradores))
    return Alguien(cliente, DEL_JEFE if quien == "jefe" else DEL_ASESOR, radicados, donde.upper())


@cache
def _radicados(donde: str, *, de_entidad: bool) -> list[str]:
    """The last forty of an entidad or of a dependencia: read once for all who look at them."""
    with sistema():
        suyas: Any = Solicitud.objects.filter(reservada=False)
        if de_entidad:
            suyas = suyas.filter(entidad__codigo=donde)
        else:
            suyas = suyas.filter(dependencias__contains=[Dependencia.objects.get(codigo=donde.upper()).pk])
        return list(suyas.order_by("-recibido_en", "-pk").values_list("radicado", flat=True)[:40])
