"""What the worker does and no page waits for: exports, sweep of terms, documents. Each through its real service."""

import gzip
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from typing import TypeVar
from urllib.parse import urljoin

import psutil
from django.db import connections, transaction
from django.db.models import Model
from django.http import QueryDict

from alcance import Alcance, como_sistema, con_alcance
from bandeja.models import Entrega
from conceptos.models import Version
from conceptos.services.documento import contexto_de
from direcciones.acceso import membresias_activas
from direcciones.models import Persona
from direcciones.services.catalogos import crear_fila, terminar_fila
from documentos import autoridad, firma
from documentos.pdf import crear_pdf
from exportaciones.models import Exportacion
from exportaciones.services import pedir
from exportaciones.trabajo import elaborar
from plazos.models import DiaExtraordinario
from plazos.reloj import ahora
from plazos.services import calendario_con, reglas_vigentes
from rendimiento.cliente import Cliente
from rendimiento.escena import Escena, como_duenio, sistema
from rendimiento.promesas import Resultado
from solicitudes.columnas import COLUMNAS
from solicitudes.models import Parte, Reflujo, Termino, UltimoBarrido
from solicitudes.registro import registro_de
from solicitudes.services.recordatorios import barrer_plazos
from solicitudes.services.reflujo import efecto_de, recontar_plazos
from solicitudes.services.relojes import catalogo_de, completar_relojes, relojes_ans

T = TypeVar("T")
CIEN_MIL, DIEZ_MIL = 100_000, 10_000
RESUMEN = "solicitudes.reflujo"


class Memoria:
    """The most that this process and its children grew while something was done, in MB.

    Of each, its proportional share (PSS): each document is printed in a child that is forked and ends, and what it
    shares with its parent is no memory more.
    """

    def __init__(self) -> None:
        self.proceso = psutil.Process()
        self.antes = self.mayor = self._ahora()
        self._parar = threading.Event()
        self._hilo = threading.Thread(target=self._mirar, daemon=True)

    def _ahora(self) -> float:
        total = 0
        for uno in (self.proceso, *self.proceso.children(recursive=True)):
            try:
                total += uno.memory_full_info().pss
            except psutil.Error:  # it ended meanwhile
                continue
        return total / 1e6

    def _mirar(self) -> None:
        while not self._parar.wait(0.1):
            self.mayor = max(self.mayor, self._ahora())

    def __enter__(self) -> "Memoria":
        self._hilo.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._parar.set()
        self._hilo.join()

    @property
    def mas(self) -> float:
        return round(self.mayor - self.antes, 1)


@contextmanager
def _sin_limite() -> Iterator[None]:
    with connections["default"].cursor() as cursor:
        cursor.execute("set statement_timeout = 0")
    yield


# --- Exports -------------------------------------------------------------------------------------------------------
def exportar(escena: Escena) -> Resultado:
    """Everything as CSV and about a hundred thousand rows as XLSX, by the job itself, in this process."""
    quien = Persona.objects.get(correo="subsecretaria@demo.example")
    membresia = membresias_activas(quien.pk)[0]
    alcance = Alcance.de_membresia(membresia)
    resultado: Resultado = {}
    with Memoria() as memoria:
        for formato, consulta in (("csv", ""), ("xlsx", _de_cien_mil(alcance))):
            segundos, filas = _exportar(quien, alcance, formato, consulta)
            resultado |= {f"{formato}_s": round(segundos, 2), f"{formato}_filas": filas}
    return resultado | {"memoria_mb": memoria.mas}


def _de_cien_mil(alcance: Alcance) -> str:
    """Filters that leave at most a hundred thousand rows: the months, from the last one backwards."""
    with con_alcance(alcance), transaction.atomic(), _sin_limite():
        fechas = (
            registro_de(alcance, QueryDict("")).consulta.order_by("-recibido_en").values_list("recibido_en", flat=True)
        )
        borde = fechas[CIEN_MIL : CIEN_MIL + 1]
        return next((f"desde={desde.date().isoformat()}" for desde in borde), "")


