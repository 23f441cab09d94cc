"""Word and Excel 97-2003 and Outlook messages: what a compound file (MS-CFB) holds, read from its directory only."""

import struct
from dataclasses import dataclass
from typing import IO

from archivos.errores import Rehuso

FIRMA = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTORES_MAXIMOS = 4096  # of the directory: 16,384 names of 128 bytes in sectors of 512
_FINAL = 0xFFFFFFFA  # from here on, numbers are marks and not sectors
_POR_CONTENIDO = (("__properties_version1.0", "msg"), ("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"))


def identificar(flujo: IO[bytes]) -> str | None:
    """The kind of document, or None for a compound file we do not accept (PowerPoint 97, installers…)."""
    try:
        nombres = _Directorio(flujo).leer()
    except (struct.error, IndexError):
        raise Rehuso("danado", "el archivo está dañado. Ábralo, guárdelo de nuevo y vuelva a subirlo.") from None
    raiz = {entrada.nombre for entrada in nombres if entrada.en_raiz}
    if "EncryptedPackage" in raiz:
        raise Rehuso("cifrado", "tiene contraseña. Guárdelo sin contraseña y vuelva a subirlo.")
    clave = next((clave for marca, clave in _POR_CONTENIDO if marca in raiz), None)
    if clave in {"doc", "xls"} and any(entrada.nombre.startswith("_VBA_PROJECT") for entrada in nombres):
        raise Rehuso("macros", "contiene macros. Guárdelo sin macros y vuelva a subirlo.")
    return clave


@dataclass(slots=True)
class _Entrada:
    nombre: str
    hermanos: tuple[int, int]
    hijo: int
    en_raiz: bool = False


class _Directorio:
    """Follows the chain of directory sectors through the allocation table; every walk is bounded."""

    def __init__(self, flujo: IO[bytes]) -> None:
        self.flujo = flujo
        flujo.seek(0)
        cabecera = flujo.read(512)
        (potencia,) = struct.unpack_from("<H", cabecera, 30)
        if potencia not in {9, 12}:
            raise IndexError("sector size")
        self.tamano = 1 << potencia
        (self.primero,) = struct.unpack_from("<I", cabecera, 48)
        self.tabla = list(struct.unpack_from("<109I", cabecera, 76))
        self._completar_tabla(*struct.unpack_from("<II", cabecera, 68))

    def _sector(self, numero: int) -> bytes:
        self.flujo.seek((numero + 1) * self.tamano)
        datos = self.flujo.read(self.tamano)
        if len(datos) < self.tamano:
            raise IndexError("sector past the end")
        return datos

    def _completar_tabla(self, siguiente: int, cuantos: int) -> None:
        for _ in range(min(cuantos, _SECTORES_MAXIMOS)):
            if siguiente >= _FINAL:
                return
            numeros = struct.unpack(f"<{self.tamano // 4}I", self._sector(siguiente))
            self.tabla.extend(numeros[:-1])
            siguiente = numeros[-1]

    def _siguiente(self, numero: int) -> int:
        por_sector = self.tamano // 4
        sector = self._sector(self.tabla[numero // por_sector])
        (siguiente,) = struct.unpack_from("<I", sector, numero % por_sector * 4)
        return int(siguiente)

    def leer(self) -> list[_Entrada]:
        entradas: list[_Entrada] = []
        numero = self.primero
        for _ in range(_SECTORES_MAXIMOS):
            if numero >= _FINAL:
                break
            sector = self._sector(numero)
            entradas.extend(_entrada(sector[i : i + 128]) for i in range(0, self.tamano, 128))
            numero = self._siguiente(numero)
        self._marcar_raiz(entradas)
        return entradas

    @staticmethod
    def _marcar_raiz(entradas: list[_Entrada]) -> None:
        """Only what hangs directly from the root says what the file is: documents embed other documents."""
        pendientes = [entradas[0].hijo]
        while pendientes:
            numero = pendientes.pop()
            if numero < len(entradas) and not entradas[numero].en_raiz:
                entradas[numero].en_raiz = True
                pendientes.extend(entradas[numero].hermanos)


def _entrada(datos: bytes) -> _Entrada:
    (largo,) = struct.unpack_from("<H", datos, 64)
    izquierda, derecha, hijo = struct.unpack_from("<III", datos, 68)
    return _Entrada(datos[: max(0, min(largo, 64) - 2)].decode("utf-16-le", "replace"), (izquierda, derecha), hijo)
