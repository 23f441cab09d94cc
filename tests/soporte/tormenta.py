"""Filings by HTTP at a steady rate while something is killed, and an oracle that writes down each accepted one.

The oracle knows only what the answers said: it keeps `radicado digest` in a file of its own, and afterwards compares
with the database, the mail that arrived and the bitácora (security.md R3: nothing accepted is ever lost).
"""

import hashlib
import http.client
import json
import re
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from functools import cache
from pathlib import Path
from threading import Lock
from urllib.parse import urlencode
from uuid import uuid4

from demo.cuentas import CLAVE
from tests.soporte.pila import Pila, esperar

TEMA = "Digitalización"
ENLACE, CONTACTO = "enlace@demo.example", "laura@demo.example"
AVISADOS = [ENLACE, CONTACTO]  # each gets one acuse
CLIENTES = 16
PACIENCIA = 60.0  # a person who is told to try again does, this long
_RADICADO = re.compile(r"AT-\d{4}-\d{6}")


@dataclass(frozen=True, slots=True)
class Respuesta:
    estado: int
    cabeceras: dict[str, str]
    cuerpo: str

    @property
    def destino(self) -> str:
        return self.cabeceras.get("location", "")


class Navegante:
    """A person with a session and without a browser. Its requests may run in many threads."""

    def __init__(self, pila: Pila, correo: str = ENLACE) -> None:
        self.puerto, self._galletas = pila.puerto, {}
        self.pedir("GET", "/entrar/")
        entrada = self.pedir("POST", "/entrar/", login=correo, password=CLAVE)
        assert entrada.estado == 302, entrada.cuerpo[:2000]

    def pedir(self, metodo: str, ruta: str, /, **campos: str) -> Respuesta:
        conexion = http.client.HTTPConnection("localhost", self.puerto, timeout=30)
        cabeceras = {
            "Accept": "text/html,application/json",
            "Cookie": "; ".join(f"{n}={v}" for n, v in self._galletas.items()),
        }
        cuerpo = None
        if metodo == "POST":
            cuerpo = urlencode({**campos, "csrfmiddlewaretoken": self._galletas.get("__Host-csrf", "")})
            cabeceras["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            conexion.request(metodo, ruta, cuerpo, cabeceras)
            cruda = conexion.getresponse()
            texto = cruda.read().decode()
        finally:
            conexion.close()
        for galleta in cruda.headers.get_all("Set-Cookie") or []:
            nombre, _, valor = galleta.split(";")[0].partition("=")
            self._galletas[nombre] = valor
        return Respuesta(cruda.status, {n.lower(): v for n, v in cruda.getheaders()}, texto)


@dataclass(frozen=True, slots=True)
class Pedido:
    """A draft ready to be filed, and the digest of what it says."""

    url: str
    lote: str
    digesto: str


def digesto(asunto: str, necesidad: str) -> str:
    return hashlib.sha256(f"{asunto}\n{necesidad}".encode()).hexdigest()


def preparar(pila: Pila, quien: Navegante, cuantos: int, lote: str) -> list[Pedido]:
    """That many drafts of one person, each with words of its own, one click away from being filed."""
    lote = f"{lote} {uuid4().hex[:8]}"  # whatever this installation already had is not of this batch
    [(tema,)] = pila.consultar("select id from direcciones_tema where nombre = %s", [TEMA])

    def uno(numero: int) -> Pedido:
        asunto, necesidad = f"Prueba {lote} {numero}", f"Necesidad {numero} de {lote}, con ñ y tildes: áéíóú."
        url = quien.pedir("POST", "/solicitudes/nueva/").destino.removesuffix("necesidad/")
        pasos = {
            "necesidad": {"temas": str(tema)},
            "detalle": {"asunto": asunto, "necesidad": necesidad, "pregunta_1": "¿Desde cuándo aplica?"},
            "documentos": {"contacto_nombre": "Laura Pérez", "contacto_correo": CONTACTO},
        }
        for paso, campos in pasos.items():
            guardado = quien.pedir("POST", f"{url}{paso}/guardar/", version="99", **campos)
            assert guardado.estado == 200, guardado.cuerpo[:500]
        return Pedido(f"{url}revisar/", lote, digesto(asunto, necesidad))

    with ThreadPoolExecutor(CLIENTES) as hilos:
        return list(hilos.map(uno, range(cuantos)))


@dataclass
class Oraculo:
    """What was answered, and when. `aceptadas` is the file; everything else is only to measure."""

    archivo: Path
    respuestas: list[tuple[float, float, int]] = field(default_factory=list)  # (asked, answered, status)
    _cerrojo: Lock = field(default_factory=Lock)

    def anotar(self, pedido: Pedido, inicio: float, respuesta: Respuesta) -> None:
        with self._cerrojo:
            self.respuestas.append((inicio, time.monotonic(), respuesta.estado))
            if respuesta.estado == 302:
                with self.archivo.open("a", encoding="utf-8") as salida:
                    salida.write(f"{_RADICADO.findall(respuesta.destino)[0]} {pedido.digesto}\n")

    @property
    def aceptadas(self) -> list[tuple[str, str]]:
        return [tuple(linea.split()) for linea in self.archivo.read_text(encoding="utf-8").splitlines()]  # type: ignore[misc]

    @property
    def estados(self) -> Counter[int]:
        return Counter(estado for _, _, estado in self.respuestas)

    def curacion(self, falla: float) -> float:
        """Seconds from the fault to the first filing that was asked after it and accepted."""
        return min(fin for inicio, fin, estado in self.respuestas if inicio >= falla and estado == 302) - falla

    def peor(self) -> float:
        return max(fin - inicio for inicio, fin, _ in self.respuestas)


def radicar(quien: Navegante, pedido: Pedido, oraculo: Oraculo) -> None:
    """Press «Radicar», and again while the portal says to try later. Anything else is a failure."""
    limite = time.monotonic() + PACIENCIA
    while True:
        inicio = time.monotonic()
        respuesta = quien.pedir("POST", pedido.url, acepta_datos="on")
        oraculo.anotar(pedido, inicio, respuesta)
        if respuesta.estado == 302:
            return
        assert respuesta.estado == 503, f"{respuesta.estado}: {respuesta.cuerpo[:1500]}"
        assert respuesta.cabeceras["retry-after"] == "10"
        assert time.monotonic() < limite, "el portal no volvió a aceptar"
        time.sleep(0.5)


def tormenta(
    quien: Navegante, pedidos: list[Pedido], oraculo: Oraculo, *, por_segundo: float, fallas: dict[float, object]
) -> list[float]:
    """File everything at a steady rate; `fallas` says what to do at which second. Gives the instant of each fault."""
    inicio, hechas = time.monotonic(), []
    with ThreadPoolExecutor(CLIENTES + 1) as hilos:

        def fallar() -> None:
            for segundo, falla in sorted(fallas.items()):
                time.sleep(max(0.0, inicio + segundo - time.monotonic()))
                hechas.append(time.monotonic())
                falla()  # type: ignore[operator]

        golpe = hilos.submit(fallar)
        envios = []
        for numero, pedido in enumerate(pedidos):
            time.sleep(max(0.0, inicio + numero / por_segundo - time.monotonic()))
            envios.append(hilos.submit(radicar, quien, pedido, oraculo))
        for envio in [golpe, *envios]:
            envio.result()
    return hechas


def perdidas(pila: Pila, aceptadas: list[tuple[str, str]]) -> list[str]:
    """What was answered as accepted and is not in the database as it was sent, or not once in the bitácora."""
    filas = pila.consultar("select radicado, asunto, necesidad from solicitudes_solicitud")
    guardadas = {radicado: digesto(asunto, necesidad) for radicado, asunto, necesidad in filas}
    sucesos = Counter(
        texto
        for (texto,) in pila.consultar("select objeto_texto from bitacora_suceso where accion = 'solicitud.radicar'")
    )
    return [
        radicado
        for radicado, suyo in aceptadas
        if guardadas.get(radicado) != suyo or sucesos[radicado] != 1
    ]  # fmt: skip


def comprobar(pila: Pila, oraculo: Oraculo, pedidos: list[Pedido], *, espera: float = 60) -> float:
    """0 lost, 0 doubles, gapless, the chain whole, one acuse each. Gives the seconds until the last mail arrived."""
    aceptadas = oraculo.aceptadas
    assert {suyo for _, suyo in aceptadas} == {pedido.digesto for pedido in pedidos}
    assert perdidas(pila, aceptadas) == []
    assert perdidas(pila, [("AT-2026-999999", "0" * 64), *aceptadas]) == ["AT-2026-999999"]  # the oracle can tell
    [(cuantas,)] = pila.consultar(
        "select count(*) from solicitudes_solicitud where asunto like %s", [f"Prueba {pedidos[0].lote} %"]
    )
    assert cuantas == len(pedidos)
    numeros = sorted(int(radicado.split("-")[2]) for radicado, _ in set(aceptadas))
    assert numeros == list(range(numeros[0], numeros[0] + len(pedidos)))
    assert json.loads(pila.gestionar("verificar_bitacora", "--json"))["rupturas"] == []
    inicio = time.monotonic()
    radicados = {radicado for radicado, _ in aceptadas}
    esperar(lambda: {r for r, cartas in acuses(pila).items() if len(cartas) >= len(AVISADOS)} >= radicados, espera)
    llegados = acuses(pila)
    assert all(sorted(para for para, _ in llegados[radicado]) == AVISADOS for radicado in radicados)
    return time.monotonic() - inicio


def acuses(pila: Pila) -> dict[str, set[tuple[str, str]]]:
    """Mails that tell their number. Shape: radicado → (to whom, Message-ID); a repetition has the same one."""
    hallados: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for archivo in pila.rutas.correo.glob("*.eml"):
        radicado, carta = _leer(archivo)
        if radicado:
            hallados[radicado].add(carta)
    return hallados


@cache
def _leer(archivo: Path) -> tuple[str, tuple[str, str]]:
    """The radicado a mail announces, if any; to whom, and its Message-ID. A mail in the sink never changes."""
    cabeceras = BytesParser(policy=policy.default).parsebytes(archivo.read_bytes(), headersonly=True)
    anunciado = re.search(rf"{_RADICADO.pattern}(?=\] Recibimos su solicitud)", str(cabeceras["Subject"]))
    return anunciado[0] if anunciado else "", (str(cabeceras["X-Sobre-Para"]), str(cabeceras["Message-ID"]))
