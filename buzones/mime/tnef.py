"""winmail.dat (MS-OXTNEF): the files and the text that Outlook wrapped. It reads lengths; nothing is run or trusted.

A stream is a list of (level, attribute, length, data, checksum). The properties of an attachment (its long name, its
bytes when it is a message) are a MAPI list inside one of them.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from buzones.mime.juegos import decodificar

FIRMA = b"\x78\x9f\x3e\x22"
PIEZAS_MAXIMAS = 50
_ATRIBUTOS_MAXIMOS = 5000
_INICIO_DE_ADJUNTO, _TITULO, _DATOS, _PROPIEDADES_ADJUNTO = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_CUERPO, _PROPIEDADES, _PAGINA_DE_CODIGOS = 0x0002800C, 0x00069003, 0x00069007
_PR_NOMBRE_LARGO, _PR_NOMBRE, _PR_DATOS, _PR_TIPO, _PR_CUERPO, _PR_HTML = (
    0x3707,
    0x3704,
    0x3701,
    0x370E,
    0x1000,
    0x1013,
)
_FIJOS = {0x2: 4, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLES = {0xD, 0x1E, 0x1F, 0x102}


@dataclass(slots=True)
class Sobre:
    texto: str = ""
    html: bytes = b""
    archivos: list[tuple[str, str, bytes]] = field(default_factory=list)  # name, type, content
    cortado: bool = False


def leer(crudo: bytes) -> Sobre | None:
    """What it holds; None when it is not one. What was read before it breaks is kept."""
    if not crudo.startswith(FIRMA):
        return None
    sobre, pagina = Sobre(), "cp1252"
    actual: dict[str, bytes | str] | None = None
    try:
        for atributo, datos in _atributos(crudo):
            if atributo == _PAGINA_DE_CODIGOS and len(datos) >= 4:
                pagina = f"cp{struct.unpack_from('<I', datos)[0]}"
            elif atributo == _INICIO_DE_ADJUNTO:
                _guardar(sobre, actual)
                actual = {}
            elif actual is None and atributo == _CUERPO:
                sobre.texto = decodificar(datos.rstrip(b"\0"), pagina)[0]
            elif actual is None and atributo == _PROPIEDADES:
                propias = dict(_propiedades(datos, pagina))
                sobre.texto = sobre.texto or _texto(propias.get(_PR_CUERPO))
                html = propias.get(_PR_HTML, b"")
                sobre.html = html if isinstance(html, bytes) else html.encode("utf-8", "replace")
            elif actual is not None and atributo == _TITULO:
                actual.setdefault("nombre", decodificar(datos.rstrip(b"\0"), pagina)[0])
            elif actual is not None and atributo == _DATOS:
                actual["datos"] = datos
            elif actual is not None and atributo == _PROPIEDADES_ADJUNTO:
                _de_propiedades(actual, dict(_propiedades(datos, pagina)))
    except (struct.error, ValueError):
        sobre.cortado = True
    _guardar(sobre, actual)
    return sobre


def _atributos(crudo: bytes) -> Iterator[tuple[int, bytes]]:
    pos = 6  # signature and key
    for _ in range(_ATRIBUTOS_MAXIMOS):
        if pos >= len(crudo):
            return
        _, atributo, largo = struct.unpack_from("<BII", crudo, pos)
        pos += 9
        if pos + largo > len(crudo):
            yield atributo, crudo[pos:]
            raise ValueError("cut")
        yield atributo, crudo[pos : pos + largo]
        pos += largo + 2


def _propiedades(datos: bytes, pagina: str) -> Iterator[tuple[int, bytes | str]]:
    """The MAPI properties that are text or bytes; the rest are jumped over."""
    (cuantas,) = struct.unpack_from("<I", datos)
    pos = 4
    for _ in range(min(cuantas, 2000)):
        if pos + 4 > len(datos):
            return
        clase, numero = struct.unpack_from("<HH", datos, pos)
        pos += 4
        if numero >= 0x8000:  # a named one: GUID, kind, number or name
            (forma,) = struct.unpack_from("<I", datos, pos + 16)
            (largo,) = struct.unpack_from("<I", datos, pos + 20)
            pos += 24 + (_a_cuatro(largo) if forma else 0)
        varias, base = bool(clase & 0x1000), clase & 0x0FFF
        valores = 1
        if base in _VARIABLES or varias:
            (valores,) = struct.unpack_from("<I", datos, pos)
            pos += 4
        if base in _FIJOS:
            pos += _FIJOS[base] * valores
        elif base in _VARIABLES:
            for _ in range(min(valores, 1000)):
                (largo,) = struct.unpack_from("<I", datos, pos)
                pos += 4
                yield numero, _valor(base, datos[pos : pos + largo], pagina)
                pos += _a_cuatro(largo)
        else:
            return  # a kind that is not known: there is no telling where the next one starts


def _valor(base: int, crudo: bytes, pagina: str) -> bytes | str:
    if base == 0x1F:
        return crudo.decode("utf-16-le", "replace").rstrip("\0")
    return decodificar(crudo.rstrip(b"\0"), pagina)[0] if base == 0x1E else crudo


def _a_cuatro(largo: int) -> int:
    return (largo + 3) // 4 * 4


def _de_propiedades(actual: dict[str, bytes | str], propias: dict[int, bytes | str]) -> None:
    if nombre := propias.get(_PR_NOMBRE_LARGO) or propias.get(_PR_NOMBRE):
        actual["nombre"] = nombre
    if tipo := propias.get(_PR_TIPO):
        actual["tipo"] = tipo
    datos = propias.get(_PR_DATOS)
    if isinstance(datos, bytes) and "datos" not in actual:
        actual["datos"] = datos[16:]  # after the GUID of its interface


def _guardar(sobre: Sobre, actual: dict[str, bytes | str] | None) -> None:
    if actual is None or len(sobre.archivos) >= PIEZAS_MAXIMAS:
        return
    datos = actual.get("datos", b"")
    if isinstance(datos, bytes) and datos:
        sobre.archivos.append((_texto(actual.get("nombre")), _texto(actual.get("tipo")), datos))


def _texto(valor: bytes | str | None) -> str:
    return valor if isinstance(valor, str) else decodificar(valor, "")[0] if valor else ""
