"""Each operation of the bench, as people do it: over HTTP, signed in, beside the floor. In the portal's Django.

An operation returns its result in the columns of `promesas`; what several pages share is the dearest of them.
"""

import random
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import connections
from django.db.models import Count, Q
from django.utils import timezone

from direcciones.models import Dependencia, Modalidad, Sector
from rendimiento import correo, lenguaje, tareas
from rendimiento.borradores import con_borradores
from rendimiento.cliente import Cliente, Inesperado, Respuesta, a_la_vez, por_turnos
from rendimiento.escena import COLA, SEGUNDOS, Escena, asesor, en_columnas, sistema
from rendimiento.mezcla import las_trescientas, mezcla
from rendimiento.promesas import Resultado
from solicitudes.models import Archivo, Parte, Solicitud
from solicitudes.services.inversiones import contar_inversiones
from tableros.services import compactar

HECHOS, ARCHIVOS = 20, 5  # of the solicitud whose page is measured
# What each of many does before it counts: a server that has just started plans each statement in each connection.
ANTES = 6
DE_UN_MINUTO = 60  # filings, on a morning of which nobody has seen the like


# --- Pages ---------------------------------------------------------------------------------------------------------
def cola(escena: Escena) -> Resultado:
    compactar()  # as the clock does each minute; no clock runs beside what is measured alone
    modalidad = Modalidad.objects.get(codigo="concepto").pk
    una, jefa = escena.entra(asesor()), escena.entra("directora@demo.example")
    filtrada = f"/asesor/cola/?vista=todas&modalidad={modalidad}"
    honda = _avanzar(jefa, filtrada, 199)
    paginas = {
        "mías": escena.pagina(una, "/asesor/cola/"),
        "sin asignar": escena.pagina(una, f"/asesor/cola/?vista=sin-asignar&modalidad={modalidad}"),
        "página 200": escena.pagina(jefa, honda),
    }
    ocho = [escena.entra(asesor(k)) for k in range(1, 9)]
    pisos = [escena.del_piso(k) for k in range(8)]
    por_segundo = a_la_vez([lambda c=c: c.ver("/asesor/cola/") for c in ocho], SEGUNDOS)  # type: ignore[misc]
    del_piso = a_la_vez([lambda c=c: c.ver("/lista/") for c in pisos], SEGUNDOS)  # type: ignore[misc]
    return en_columnas(paginas, por_segundo=round(por_segundo, 1), piso_por_segundo=round(del_piso, 1))


def _avanzar(cliente: Cliente, ruta: str, cuantas: int) -> str:
    """The address of the page that many «siguiente» further on, or of the last one."""
    for _ in range(cuantas):
        cuerpo = cliente.ver(ruta).cuerpo.decode()
        siguiente = re.search(r'href="\?([^"]*desde=d[^"]*)"', cuerpo)
        if siguiente is None:
            break
        ruta = f"{ruta.partition('?')[0]}?{siguiente[1].replace('&amp;', '&')}"
    return ruta


def cola_304(escena: Escena) -> Resultado:
    cliente = escena.entra(asesor())
    cuerpo = cliente.ver("/asesor/cola/").cuerpo.decode()
    sondeo, version = re.search(r'data-sondeo="([^"]*)"', cuerpo), re.search(r'data-version="([^"]*)"', cuerpo)
    assert sondeo and version
    ruta = f"/asesor/cola/{sondeo[1].replace('&amp;', '&')}&version={version[1]}"
    return en_columnas({"": escena.pagina(cliente, ruta, espera=204, Accept="application/json")})


def mis_solicitudes(escena: Escena) -> Resultado:
    """Of the entity that asks the most, which is the same in every size: of another one the page draws other rows."""
    with sistema():
        por_entidad = Solicitud.objects.order_by().values_list("entidad__codigo").annotate(cuantas=Count("pk"))
        mayor, _ = por_entidad.order_by("-cuantas", "entidad__codigo")[0]
    cliente = escena.entra(f"enlace.{mayor}@semilla.example")
    return en_columnas({
        "en curso": escena.pagina(cliente, "/mis-solicitudes/"),
        "respondidas": escena.pagina(cliente, "/mis-solicitudes/?pestana=respondidas"),
    })  # fmt: skip