def _exportar(quien: Persona, alcance: Alcance, formato: str, consulta: str) -> tuple[float, int]:
    with con_alcance(alcance), transaction.atomic():
        pedida = pedir(persona=quien, filtros=consulta, columnas=[c.clave for c in COLUMNAS], formato=formato)
    principio = time.perf_counter()
    with como_sistema("hacer la exportación que se mide"), transaction.atomic():
        elaborar(pk=pedida.pk, intento=1)
    segundos = time.perf_counter() - principio
    with sistema():
        hecha = Exportacion.objects.get(pk=pedida.pk)
    assert hecha.filas, f"la exportación quedó {hecha.estado}"
    return segundos, hecha.filas


# --- Terms ---------------------------------------------------------------------------------------------------------
def barrido(escena: Escena) -> Resultado:
    """Every notice that is due now, on an outbox that has none of them."""
    como_duenio("delete from bandeja_entrega where tipo = 'solicitudes.recordatorio'")
    UltimoBarrido.objects.all().delete()  # as the first one of a day: everything is looked at
    with sistema():
        abiertas = Parte.objects.abiertas().count()
    principio = time.perf_counter()
    miradas = barrer_plazos()
    return {"segundos": round(time.perf_counter() - principio, 2), "abiertas": abiertas, "miradas": miradas}


