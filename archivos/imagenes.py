"""Size in pixels read from the headers only: nothing is decoded (security.md U04)."""

import struct
from collections.abc import Iterator
from typing import IO

from archivos.errores import Rehuso

# A plan of size A0 scanned at 300 dpi has 140 million pixels.
PIXELES_MAXIMOS = 150_000_000
PAGINAS_MAXIMAS = 1000
_SIN_TAMANO = {0xC4, 0xC8, 0xCC}  # markers in the SOF range that are not frames


def revisar(flujo: IO[bytes], clave: str) -> None:
    """Refuse an image whose headers are broken or announce more pixels than a reader can hold."""
    lector = {"png": _png, "jpeg": _jpeg, "webp": _webp, "tiff": _tiff}[clave]
    flujo.seek(0)
    try:
        tamanos = list(lector(flujo))
    except (struct.error, IndexError):
        tamanos = []
    if not tamanos or any(ancho < 1 or alto < 1 for ancho, alto in tamanos):
        raise Rehuso("danado", "la imagen está dañada. Ábrala, guárdela de nuevo y vuelva a subirla.")
    if any(ancho * alto > PIXELES_MAXIMOS for ancho, alto in tamanos):
        maximo = PIXELES_MAXIMOS // 1_000_000
        raise Rehuso("pixeles", f"la imagen tiene más de {maximo} millones de puntos. Redúzcala y vuelva a subirla.")


def _png(flujo: IO[bytes]) -> Iterator[tuple[int, int]]:
    cabecera = flujo.read(24)
    if cabecera[12:16] == b"IHDR":
        yield struct.unpack(">II", cabecera[16:24])


def _jpeg(flujo: IO[bytes]) -> Iterator[tuple[int, int]]:
    flujo.seek(2)
    while True:
        marca = flujo.read(2)
        if len(marca) < 2 or marca[0] != 0xFF:
            return
        if marca[1] == 0xFF:  # fill byte
            flujo.seek(-1, 1)
            continue
        (largo,) = struct.unpack(">H", flujo.read(2))
        if largo < 2 or marca[1] == 0xDA:
            return
        if 0xC0 <= marca[1] <= 0xCF and marca[1] not in _SIN_TAMANO:
            _, alto, ancho = struct.unpack(">BHH", flujo.read(5))
            yield ancho, alto
            return
        flujo.seek(largo - 2, 1)


def _webp(flujo: IO[bytes]) -> Iterator[tuple[int, int]]:
    cabecera = flujo.read(30)
    forma = cabecera[12:16]
    if forma == b"VP8 " and cabecera[23:26] == b"\x9d\x01\x2a":
        ancho, alto = struct.unpack("<HH", cabecera[26:30])
        yield ancho & 0x3FFF, alto & 0x3FFF
    elif forma == b"VP8L" and cabecera[20] == 0x2F:
        (bits,) = struct.unpack("<I", cabecera[21:25])
        yield (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    elif forma == b"VP8X" and len(cabecera) == 30:
        yield int.from_bytes(cabecera[24:27], "little") + 1, int.from_bytes(cabecera[27:30], "little") + 1


def _tiff(flujo: IO[bytes]) -> Iterator[tuple[int, int]]:
    """One pair per page; the chain of pages is followed a bounded number of times, so a loop ends."""
    orden = "<" if flujo.read(4)[:2] == b"II" else ">"
    (siguiente,) = struct.unpack(f"{orden}I", flujo.read(4))
    vistos: set[int] = set()
    while siguiente and siguiente not in vistos and len(vistos) < PAGINAS_MAXIMAS:
        vistos.add(siguiente)
        flujo.seek(siguiente)
        (cuantas,) = struct.unpack(f"{orden}H", flujo.read(2))
        medidas = dict(_medidas_tiff(flujo.read(12 * cuantas), orden))
        yield medidas.get(256, 0), medidas.get(257, 0)
        (siguiente,) = struct.unpack(f"{orden}I", flujo.read(4))


def _medidas_tiff(entradas: bytes, orden: str) -> Iterator[tuple[int, int]]:
    for inicio in range(0, len(entradas), 12):
        etiqueta, forma, _ = struct.unpack_from(f"{orden}HHI", entradas, inicio)
        if etiqueta in {256, 257}:
            corto = forma == 3
            (valor,) = struct.unpack_from(f"{orden}{'H' if corto else 'I'}", entradas, inicio + 8)
            yield etiqueta, valor
