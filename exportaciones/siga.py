"""What goes back to SIGA: which radicado each of its numbers has, how far it is, and the number of its answer.

One row for each solicitud, of the parte that leads. Of a reserved one SIGA learns its numbers and dates, not who asks
nor what. The file that comes out is one that «Archivo de SIGA» reads: brought back as it is, it changes nothing.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from alcance import como_sistema
from exportaciones.escritores import Ficha
from exportaciones.escritores.a_csv import SEPARADOR
from exportaciones.escritores.a_xlsx import EscritorXlsx
from exportaciones.escritores.textos import sin_formula
from plazos.reloj import ahora
from solicitudes.columnas import POR_CLAVE, Columna, valores
from solicitudes.models import Parte

CLAVES = (
    "siga_entrada", "radicado", "recepcion", "entidad", "asunto", "dependencia", "estado", "prestada", "siga_salida",
)  # fmt: skip
COLUMNAS: tuple[Columna, ...] = tuple(POR_CLAVE[clave] for clave in CLAVES)
RESERVADA = "Reservada"
_TAPADAS = {CLAVES.index(clave) for clave in ("entidad", "asunto")}
FORMATOS = ("csv", "xlsx")
TANDA = 1_000


def exportar(salida: IO[bytes], *, formato: str, desde: date) -> int:
    """Those received since that day in Bogotá, and those of before that were answered or closed since then.

    Returns how many. Only for whoever runs the portal: it is all the register.
    """
    cuantas = 0
    with transaction.atomic(), como_sistema("exportar para SIGA los números de todo el registro"):
        filas = _filas(desde)
        if formato == "csv":
            salida.write(_en_csv([[columna.titulo for columna in COLUMNAS]]).encode("utf-8-sig"))
            for tanda in filas:
                salida.write(_en_csv([_celdas(fila) for fila in tanda]).encode())
                cuantas += len(tanda)
            return cuantas
        hoja = EscritorXlsx(salida, COLUMNAS)
        try:
            for tanda in filas:
                hoja.escribir(tanda)
                cuantas += len(tanda)
            hoja.cerrar(_ficha(desde, cuantas))
        finally:
            hoja.soltar()
    return cuantas


def _filas(desde: date) -> Iterator[list[list[Any]]]:
    """In lots, oldest first, instants already in Bogotá's time."""
    dia = timezone.make_aware(timezone.datetime(desde.year, desde.month, desde.day))
    tocadas = Q(recibido_en__gte=dia) | Q(prestada_en__gte=dia) | Q(cerrada_en__gte=dia)
    partes = Parte.objects.filter(tocadas, lidera=True).order_by("recibido_en", "pk")
    tanda: list[list[Any]] = []
    for *celdas, reservada in valores(partes, (*COLUMNAS, POR_CLAVE["reservada"])).iterator(chunk_size=TANDA):
        fila = [_en_bogota(celda) for celda in celdas]
        if reservada == "Sí":
            fila = [RESERVADA if n in _TAPADAS else celda for n, celda in enumerate(fila)]
        tanda.append(fila)
        if len(tanda) == TANDA:
            yield tanda
            tanda = []
    if tanda:
        yield tanda


def _en_bogota(celda: Any) -> Any:
    return timezone.localtime(celda).replace(tzinfo=None, microsecond=0) if hasattr(celda, "hour") else celda


def _celdas(fila: list[Any]) -> list[str]:
    return ["" if celda is None else sin_formula(str(celda)) for celda in fila]


def _en_csv(filas: list[list[str]]) -> str:
    texto = io.StringIO()
    csv.writer(texto, delimiter=SEPARADOR, lineterminator="\r\n").writerows(filas)
    return texto.getvalue()


def _ficha(desde: date, cuantas: int) -> Ficha:
    pares = (
        ("Generado", f"{timezone.localtime(ahora()):%Y-%m-%d %H:%M:%S}, hora de Bogotá"),
        ("Desde", f"{desde:%Y-%m-%d}"),
        ("Solicitudes", str(cuantas)),
    )
    return Ficha(f"Radicados para SIGA. {settings.IDENTIDAD['nombre']}", pares)
