"""The job: it opens its own alcance and its own transaction, writes a file nobody can see yet, and hands it over.

It runs inside the transaction of its outbox row (0009): a worker that dies leaves that row free, and another begins
again from nothing, since the file had no name. What the page must see meanwhile is written apart.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, connections, transaction
from django.utils import timezone

from alcance import Alcance, con_alcance
from archivos import almacen
from direcciones.acceso import membresias_activas
from direcciones.models import Membresia
from direcciones.roles import PERSONAL
from exportaciones import copia
from exportaciones.consulta import Consulta, consultar
from exportaciones.copia import SIN_PRISA
from exportaciones.escritores import Escritor, Ficha
from exportaciones.escritores.a_csv import encabezado
from exportaciones.escritores.a_ods import EscritorOds
from exportaciones.escritores.a_xlsx import EscritorXlsx
from exportaciones.estados import EstadoExportacion, Formato
from exportaciones.models import Exportacion
from exportaciones.services import CAMBIARON, CARPETA, fallar, mover, terminar
from plazos.reloj import ahora

registro = logging.getLogger("portal.exportaciones")
INTENTOS = 3
TANDA = 1000
_CADA = 1.0  # seconds between two looks at whether somebody cancelled
HOJAS: dict[str, type[Escritor]] = {Formato.XLSX: EscritorXlsx, Formato.ODS: EscritorOds}


class Cancelada(Exception):
    """Its person no longer wants it."""


class YaNoSeEntiende(Exception):
    """Some filter that was asked counts no longer: without it the file would have more than was asked."""


def elaborar(*, pk: int, intento: int) -> None:
    """Make it, unless somebody cancelled it or its person may no longer see the register. Safe to repeat."""
    exportacion = Exportacion.objects.select_related("persona").get(pk=pk)
    if not exportacion.esta_activa:
        return
    membresia = _membresia_de(exportacion)
    alcance = Alcance.de_membresia(membresia) if membresia else Alcance(persona_id=exportacion.persona_id)
    with con_alcance(alcance):
        if membresia is None:
            fallar(exportacion=exportacion, porque="El rol con el que la pidió ya terminó.")
        elif intento > INTENTOS:
            fallar(exportacion=exportacion, porque="El proceso que la hacía se interrumpió cada vez.")
        else:
            _intentar(exportacion, membresia, alcance, ultimo=intento == INTENTOS)


def _membresia_de(exportacion: Exportacion) -> Membresia | None:
    """The one that asked, if it is still in force and still opens the register."""
    activas = membresias_activas(exportacion.persona_id)
    return next((m for m in activas if m.pk == exportacion.membresia_id and m.rol in PERSONAL), None)


def _intentar(exportacion: Exportacion, membresia: Membresia, alcance: Alcance, *, ultimo: bool) -> None:
    with Avance(exportacion, alcance) as avance:
        try:
            avance.empezar()
            with transaction.atomic():
                escrito, filas = _escribir(exportacion, membresia, alcance, avance)
        except Cancelada:
            return
        except YaNoSeEntiende:
            avance.cerrar()
            fallar(exportacion=exportacion, porque=CAMBIARON)
            return
        except Exception:
            if not ultimo:
                raise
            registro.exception("exportación sin hacer", extra={"exportacion": exportacion.pk})
            avance.cerrar()
            fallar(exportacion=exportacion, porque="Hubo un error al hacerla. Pídala de nuevo.")
            return
    try:
        entregada = terminar(exportacion=exportacion, escrito=escrito, filas=filas)
    except Exception:
        default_storage.delete(escrito.ruta)
        raise
    if not entregada:
        default_storage.delete(escrito.ruta)


def _escribir(
    exportacion: Exportacion, membresia: Membresia, alcance: Alcance, avance: "Avance"
) -> tuple[almacen.Escrito, int]:
    """The file, from rows of one single snapshot: nothing that changes meanwhile is seen twice or not at all."""
    with connection.cursor() as cursor:
        cursor.execute(SIN_PRISA)
    consulta = consultar(alcance, exportacion.consulta, exportacion.columnas)
    if consulta.datos != exportacion.consulta:
        raise YaNoSeEntiende
    cuantas = consulta.partes[: copia.MUCHAS].count()
    if cuantas < copia.MUCHAS:
        avance.total = cuantas
        avance.dar(0)
    else:
        avance.contar(consulta)
    hacer = _copiar if exportacion.formato == Formato.CSV else _volcar
    with almacen.sin_nombre() as salida:
        filas = hacer(salida, consulta, partial(_ficha, exportacion, membresia, consulta), avance)
        avance.dar(filas)
        return almacen.escribir_largo(File(salida), carpeta=CARPETA), filas


def _copiar(salida: IO[bytes], consulta: Consulta, ficha: Callable[..., Ficha], avance: "Avance") -> int:
    def encabezar(instante: datetime) -> None:
        salida.write(encabezado(consulta.columnas, ficha(instante)))

    return copia.copiar(salida, consulta, avance.alcance, encabezar, avance.quiza, muchas=avance.son_muchas)


def _volcar(salida: IO[bytes], consulta: Consulta, ficha: Callable[..., Ficha], avance: "Avance") -> int:
    escritor, filas = HOJAS[avance.formato](salida, consulta.columnas), 0
    instantes = [n for n, columna in enumerate(consulta.columnas) if columna.tipo == "instante"]
    zona = timezone.get_default_timezone()
    try:
        with connection.chunked_cursor() as cursor:
            cursor.execute(*consulta.filas().query.sql_with_params())  # here its snapshot is taken
            instante = ahora()
            while tanda := cursor.fetchmany(TANDA):
                escritor.escribir([_en_bogota(fila, instantes, zona) for fila in tanda])
                filas += len(tanda)
                avance.quiza(filas)
        escritor.cerrar(ficha(instante, filas))
    finally:
        escritor.soltar()
    return filas


def _en_bogota(fila: tuple[Any, ...], instantes: list[int], zona: Any) -> list[Any]:
    celdas = list(fila)
    for n in instantes:
        if celdas[n] is not None:
            celdas[n] = celdas[n].astimezone(zona).replace(tzinfo=None)
    return celdas


def _ficha(
    exportacion: Exportacion, membresia: Membresia, consulta: Consulta, instante: datetime, filas: int | None = None
) -> Ficha:
    """What the file says of itself: `instante`, the one its rows are of. A CSV says it before they are counted."""
    pares = [
        ("Generado", f"{timezone.localtime(instante):%Y-%m-%d %H:%M:%S}, hora de Bogotá"),
        ("Por", f"{exportacion.persona.nombre}, {membresia}"),
        *(consulta.filtros.en_palabras() or [("Filtros", "ninguno")]),
        *([] if filas is None else [("Registros", str(filas))]),
    ]
    return Ficha(f"Registro de solicitudes. {settings.IDENTIDAD['nombre']}", tuple(pares))


class Avance:
    """What the page must see while the job's own transaction is open, over a connection of its own."""

    def __init__(self, exportacion: Exportacion, alcance: Alcance) -> None:
        self._exportacion, self.alcance, self.formato = exportacion, alcance, exportacion.formato
        self.total: int | None = None
        self.son_muchas = False
        self._hilo = ThreadPoolExecutor(1, thread_name_prefix="exportacion")
        self._pendiente: Future[bool] | None = None
        self._ultima, self._cerrado = 0.0, False

    def __enter__(self) -> "Avance":
        return self

    def __exit__(self, *_: object) -> None:
        self.cerrar()

    def empezar(self) -> None:
        self._o_parar(self._aparte(lambda: mover(self._exportacion, "empezar", empezada_en=ahora(), filas=0)))

    def quiza(self, filas: int) -> None:
        """Called very often: at most once a second it tells and looks, and it never waits for the answer."""
        momento = time.monotonic()
        if momento - self._ultima < _CADA or (self._pendiente and not self._pendiente.done()):
            return
        self._ultima = momento
        if self._pendiente:
            self._o_parar(self._pendiente)
        self._pendiente = self._aparte(lambda: self._asentar(filas))

    def dar(self, filas: int) -> None:
        """Tell and look now."""
        self._o_parar(self._aparte(lambda: self._asentar(filas)))

    def contar(self, consulta: Consulta) -> None:
        """They are very many: how many, while they are written."""

        def contar() -> bool:
            with connection.cursor() as cursor:
                cursor.execute(SIN_PRISA)
            self.total = consulta.partes.count()
            return self._asentar(0)

        self.son_muchas, self._pendiente = True, self._aparte(contar)

    def cerrar(self) -> None:
        """Nothing of its own is left open: the row is free for the job to close it."""
        if not self._cerrado:
            self._cerrado = True
            self._hilo.submit(connections.close_all).result()
            self._hilo.shutdown()

    def _asentar(self, filas: int) -> bool:
        suya = Exportacion.objects.filter(pk=self._exportacion.pk, estado=EstadoExportacion.EN_CURSO)
        return bool(suya.update(filas=filas, total=self.total))

    def _aparte(self, hacer: Callable[[], bool]) -> Future[bool]:
        def solo() -> bool:
            with con_alcance(self.alcance), transaction.atomic():
                return hacer()

        return self._hilo.submit(copy_context().run, solo)

    @staticmethod
    def _o_parar(sigue: "Future[bool]") -> None:
        if not sigue.result():
            raise Cancelada