def detalle(escena: Escena) -> Resultado:
    """Of the long ones, one with the lines of history and the files that are promised: the shortest of them, of a
    single parte and attended, so that every size draws as much (with two partes open there are twice as many clocks
    and buttons). As its entity sees it and as who attended it does."""
    with sistema():
        largas = Solicitud.objects.filter(
            reservada=False,
            dependencias=[_dependencia().pk],
            partes__estado="atendida",
            canal="portal",
            pk__in=Archivo.objects.filter(nombre=f"Anexo {ARCHIVOS}.pdf").values("solicitud"),
        )
        a_la_vista = Count("movimientos", filter=Q(movimientos__interno=False))
        elegibles = largas.annotate(hechos=a_la_vista).filter(hechos__gte=HECHOS).order_by("hechos", "-pk")
        radicado, entidad, hechos = elegibles.values_list("radicado", "entidad__codigo", "hechos")[0]
    return en_columnas({
        "entidad": escena.pagina(escena.entra(f"enlace.{entidad}@semilla.example"), f"/solicitudes/{radicado}/"),
        "asesor": escena.pagina(escena.entra(asesor()), f"/asesor/solicitudes/{radicado}/"),
    }, hechos=hechos, archivos=ARCHIVOS)  # fmt: skip


def _dependencia(codigo: str = COLA) -> Dependencia:
    return Dependencia.objects.get(codigo=codigo)


def buscar(escena: Escena) -> Resultado:
    modalidad = Modalidad.objects.get(codigo="concepto").pk
    jefa, una = escena.entra("directora@demo.example"), escena.entra(asesor())
    return en_columnas({
        "registro": escena.pagina(jefa, "/registro/"),
        "registro por palabra": escena.pagina(jefa, "/registro/?buscar=microfilmación"),
        "registro por palabra y filtros": escena.pagina(
            jefa, f"/registro/?buscar=microfilmación&modalidad={modalidad}&estado=atendida"
        ),
        "banco": escena.pagina(una, "/banco/?q=microfilmación"),
    })  # fmt: skip


# --- Filing and claiming -------------------------------------------------------------------------------------------
def radicar(escena: Escena) -> Resultado:
    cliente, rutas = con_borradores(escena, escena.veces + 20)
    piso = escena.del_piso()
    tiempos = por_turnos(
        lambda: cliente.enviar(next(rutas), {"acepta_datos": "on"}), escena.lista_del_piso(), escena.veces
    )
    tiempos.sql = int(cliente.enviar(next(rutas), {"acepta_datos": "on"}, X_Contar="1").cabeceras["X-Sql"])
    del_piso = [_radicar_en_el_piso(piso).ms for _ in range(30)]
    return en_columnas({"": tiempos}, piso_radicar_ms=round(sorted(del_piso)[15], 1))


def radicar_concurrente(escena: Escena) -> Resultado:
    gente = [con_borradores(escena, 400, k) for k in range(16)]
    pisos = [escena.del_piso(k) for k in range(16)]
    # The two turns of each, in halves: what the machine does meanwhile falls on both.
    nuestro = ajeno = 0.0
    for _ in range(2):
        nuestro += a_la_vez(
            [lambda c=c, r=r: _enviar_siguiente(c, r) for c, r in gente],  # type: ignore[misc]
            SEGUNDOS / 2,
            antes=ANTES,
        )
        ajeno += a_la_vez([lambda c=c: _radicar_en_el_piso(c) for c in pisos], SEGUNDOS / 2, antes=ANTES)  # type: ignore[misc]
    return {"razon": round(nuestro / ajeno, 3), "por_segundo": round(nuestro / 2, 1),
            "piso_por_segundo": round(ajeno / 2, 1)}  # fmt: skip


def _enviar_siguiente(cliente: Cliente, rutas: Iterator[str]) -> Respuesta | None:
    ruta = next(rutas, None)
    return cliente.enviar(ruta, {"acepta_datos": "on"}) if ruta else None


def _radicar_en_el_piso(cliente: Cliente) -> Respuesta:
    return cliente.enviar("/radicar/", {"asunto": "Aplicación de la TRD", "entidad": "Entidad 1"})


