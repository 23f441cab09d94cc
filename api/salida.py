"""The one way in which the portal calls another system: HTTPS, and only to an address of the public network.

Who writes the URL of an integration could aim it inside our own network (SSRF). So the name is resolved once, every
address it has is judged, and the connection goes to the address that was judged, never to the name: a resolver that
answers otherwise a moment later changes nothing. No proxy, no redirect, ten seconds in all, 64 kB read at most.
"""

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

SEGUNDOS = 10.0
LEIDO = 64 * 1024
URL_MAXIMA = 500
_TROZO = 16 * 1024
_ESTADO = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: |\r\n)")
_LARGO = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r\n", re.IGNORECASE)
_NOMBRE = re.compile(r"[a-z0-9_.:-]+", re.IGNORECASE)
# Global unicast: what is outside (mapped, NAT64, local, multicast…) is not where a public server lives.
_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SEIS_A_CUATRO = ipaddress.IPv6Network("2002::/16")
_DOCUMENTACION = ipaddress.IPv6Network("3fff::/20")
_ISATAP = {0x00005EFE, 0x02005EFE}
# Each is a range that Python calls global and no server of another has.
_AJENAS = [ipaddress.IPv4Network(red) for red in ("192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4")]
Direccion = ipaddress.IPv4Address | ipaddress.IPv6Address


class Rehusada(ValueError):
    """The portal does not call there. Its text is for whoever runs the integration; trying again is useless."""


class SinRespuesta(OSError):
    """It may answer another time. The request may have reached it."""


@dataclass(frozen=True, slots=True)
class Respuesta:
    """`codigo` of HTTP, the time it took in milliseconds, and the beginning of what it said."""

    codigo: int
    ms: int
    dice: str


@dataclass(frozen=True, slots=True)
class Destino:
    """`anfitrion` is what the certificate must name; `camino`, with its query."""

    anfitrion: str
    puerto: int
    camino: str

    @property
    def encabezado(self) -> str:
        nombre = f"[{self.anfitrion}]" if ":" in self.anfitrion else self.anfitrion
        return nombre if self.puerto == 443 else f"{nombre}:{self.puerto}"


def destino_de(url: str) -> Destino:
    """Where a URL goes. Raises Rehusada for what is not a plain https URL, and for an address that is not public."""
    if len(url) > URL_MAXIMA or not url.isascii() or any(ord(letra) <= 32 or letra in "\\\x7f" for letra in url):
        raise Rehusada("Escriba la dirección sin espacios ni signos raros, en menos de 500 letras.")
    try:
        partes = urlsplit(url)
        puerto = partes.port or 443
    except ValueError:
        raise Rehusada("Esa dirección no está bien escrita.") from None
    anfitrion = (partes.hostname or "").rstrip(".")
    if partes.scheme != "https" or not _NOMBRE.fullmatch(anfitrion):
        raise Rehusada("La dirección debe empezar por https:// y llevar el nombre del servidor.")
    if "@" in partes.netloc or "%" in partes.netloc or partes.fragment:
        raise Rehusada("La dirección no lleva usuario, clave ni fragmento.")
    literal = _direccion(anfitrion)
    if literal is not None:
        exigir_publica(literal)
    camino = (partes.path or "/") + (f"?{partes.query}" if partes.query else "")
    return Destino(anfitrion, puerto, camino)


def enviar(url: str, cuerpo: bytes, cabeceras: Mapping[str, str]) -> Respuesta:
    """POST it and return what was answered, whatever its code. Raises Rehusada or SinRespuesta."""
    inicio = time.monotonic()
    limite = inicio + SEGUNDOS
    destino = destino_de(url)
    pedido = _pedido(destino, cuerpo, cabeceras)
    try:
        direccion = _elegir(destino, limite)
        with _conectar(direccion, destino.puerto, _queda(limite)) as enchufe:
            enchufe.settimeout(_queda(limite))
            with _contexto(settings.WEBHOOKS_CA).wrap_socket(enchufe, server_hostname=destino.anfitrion) as seguro:
                seguro.settimeout(_queda(limite))
                seguro.sendall(pedido)
                codigo, dice = _leer(seguro, limite)
    except ssl.SSLCertVerificationError as error:
        raise SinRespuesta(f"Su certificado no se puede comprobar: {error.verify_message}") from None
    except TimeoutError:
        raise SinRespuesta(f"No respondió en {SEGUNDOS:.0f} segundos.") from None
    except SinRespuesta:
        raise
    except OSError as error:
        raise SinRespuesta(f"No se pudo hablar con su servidor ({type(error).__name__}).") from None
    return Respuesta(codigo, round((time.monotonic() - inicio) * 1000), dice)


def exigir_publica(direccion: Direccion) -> None:
    """Raises Rehusada unless it is of the public network, also whatever address it carries inside."""
    if not all(es_publica(una) for una in por_dentro(direccion)):
        raise Rehusada(f"{direccion} no es una dirección pública: el portal no llama a su propia red.")


