"""Who asks: connections kept open, answers timed, and many at once."""

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any
from urllib.parse import quote, urlencode


class Inesperado(RuntimeError):
    """An answer that is not the one measured: its time would mean nothing."""


@dataclass
class Respuesta:
    estado: int
    cuerpo: bytes
    cabeceras: dict[str, str]
    ms: float


@dataclass
class Cliente:
    """One person's browser, as far as the server can tell."""

    puerto: int
    cookies: dict[str, str]
    _conexion: http.client.HTTPConnection | None = field(default=None, repr=False)

    def pedir(self, metodo: str, ruta: str, datos: dict[str, Any] | None = None, **cabeceras: str) -> Respuesta:
        cookies = "; ".join(f"{nombre}={valor}" for nombre, valor in self.cookies.items())
        enviar = {"Host": f"localhost:{self.puerto}", "Cookie": cookies, "Accept": "text/html"} | {
            nombre.replace("_", "-"): valor for nombre, valor in cabeceras.items()
        }
        cuerpo = None
        if metodo == "POST":
            cuerpo = urlencode(datos or {}, doseq=True)
            enviar |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self._sello()}
        for ultimo in (False, True):
            if self._conexion is None:
                self._conexion = http.client.HTTPConnection("127.0.0.1", self.puerto, timeout=60)
            principio = time.perf_counter()
            try:
                self._conexion.request(metodo, quote(ruta, safe="/?&=:%+_-."), cuerpo, enviar)
                respuesta = self._conexion.getresponse()
                leido = respuesta.read()
            except (http.client.HTTPException, OSError):
                # The server hung up a connection that waited too long, or its worker was renewed.
                self._conexion.close()
                self._conexion = None
                if ultimo:
                    raise
                continue
            return Respuesta(
                respuesta.status, leido, dict(respuesta.getheaders()), (time.perf_counter() - principio) * 1000
            )
        raise AssertionError("no se llega aquí")

    def ver(self, ruta: str, *, espera: int = 200, **cabeceras: str) -> Respuesta:
        return self._exigir(self.pedir("GET", ruta, **cabeceras), ruta, espera)

    def enviar(self, ruta: str, datos: dict[str, Any], *, espera: int = 302, **cabeceras: str) -> Respuesta:
        return self._exigir(self.pedir("POST", ruta, datos, **cabeceras), ruta, espera)

    def _exigir(self, respuesta: Respuesta, ruta: str, espera: int) -> Respuesta:
        if respuesta.estado != espera:
            raise Inesperado(f"{ruta} contestó {respuesta.estado}, no {espera}: {respuesta.cuerpo[-300:]!r}")
        return respuesta

    def _sello(self) -> str:
        return next((valor for nombre, valor in self.cookies.items() if "csrf" in nombre), "")


@dataclass
class Tiempos:
    """What was measured of one operation, beside the floor."""

    ms: list[float]
    piso_ms: list[float]
    sql: int | None = None

    @property
    def p50(self) -> float:
        return median(self.ms)

    @property
    def p95(self) -> float:
        return quantiles(self.ms, n=20)[-1] if len(self.ms) > 1 else self.ms[0]

    @property
    def f(self) -> float:
        return self.p50 / median(self.piso_ms)


def por_turnos(
    portal: Callable[[], Respuesta], piso: Callable[[], Respuesta], veces: int, *, antes: int = 15
) -> Tiempos:
    """Floor and portal in turn, so that whatever else the machine does falls on both."""
    for _ in range(antes):
        portal()
        piso()
    parejas = [(piso().ms, portal().ms) for _ in range(veces)]
    return Tiempos(ms=[uno for _, uno in parejas], piso_ms=[uno for uno, _ in parejas])


def a_la_vez(haceres: Sequence[Callable[[], Any]], segundos: float, *, antes: int = 0) -> float:
    """Everybody repeats their own for a while, or until it answers None. Gives how many were done per second.

    `antes`: as many of each are done first and not counted, as a page is asked before it is timed.
    """
    hechos, fallas = [0] * len(haceres), []
    salida = threading.Barrier(len(haceres) + 1)

    def repetir(k: int, hacer: Callable[[], Any]) -> None:
        try:
            for _ in range(antes):
                hacer()
        except Exception as falla:
            fallas.append(falla)
        salida.wait()
        limite = time.monotonic() + segundos
        try:
            while time.monotonic() < limite:
                if hacer() is None:
                    return
                hechos[k] += 1
        except Exception as falla:  # told below, from the main thread
            fallas.append(falla)

    hilos = [threading.Thread(target=repetir, args=(k, hacer)) for k, hacer in enumerate(haceres)]
    for hilo in hilos:
        hilo.start()
    salida.wait()
    principio = time.monotonic()
    for hilo in hilos:
        hilo.join()
    if fallas:
        raise fallas[0]
    return sum(hechos) / (time.monotonic() - principio)