def tomar(escena: Escena) -> Resultado:
    dependencia = _dependencia()
    with sistema():
        esperan = Parte.objects.en_cola(dependencia).count()
    gente = [escena.entra(asesor(k)) for k in range(1, 17)]
    pisos = [escena.del_piso(k) for k in range(16)]
    principio, nuestro, ajeno = timezone.now(), 0.0, 0.0
    segundos = min(SEGUNDOS / 2, esperan / 400)
    for _ in range(2):
        nuestro += a_la_vez([lambda c=c: _tomar_la_siguiente(c) for c in gente], segundos, antes=ANTES)  # type: ignore[misc]
        ajeno += a_la_vez([lambda c=c: _tomar_en_el_piso(c) for c in pisos], segundos, antes=ANTES)  # type: ignore[misc]
    with connections["default"].cursor() as cursor:
        cursor.execute("set statement_timeout = 0")
    inversiones = contar_inversiones(dependencias=[dependencia.pk], desde=principio)
    return {"razon": round(nuestro / ajeno, 3), "por_segundo": round(nuestro / 2, 1),
            "piso_por_segundo": round(ajeno / 2, 1), "esperaban": esperan,
            "inversiones": sum(una.sin_motivo for una in inversiones)}  # fmt: skip


def _tomar_la_siguiente(cliente: Cliente) -> Respuesta | None:
    respuesta = cliente.enviar("/asesor/cola/siguiente/", {"dependencia": COLA})
    return respuesta if "/asesor/solicitudes/" in respuesta.cabeceras["Location"] else None


def _tomar_en_el_piso(cliente: Cliente) -> Respuesta | None:
    respuesta = cliente.pedir("POST", "/tomar/", {})
    return respuesta if respuesta.estado == 302 else None


def tablero(escena: Escena) -> Resultado:
    """With a minute of changes that nobody has put away yet (the clock does each minute), and filters of all kinds."""
    compactar()
    cliente, rutas = con_borradores(escena, DE_UN_MINUTO)
    for ruta in rutas:
        cliente.enviar(ruta, {"acepta_datos": "on"})
    jefa, subsecretaria = escena.entra("directora@demo.example"), escena.entra("subsecretaria@demo.example")
    sector = Sector.objects.order_by("pk")[0].pk
    hoy = timezone.localdate()
    meses = f"periodo=meses&desde_mes={hoy - timedelta(400):%Y-%m}&hasta_mes={hoy - timedelta(200):%Y-%m}"
    return en_columnas({
        "de una dirección": escena.pagina(jefa, "/tablero/"),
        "de todas": escena.pagina(subsecretaria, "/tablero/"),
        "un año": escena.pagina(subsecretaria, "/tablero/?periodo=anio"),
        "dirección y meses": escena.pagina(subsecretaria, f"/tablero/?direccion=DDAB&{meses}"),
        "sector y meses": escena.pagina(subsecretaria, f"/tablero/?sector={sector}&{meses}"),
    }, sin_compactar=DE_UN_MINUTO)  # fmt: skip


def memoria(escena: Escena) -> Resultado:
    """Every kind of page, by many: what the web processes weigh is looked at afterwards."""
    gente = las_trescientas(escena, minutos=1)[:40]
    azar = random.Random(5)  # noqa: S311
    pedidas = [uno.clic(azar) for _ in range(25) for uno in gente]
    if not all(pedidas):
        raise Inesperado(f"{pedidas.count(False)} de {len(pedidas)} páginas no contestaron bien.")
    return {"peticiones": len(pedidas)}


OPERACIONES: dict[str, Callable[[Escena], Resultado]] = {
    "cola": cola,
    "cola_304": cola_304,
    "mis_solicitudes": mis_solicitudes,
    "detalle": detalle,
    "radicar": radicar,
    "radicar_concurrente": radicar_concurrente,
    "tomar": tomar,
    "buscar": buscar,
    "tablero": tablero,
    "memoria": memoria,
    "exportar": tareas.exportar,
    "barrido": tareas.barrido,
    "reflujo": tareas.reflujo,
    "pdf": tareas.pdf,
    "pagina": tareas.pagina,
    "mezcla": mezcla,
    "clasificador": lenguaje.clasificador,
    "correo": correo.correo,
}