def por_dentro(direccion: Direccion) -> list[Direccion]:
    """The address and, if it carries another (mapped, NAT64, 6to4, Teredo, ISATAP), that one. For a NAT64 and a mapped
    one only the address inside counts: that is where they go."""
    if isinstance(direccion, ipaddress.IPv4Address):
        return [direccion]
    entero = int(direccion)
    ultimos = ipaddress.IPv4Address(entero & 0xFFFFFFFF)
    if direccion.ipv4_mapped is not None or direccion in _NAT64:
        return [ultimos]
    dentro: list[Direccion] = [direccion]
    if direccion in _SEIS_A_CUATRO:
        dentro.append(ipaddress.IPv4Address((entero >> 80) & 0xFFFFFFFF))
    if direccion.teredo is not None:
        dentro += direccion.teredo
    if (entero >> 32) & 0xFFFFFFFF in _ISATAP:
        dentro.append(ultimos)
    return dentro


def es_publica(direccion: Direccion) -> bool:
    if isinstance(direccion, ipaddress.IPv4Address):
        return direccion.is_global and not any(direccion in red for red in _AJENAS)
    return direccion.is_global and direccion in _UNICAST and direccion not in _DOCUMENTACION


def _direccion(anfitrion: str) -> Direccion | None:
    try:
        return ipaddress.ip_address(anfitrion)
    except ValueError:
        return None


def _elegir(destino: Destino, limite: float) -> Direccion:
    """Resolve once, and judge all of what came. One that is not public refuses them all: it is how a name is aimed."""
    halladas: list[Direccion] = []
    for *_, lugar in _resolver(destino, limite):
        direccion = _direccion(str(lugar[0]))
        if direccion is None:  # with a zone («fe80::1%eth0»)
            raise Rehusada("El nombre lleva a una dirección local.")
        exigir_publica(direccion)
        halladas.append(direccion)
    if not halladas:
        raise SinRespuesta("Su nombre no tiene dirección.")
    return halladas[0]


def _resolver(destino: Destino, limite: float) -> list[Any]:
    """In a thread: the resolver of the system has no limit of its own."""
    aparte = ThreadPoolExecutor(1)
    try:
        pedida = aparte.submit(socket.getaddrinfo, destino.anfitrion, destino.puerto, type=socket.SOCK_STREAM)
        return pedida.result(timeout=_queda(limite))
    except TimeoutError:
        raise SinRespuesta(f"Su nombre no se resolvió en {SEGUNDOS:.0f} segundos.") from None
    except (OSError, UnicodeError):
        raise SinRespuesta("Su nombre no existe o no se pudo resolver.") from None
    finally:
        aparte.shutdown(wait=False)


def _conectar(direccion: Direccion, puerto: int, segundos: float) -> socket.socket:
    """To the address itself: nothing is resolved again."""
    enchufe = socket.socket(socket.AF_INET if direccion.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)
    try:
        enchufe.settimeout(segundos)
        enchufe.connect((str(direccion), puerto))
    except OSError:
        enchufe.close()
        raise
    return enchufe


@cache
def _contexto(autoridad: str) -> ssl.SSLContext:
    """The authorities of the machine, and the one of the institution, if it has its own."""
    contexto = ssl.create_default_context()
    contexto.minimum_version = ssl.TLSVersion.TLSv1_2
    if autoridad:
        contexto.load_verify_locations(cafile=autoridad)
    return contexto


def _pedido(destino: Destino, cuerpo: bytes, cabeceras: Mapping[str, str]) -> bytes:
    todas = {
        "Host": destino.encabezado,
        "User-Agent": "Portal-SDFI",
        "Accept": "*/*",
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(cuerpo)),
        "Connection": "close",
        **cabeceras,
    }
    if any(letra in texto for par in todas.items() for texto in par for letra in "\r\n"):
        raise ValueError("Una cabecera no lleva saltos de línea.")
    lineas = [f"POST {destino.camino} HTTP/1.1", *(f"{nombre}: {valor}" for nombre, valor in todas.items()), "", ""]
    return "\r\n".join(lineas).encode("latin-1") + cuerpo


def _leer(enchufe: ssl.SSLSocket, limite: float) -> tuple[int, str]:
    """The code, and the beginning of the body if it comes in time: nothing is done with it but show it."""
    trozos, leido = _trozos(enchufe, limite), b""
    while (fin := leido.find(b"\r\n\r\n")) < 0 or leido.startswith(b"HTTP/1.1 1"):
        # «100 Continue», «103 Early Hints»: the answer comes after it.
        leido = leido[fin + 4 :] if fin >= 0 else leido + next(trozos)
    estado = _ESTADO.match(leido)
    if estado is None:
        raise SinRespuesta("Lo que respondió no es HTTP.")
    largo = _LARGO.search(leido[: fin + 2])
    total = fin + 4 + int(largo.group(1)) if largo else LEIDO
    with suppress(OSError):  # it has said what matters
        while len(leido) < total:
            leido += next(trozos)
    return int(estado.group(1)), leido[fin + 4 : fin + 304].decode("utf-8", "replace")


def _trozos(enchufe: ssl.SSLSocket, limite: float) -> Iterator[bytes]:
    """Never ends by itself: raises when it takes too long, says too much or stops."""
    leidos = 0
    while leidos < LEIDO:
        enchufe.settimeout(_queda(limite))
        trozo = enchufe.recv(min(_TROZO, LEIDO - leidos))
        if not trozo:
            raise SinRespuesta("Cortó sin responder.")
        leidos += len(trozo)
        yield trozo
    raise SinRespuesta("Su respuesta es demasiado larga.")


def _queda(limite: float) -> float:
    queda = limite - time.monotonic()
    if queda <= 0:
        raise TimeoutError
    return queda