def reflujo(escena: Escena) -> Resultado:
    """A day is decreed that moves some ten thousand open ones: from what is shown before saving to the last digest.

    Every open one has its clocks, as those that are filed: all are looked at, whether they move or not. What it did is
    undone: the day is retired and counted again, and what it wrote of it is taken out.
    """
    antes = _ultimos()
    abiertas = _con_sus_relojes()
    dia = _dia_que_mueve(min(DIEZ_MIL, abiertas // 3))
    persona = Persona.objects.get(correo="admin@demo.example")
    alcance = Alcance.de_membresia(membresias_activas(persona.pk)[0])
    try:
        vista, efecto = _cronometro(lambda: efecto_de(calendario_con(fecha=dia, tipo="no_habil"), dia))
        decreto, fila = _cronometro(lambda: _decretar(alcance, dia))
        with Memoria() as memoria:
            segundos, miradas = _cronometro(recontar_plazos)
        with sistema():
            hecho = Reflujo.objects.latest("version")
            resumenes = Entrega.objects.filter(tipo=RESUMEN, pk__gt=antes["bandeja_entrega"]).count()
        with con_alcance(alcance), transaction.atomic():
            terminar_fila(fila=fila, motivo="Se midió")
        recontar_plazos()
    finally:
        _quitar_lo_escrito(antes)
    assert hecho.terminado_en is not None and hecho.cambiadas >= efecto.cuantas > 0, "el recuento no quedó completo"
    return {
        "segundos": round(decreto + segundos, 2),
        "s_por_diez_mil": round(
            (decreto + segundos) * DIEZ_MIL / abiertas, 2
        ),  # it is promised of so many, and linear
        "vista_previa_s": round(vista, 2),
        "abiertas": abiertas,
        "miradas": miradas,
        "cambiadas": hecho.cambiadas,
        "resumenes": resumenes,
        "memoria_mb": memoria.mas,
    }


# What a recount writes and each measure takes out again: what came after the last of before.
ESCRITO = {
    "bandeja_entrega": f"tipo = '{RESUMEN}'",
    "solicitudes_movimiento": "accion = 'reflujo'",
    "solicitudes_reflujo": "true",
    "solicitudes_termino": "true",
    "plazos_diaextraordinario": "true",
}


def _ultimos() -> dict[str, int]:
    with sistema(), connections["default"].cursor() as cursor:
        ultimos = {}
        for tabla in ESCRITO:
            cursor.execute(f"select coalesce(max(id), 0) from {tabla}")  # noqa: S608 (names of above)
            ultimos[tabla] = cursor.fetchone()[0]
        return ultimos


def _quitar_lo_escrito(antes: dict[str, int]) -> None:
    for tabla, cual in ESCRITO.items():
        como_duenio(f"delete from {tabla} where id > {antes[tabla]} and {cual}")  # noqa: S608 (names of above)


def _con_sus_relojes() -> int:
    """The open ones with the clocks that each would have been filed with. How many there are."""
    while completar_relojes():
        pass
    with sistema():
        abiertas = Parte.objects.abiertas()
        con_ans = Termino.objects.filter(reloj=Termino.Reloj.ANS).values("parte")
        faltan = list(abiertas.exclude(pk__in=con_ans).select_related("dependencia").order_by("recibido_en", "pk"))
        catalogo, reglas = catalogo_de(*{parte.dependencia for parte in faltan}), reglas_vigentes()
        terminos = []
        for parte in faltan:
            for termino in relojes_ans(parte, catalogo=catalogo, reglas=reglas):
                termino.parte, termino.solicitud_id = parte, parte.solicitud_id
                terminos.append(termino)
        Termino.objects.bulk_create(terminos, batch_size=5_000)
        cuantas = abiertas.count()
    como_duenio("analyze solicitudes_termino")
    return cuantas


def _dia_que_mueve(cuantas: int) -> date:
    """The last day that, were it not working, would move at least so many of those that are open."""
    with sistema():
        vencen = Parte.objects.abiertas().order_by("-vence").values_list("vence", flat=True)
        return list(vencen[:cuantas])[-1]


def _decretar(alcance: Alcance, dia: date) -> Model:
    datos = {"fecha": dia, "tipo": "no_habil", "acto": "Decreto que se mide", "nota": ""}
    with con_alcance(alcance), transaction.atomic():
        return crear_fila(modelo=DiaExtraordinario, datos=datos)


# --- Documents -----------------------------------------------------------------------------------------------------
def pdf(escena: Escena) -> Resultado:
    """A concepto of three pages, printed and signed as the worker does; then two at once; then many in a row."""
    hacer = _un_concepto()
    hacer()  # the process that prints is started by the first one
    tiempos = sorted(_cronometro(hacer)[0] for _ in range(7))
    principio = time.perf_counter()
    with ThreadPoolExecutor(2) as dos:
        list(dos.map(lambda _: hacer(), range(16)))
    por_segundo = 16 / (time.perf_counter() - principio)
    with Memoria() as memoria:
        for _ in range(escena.documentos):
            hacer()
    return {"segundos": round(tiempos[3], 2), "por_segundo": round(por_segundo, 2),
            "documentos": escena.documentos, "memoria_mb": memoria.mas}  # fmt: skip


def _cronometro(hacer: Callable[[], T]) -> tuple[float, T]:
    principio = time.perf_counter()
    hecho = hacer()
    return time.perf_counter() - principio, hecho


def _un_concepto() -> Callable[[], None]:
    with sistema():
        version = Version.objects.filter(concepto__estado="notificado").select_related(
            "concepto__solicitud__entidad", "concepto__dependencia__padre", "concepto__autor"
        ).order_by("pk")[0]  # fmt: skip
        largo = "\n\n".join([version.contenido["analisis"]] * 24)
        version.contenido |= {"analisis": largo}
        contexto = contexto_de(version.concepto, version)
    identidad = autoridad.identidad()

    def hacer() -> None:
        documento = crear_pdf("concepto", contexto)
        firma.firmar(
            documento.bytes, identidad=identidad, firmante="Quien firma", cargo="Subdirectora", motivo="Medición",
            instante=ahora(),
        )  # fmt: skip

    return hacer


# --- The first visit -----------------------------------------------------------------------------------------------
_ENLACES = re.compile(rb'(?:href|src|data-sesion-modulo)="(/static/[^"]+)"')
_EN_CSS = re.compile(rb"url\(([^)]+)\)")


def pagina(escena: Escena) -> Resultado:
    """The public front page and all it names, as they travel compressed, once each."""
    visita = Cliente(escena.portal, {})
    html = visita.ver("/").cuerpo
    por_leer = {ruta.decode() for ruta in _ENLACES.findall(html)}
    leidas: set[str] = set()
    bytes_ = len(gzip.compress(html, 6))
    while por_leer - leidas:
        ruta = (por_leer - leidas).pop()
        leidas.add(ruta)
        bytes_ += len(visita.ver(ruta, Accept_Encoding="gzip").cuerpo)
        if ruta.endswith(".css"):
            cuerpo = visita.ver(ruta, Accept_Encoding="identity").cuerpo
            for nombre in _EN_CSS.findall(cuerpo):
                texto = nombre.decode().strip("'\" ")
                if not texto.startswith("data:"):
                    por_leer.add(urljoin(ruta, texto))
    return {"kb": round(bytes_ / 1000, 1), "peticiones": len(leidas) + 1}
