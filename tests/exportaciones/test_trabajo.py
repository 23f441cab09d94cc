"""The job from asking to the file, over a database where commits are real (R25, R26, E03)."""

import csv
import io
import os
import re
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from alcance import actual, como_sistema
from archivos.almacen import escribir
from avisos.models import Aviso
from bandeja.models import Entrega
from bandeja.services import entregar_larga
from bitacora.models import Suceso
from direcciones.models import Membresia
from direcciones.services.catalogos import cambiar_fila, terminar_fila
from direcciones.services.membresias import terminar_membresia
from exportaciones import copia, services, trabajo
from exportaciones.consulta import SATISFACCION, Consulta
from exportaciones.escritores.a_csv import Sumidero
from exportaciones.escritores.a_xlsx import EscritorXlsx
from exportaciones.estados import EstadoExportacion as E
from exportaciones.models import Exportacion
from plazos.fechas import fecha_corrida
from solicitudes.columnas import POR_CLAVE, Columna
from solicitudes.models import Parte
from tests.fabricas import actuar, radicada
from tests.soporte.elenco import Elenco, crear_elenco
from tests.soporte.hilos import a_la_vez, en_otra_conexion

TODAS = [*POR_CLAVE, "satisfaccion"]


@pytest.fixture
def gente(base_propia: str, tmp_path: Path, settings) -> Elenco:
    """The cast, in a database and a storage of this test alone."""
    (tmp_path / services.CARPETA).mkdir()
    local = settings.STORAGES["default"]
    options = local["OPTIONS"] | {"location": tmp_path}
    settings.STORAGES = settings.STORAGES | {"default": local | {"OPTIONS": options}}
    return crear_elenco()


def leer(pk: int) -> Exportacion:
    with como_sistema("prueba"), transaction.atomic():
        return Exportacion.objects.get(pk=pk)


def pedir(persona: Any, filtros: str = "", columnas: Any = TODAS, formato: str = "csv") -> Exportacion:
    with actuar(persona), transaction.atomic():
        return services.pedir(persona=persona, filtros=filtros, columnas=columnas, formato=formato)


def bytes_de(persona: Any, exportacion: Exportacion) -> bytes:
    with actuar(persona), transaction.atomic(), services.abrir(exportacion=leer(exportacion.pk)) as archivo:
        return archivo.read()


def filas_csv(crudo: bytes) -> list[list[str]]:
    lineas = list(csv.reader(io.StringIO(crudo.decode("utf-8-sig"), newline=""), delimiter=";"))
    return [linea for linea in lineas if not linea[0].startswith("#")]


def archivos() -> list[Path]:
    """Everything the exports have on disk, named or not yet."""
    carpeta = Path(default_storage.path(services.CARPETA))
    return [ruta for ruta in carpeta.rglob("*") if ruta.is_file()]


def sembrar(elenco: Elenco) -> None:
    """Two direcciones, two entidades, one reserved, and subjects that would be formulas."""
    cuales = [
        (elenco.enlace, elenco.tema_tablas, False),
        (elenco.enlace, elenco.tema_integridad, False),
        (elenco.otra_enlace, elenco.tema_tablas, True),
        (elenco.otra_enlace, elenco.tema_comision, False),
    ]
    for n, (por, tema, reservada) in enumerate(cuales):
        radicada(por=por, temas=[tema], asunto=f"=ASUNTO({n})", reservada=reservada)


def test_de_pedirla_a_descargarla(gente: Elenco) -> None:
    """E03 in small: one file per format with the same rows, told to its person, each step on record."""
    sembrar(gente)
    antes = len(archivos())
    pedidas = {formato: pedir(gente.auditora, formato=formato) for formato in ("csv", "xlsx", "ods")}
    assert pedir(gente.auditora, formato="csv").pk == pedidas["csv"].pk  # a double click
    assert [entregar_larga() for _ in range(4)] == [1, 1, 1, 0]
    crudos = {formato: bytes_de(gente.auditora, pedida) for formato, pedida in pedidas.items()}
    for formato, pedida in pedidas.items():
        lista = leer(pedida.pk)
        assert (lista.estado, lista.filas, lista.total, lista.bytes) == (E.LISTA, 4, 4, len(crudos[formato]))
    titulos, *filas = filas_csv(crudos["csv"])
    assert len(filas) == 4 and [len(fila) for fila in filas] == [len(titulos)] * 4
    por_titulo = [dict(zip(titulos, fila, strict=True)) for fila in filas]
    assert [fila["Asunto"] for fila in por_titulo] == [f"'=ASUNTO({n})" for n in (3, 2, 1, 0)]
    libro = openpyxl.load_workbook(io.BytesIO(crudos["xlsx"]))
    de_excel = [[c.value for c in fila] for fila in libro["Registro"].iter_rows(min_row=2)]
    de_ods = CalamineWorkbook.from_filelike(io.BytesIO(crudos["ods"])).get_sheet_by_name("Registro").to_python()[1:]
    tipos = [columna.tipo for columna in leidas(pedidas["csv"])]
    for fila, *hojas in zip(filas, de_excel, de_ods, strict=True):
        for hoja in hojas:
            assert [como_csv(valor, tipo) for valor, tipo in zip(hoja, tipos, strict=True)] == fila
    consulta = dict(f[:2] for f in libro["Consulta"].iter_rows(min_row=2, values_only=True))
    assert (
        consulta["Registros"] == "4" and consulta["Por"].startswith("Gloria Ríos") and consulta["Filtros"] == "ninguno"
    )
    with como_sistema("prueba"), transaction.atomic():
        avisos = list(Aviso.objects.filter(persona=gente.auditora).values_list("titulo", flat=True))
        acciones = list(
            Suceso.objects.filter(objeto_tipo="exportaciones.exportacion")
            .order_by("id")
            .values_list("accion", flat=True)
        )
    assert avisos == ["Su exportación del registro quedó lista"] * 3
    assert acciones == [f"exportacion.{a}" for a in ("pedir",) * 3 + ("terminar",) * 3 + ("descargar",) * 3]
    assert len(archivos()) == antes + 3


def leidas(exportacion: Exportacion) -> list[Columna]:
    return [SATISFACCION if clave == SATISFACCION.clave else POR_CLAVE[clave] for clave in exportacion.columnas]


def como_csv(valor: Any, tipo: str) -> str:
    """A value read from a sheet, as the CSV says it."""
    if valor in (None, ""):
        return ""
    if tipo in {"fecha", "instante"}:
        return f"{valor:%Y-%m-%d}" if tipo == "fecha" else f"{valor:%Y-%m-%d %H:%M:%S}"
    if tipo == "numero":
        return f"{valor:.2f}".replace(".", ",")
    return f"'{valor}" if valor.startswith("=") else valor


def lo_que_dice(crudo: bytes, formato: str) -> dict[str, str]:
    """What the file says of itself, by name."""
    if formato == "csv":
        lineas = [linea for linea in crudo.decode("utf-8-sig").splitlines() if linea.startswith("# ")]
        return dict(linea[2:].split(": ", 1) for linea in lineas[1:])
    if formato == "xlsx":
        hoja = openpyxl.load_workbook(io.BytesIO(crudo))["Consulta"]
        return {nombre: valor for nombre, valor, *_ in hoja.iter_rows(min_row=2, values_only=True)}
    hoja = CalamineWorkbook.from_filelike(io.BytesIO(crudo)).get_sheet_by_name("Consulta").to_python()
    return {str(fila[0]): str(fila[1]) for fila in hoja[1:]}


def cuantas_filas(crudo: bytes, formato: str) -> int:
    if formato == "csv":
        return len(filas_csv(crudo)) - 1
    return len(CalamineWorkbook.from_filelike(io.BytesIO(crudo)).get_sheet_by_name("Registro").to_python()) - 1


@pytest.mark.parametrize("formato", ["csv", "xlsx", "ods"])
def test_el_archivo_dice_los_filtros_de_sus_filas(gente: Elenco, formato: str) -> None:
    sembrar(gente)
    hoy = timezone.localdate()
    filtros = f"buscar=ASUNTO&entidad={gente.secretaria.pk}&dependencia=STDI&estado=abierta&reservada=no&desde={hoy}"
    esperados = {
        "Buscar": "ASUNTO", "Dependencia": "Subdirección Técnica de Desarrollo Institucional",
        "Entidad": "Secretaría Distrital de Gobierno", "Estado": "Todas las abiertas", "Reserva": "Sin reserva",
        "Recibidas desde": fecha_corrida(hoy),
    }  # fmt: skip
    pedida = pedir(gente.auditora, filtros, formato=formato)
    assert entregar_larga() == 1
    crudo = bytes_de(gente.auditora, pedida)
    dicho = lo_que_dice(crudo, formato)
    assert dicho.pop("Por").startswith("Gloria Ríos") and dicho.pop("Generado").endswith(", hora de Bogotá")
    assert dicho.pop("Registros", "1") == "1" and cuantas_filas(crudo, formato) == 1
    assert dicho == esperados == dict(par.split(": ") for par in leer(pedida.pk).en_palabras.split(" · "))


@pytest.mark.parametrize("formato", ["csv", "xlsx", "ods"])
def test_el_archivo_dice_el_instante_de_sus_filas(gente: Elenco, monkeypatch, formato: str) -> None:
    """What was filed before that instant is in, and what was filed later is not, however long it takes to write."""
    sembrar(gente)
    pedida, instantes = pedir(gente.auditora, formato=formato), []

    def con_otras(hacer: Callable[..., Any], *, antes: bool) -> Callable[..., Any]:
        def hacerlo(*args: Any) -> Any:
            if len(instantes) == (0 if antes else 1):
                instantes.append(timezone.now())
                en_otra_conexion(lambda: sembrar(gente))
                time.sleep(1.1)  # the file tells seconds
                instantes[0] = timezone.now() if antes else instantes[0]
            return hacer(*args)

        return hacerlo

    if formato == "csv":
        monkeypatch.setattr(copia, "_fotografiar", con_otras(copia._fotografiar, antes=True))
        monkeypatch.setattr(copia, "_copiar", con_otras(copia._copiar, antes=False))
    else:
        escritor = trabajo.HOJAS[formato]
        monkeypatch.setattr(Consulta, "filas", con_otras(Consulta.filas, antes=True))
        monkeypatch.setattr(escritor, "escribir", con_otras(escritor.escribir, antes=False))
    assert entregar_larga() == 1 and len(instantes) == 2
    crudo = bytes_de(gente.auditora, pedida)
    generado = datetime.fromisoformat(lo_que_dice(crudo, formato)["Generado"].removesuffix(", hora de Bogotá"))
    desde, hasta = (timezone.localtime(uno).replace(tzinfo=None, microsecond=0) for uno in instantes)
    assert desde <= generado <= hasta and cuantas_filas(crudo, formato) == 8


def test_sin_uno_de_sus_filtros_no_se_hace(gente: Elenco) -> None:
    """It went on without it, with the rows of everybody, and its page still told the filter."""
    sembrar(gente)
    hecha, pedida = pedir(gente.auditora, "dependencia=SSDA"), pedir(gente.auditora, "dependencia=SSDA", formato="ods")
    assert entregar_larga() == 1
    with actuar(gente.administradora), transaction.atomic():
        cambiar_fila(fila=gente.sistema_archivos, datos={"codigo": "SSDA2"})
    antes = archivos()
    assert entregar_larga() == 1 and archivos() == antes
    assert (leer(pedida.pk).estado, leer(pedida.pk).porque) == (E.FALLIDA, services.CAMBIARON)
    with actuar(gente.auditora), transaction.atomic(), pytest.raises(ValidationError, match="Elíjalos otra vez"):
        services.repetir(persona=gente.auditora, exportacion=leer(hecha.pk))


def test_lo_que_termino_mientras_esperaba_sale_con_su_filtro(gente: Elenco) -> None:
    sembrar(gente)
    pedida = pedir(gente.auditora, "dependencia=SSDA")
    with actuar(gente.administradora), transaction.atomic():
        terminar_fila(fila=gente.sistema_archivos, hasta=timezone.localdate() - timedelta(days=1))
    assert entregar_larga() == 1
    assert cuantas_filas(bytes_de(gente.auditora, pedida), "csv") == 2


# --- E03: the file, the screen and an oracle that shares no code with them ---------------------------------------
def en_pantalla(navegador: Any, filtros: str) -> list[str]:
    """Radicados of every page of the register, as a person would read them."""
    radicados: list[str] = []
    direccion = f"?{filtros}"
    while direccion:
        texto = navegador.get(reverse("atencion:registro") + direccion).content.decode()
        radicados += re.findall(r'class="radicado" href="[^"]*"[^>]*>([^<]+)<', texto)
        siguiente = re.search(r'href="([^"]*desde_fila=d[^"]*)"', texto)
        direccion = siguiente[1].replace("&amp;", "&") if siguiente else ""
    return radicados


def ven(elenco: Elenco) -> dict[str, Callable[[Parte], bool]]:
    """Who sees which partes, by hand. Nobody of them is named in a reserved one but its head and the auditor."""
    archivo, tecnica = {elenco.sistema_archivos.pk}, {elenco.tecnica.pk}
    return {
        "asesora": lambda p: p.dependencia_id in archivo and not p.reservada,
        "asesor_tecnica": lambda p: p.dependencia_id in tecnica and not p.reservada,
        "directora": lambda p: p.dependencia_id in archivo,
        "subsecretaria": lambda p: not p.reservada,
        "auditora": lambda p: True,
    }


FILTROS: dict[str, Callable[[Parte], bool]] = {
    "": lambda p: True,
    "estado=abierta&canal=portal": lambda p: p.solicitud.canal == "portal",
    "buscar=ASUNTO&estado=en_cola": lambda p: p.estado == "en_cola",
    "hasta=2020-01-01": lambda p: False,
}


@pytest.mark.parametrize(
    ("roles", "filtros"),
    [
        (["asesora", "auditora"], ["", "buscar=ASUNTO&estado=en_cola"]),
        pytest.param([], [], marks=pytest.mark.larga, id="todos"),
    ],
)
def test_las_filas_del_archivo_son_las_de_la_pantalla(
    gente: Elenco, entrar, monkeypatch, roles: list[str], filtros: list[str]
) -> None:
    """E03, one after another through the same worker and connection: nothing of a tenant stays for the next."""
    monkeypatch.setattr(services, "A_LA_VEZ", 99)
    for _ in range(7):
        sembrar(gente)  # more than a page
    with como_sistema("prueba"), transaction.atomic():
        todas = list(Parte.objects.select_related("solicitud").order_by("-recibido_en", "-solicitud_id", "-id"))
    reglas = ven(gente)
    casos = [(quien, cuales) for quien in roles or reglas for cuales in filtros or FILTROS]
    pedidas = [pedir(getattr(gente, quien), cuales, ["asunto"]) for quien, cuales in casos]
    while entregar_larga():
        pass
    for (quien, cuales), pedida in zip(casos, pedidas, strict=True):
        persona, ve, cumple = getattr(gente, quien), reglas[quien], FILTROS[cuales]
        _, *filas = filas_csv(bytes_de(persona, pedida))
        esperadas = [p.solicitud.radicado for p in todas if ve(p) and cumple(p)]
        assert [fila[0] for fila in filas] == esperadas, (quien, cuales)
        with transaction.atomic():
            assert en_pantalla(entrar(persona), cuales) == esperadas, (quien, cuales)


def test_copy_tambien_pasa_por_las_politicas(gente: Elenco) -> None:
    """The third net alone, without a filter of ours: COPY of the whole table gives each their own, and nobody none."""
    sembrar(gente)

    def copiadas() -> int:
        sumidero = Sumidero(io.BytesIO(), ())
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.copy_expert("copy (select id from solicitudes_parte) to stdout", sumidero)
        sumidero.vaciar()
        return sumidero.filas

    cuantas = []
    for persona in (gente.auditora, gente.asesora, gente.asesor_tecnica):
        with actuar(persona):
            cuantas.append(copiadas())
    assert actual() is None and [*cuantas, copiadas()] == [4, 1, 1, 0]


# --- What may happen meanwhile -----------------------------------------------------------------------------------
def test_cancelarla_a_mitad_para_y_no_deja_nada(gente: Elenco, monkeypatch) -> None:
    for _ in range(3):
        sembrar(gente)
    escritas: list[int] = []
    pedida = pedir(gente.auditora, formato="xlsx")
    original = EscritorXlsx.escribir

    def escribir_y_cancelar(self: Any, filas: Any) -> None:
        original(self, filas)
        escritas.append(len(filas))
        if len(escritas) == 3:
            en_otra_conexion(lambda: cancelar(gente.auditora, pedida))

    monkeypatch.setattr(EscritorXlsx, "escribir", escribir_y_cancelar)
    monkeypatch.setattr(trabajo, "TANDA", 2)
    monkeypatch.setattr(trabajo.Avance, "quiza", trabajo.Avance.dar)
    antes = archivos()
    assert entregar_larga() == 1 and escritas == [2, 2, 2]
    assert leer(pedida.pk).estado == E.CANCELADA and archivos() == antes
    assert entregar_larga() == 0 and not avisos_de(gente.auditora)
    # One that somebody cancelled while its file was being stored keeps no file either.
    otra = pedir(gente.auditora, formato="csv")
    guardar = trabajo.almacen.escribir_largo

    def guardar_y_cancelar(*args: Any, **kwargs: Any) -> Any:
        escrito = guardar(*args, **kwargs)
        en_otra_conexion(lambda: cancelar(gente.auditora, otra))
        return escrito

    monkeypatch.setattr(trabajo.almacen, "escribir_largo", guardar_y_cancelar)
    assert entregar_larga() == 1 and leer(otra.pk).estado == E.CANCELADA and archivos() == antes


def cancelar(persona: Any, exportacion: Exportacion) -> None:
    with actuar(persona):
        assert services.cancelar(exportacion=exportacion)


def en_mitades(monkeypatch, hacer: Callable[[int, Callable[[], None]], None]) -> None:
    """Any export is large enough for two connections; `hacer` is given which half it is and what copies it."""
    copiar = copia._copiar

    def cada_una(consulta: Any, sumidero: Any, muchas: bool) -> None:
        assert muchas
        n = int(sumidero._salida.tell() == 0)  # the heading is already in the file of the first
        hacer(n, lambda: copiar(consulta, sumidero, muchas))

    monkeypatch.setattr(copia, "MUCHAS", 2)
    monkeypatch.setattr(copia, "_copiar", cada_una)


def dormir() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_sleep(60)")


def test_dos_mitades_hacen_el_archivo_de_una(gente: Elenco, monkeypatch) -> None:
    """Same rows in the same order, of one instant: what is filed while they are copied is in neither."""
    for _ in range(3):
        sembrar(gente)
    entera = pedir(gente.auditora)
    assert entregar_larga() == 1
    copiadas: list[int] = []

    def copiar_despues(n: int, hacer: Callable[[], None]) -> None:
        en_otra_conexion(lambda: sembrar(gente))
        hacer()
        copiadas.append(n)

    en_mitades(monkeypatch, copiar_despues)
    mitades = pedir(gente.auditora)
    assert entregar_larga() == 1 and sorted(copiadas) == [0, 1]
    filas = filas_csv(bytes_de(gente.auditora, mitades))
    assert filas == filas_csv(bytes_de(gente.auditora, entera)) and len(filas) == 13
    assert (leer(mitades.pk).filas, leer(mitades.pk).total) == (12, 12)
    otra = pedir(gente.asesora)  # each half has the alcance of its person, and only that
    assert entregar_larga() == 1
    assert len(filas_csv(bytes_de(gente.asesora, otra))) == 1 + 5


@pytest.mark.parametrize("cual", [0, 1])
def test_una_mitad_que_falla_para_a_la_otra(gente: Elenco, monkeypatch, cual: int) -> None:
    sembrar(gente)
    pedida, antes, paradas = pedir(gente.auditora), archivos(), []
    duerme = threading.Event()

    def fallar(n: int, hacer: Callable[[], None]) -> None:
        if n == cual:
            assert duerme.wait(30)
            raise OSError("disco lleno")
        duerme.set()
        with pytest.raises(OperationalError, match="cancel"):
            dormir()
        paradas.append(n)

    en_mitades(monkeypatch, fallar)
    assert entregar_larga() == 0 and paradas == [1 - cual]
    assert leer(pedida.pk).estado == E.EN_CURSO and archivos() == antes


def test_cancelarla_para_las_dos_mitades(gente: Elenco, monkeypatch) -> None:
    sembrar(gente)
    pedida, antes, paradas = pedir(gente.auditora), archivos(), []

    def esperar(n: int, hacer: Callable[[], None]) -> None:
        hacer()
        with pytest.raises(OperationalError, match="cancel"):
            dormir()
        paradas.append(n)

    def cancelar_y_mirar(avance: Any, filas: int) -> None:
        if filas == 4:
            en_otra_conexion(lambda: cancelar(gente.auditora, pedida))
            avance.dar(filas)

    en_mitades(monkeypatch, esperar)
    monkeypatch.setattr(trabajo.Avance, "quiza", cancelar_y_mirar)
    assert entregar_larga() == 1 and sorted(paradas) == [0, 1]
    assert leer(pedida.pk).estado == E.CANCELADA and archivos() == antes


def avisos_de(persona: Any) -> list[str]:
    with como_sistema("prueba"), transaction.atomic():
        return list(Aviso.objects.filter(persona=persona).order_by("id").values_list("titulo", flat=True))


def test_el_avance_se_ve_desde_fuera_mientras_se_hace(gente: Elenco, monkeypatch) -> None:
    for _ in range(3):
        sembrar(gente)
    vistas: list[tuple[str, int, int | None]] = []
    pedida = pedir(gente.auditora, formato="ods")

    def mirar(avance: Any, filas: int) -> None:
        trabajo.Avance.dar(avance, filas)
        en_otra_conexion(lambda: vistas.append((leer(pedida.pk).estado, leer(pedida.pk).filas, leer(pedida.pk).total)))

    monkeypatch.setattr(trabajo, "TANDA", 4)
    monkeypatch.setattr(trabajo.Avance, "quiza", mirar)
    assert entregar_larga() == 1
    assert vistas == [(E.EN_CURSO, 4, 12), (E.EN_CURSO, 8, 12), (E.EN_CURSO, 12, 12)]


def test_quien_ya_no_tiene_el_rol_no_la_recibe(gente: Elenco) -> None:
    """Rights are read when the job runs, not when it was asked."""
    sembrar(gente)
    pedida, antes = pedir(gente.asesora), archivos()
    with actuar(gente.administradora), transaction.atomic():
        terminar_membresia(membresia=Membresia.objects.get(persona=gente.asesora), motivo="Se retiró")
    assert entregar_larga() == 1
    fallida = leer(pedida.pk)
    assert (fallida.estado, fallida.porque) == (E.FALLIDA, "El rol con el que la pidió ya terminó.")
    assert archivos() == antes and avisos_de(gente.asesora) == ["Su exportación del registro no se pudo hacer"]


def test_una_falla_se_intenta_tres_veces_y_no_deja_nada(gente: Elenco, monkeypatch) -> None:
    sembrar(gente)
    pedida, antes = pedir(gente.auditora, formato="xlsx"), archivos()

    def romper(self: Any, ficha: Any) -> None:
        raise OSError("disco lleno")

    monkeypatch.setattr(EscritorXlsx, "cerrar", romper)
    for intento in range(1, trabajo.INTENTOS + 1):
        with como_sistema("prueba"), transaction.atomic():
            Entrega.objects.filter(tipo=services.TIPO).update(proximo_intento=timezone.now())
        assert entregar_larga() == (intento == trabajo.INTENTOS)
        assert archivos() == antes
        assert leer(pedida.pk).estado == (E.FALLIDA if intento == trabajo.INTENTOS else E.EN_CURSO)
    assert avisos_de(gente.auditora) == ["Su exportación del registro no se pudo hacer"]
    # Its person may ask again at once.
    monkeypatch.undo()
    otra = pedir(gente.auditora, formato="xlsx")
    assert otra.pk != pedida.pk and entregar_larga() == 1 and leer(otra.pk).estado == E.LISTA


def test_el_limite_de_las_paginas_no_corta_el_trabajo(gente: Elenco, monkeypatch) -> None:
    """The 10 seconds of a page are raised for the job alone, and its connection goes back as it was."""
    vistos: list[str] = []
    original = EscritorXlsx.escribir

    def mirar(self: Any, filas: Any) -> None:
        vistos.append(limite())
        original(self, filas)

    monkeypatch.setattr(EscritorXlsx, "escribir", mirar)
    sembrar(gente)
    pedir(gente.auditora, formato="xlsx")
    assert (limite(), entregar_larga(), vistos, limite()) == ("10s", 1, ["30min"], "10s")


def limite() -> str:
    with connection.cursor() as cursor:
        cursor.execute("show statement_timeout")
        return str(cursor.fetchone()[0])


def test_la_misma_pedida_ocho_veces_a_la_vez_es_una(gente: Elenco) -> None:
    pedidas = a_la_vez(8, lambda n: pedir(gente.auditora, "estado=abierta").pk)
    assert len(set(pedidas)) == 1


# --- The end of its week -----------------------------------------------------------------------------------------
def test_pasados_siete_dias_no_queda_el_archivo(gente: Elenco) -> None:
    """And neither what no row names, nor one that nobody finished in a day."""
    sembrar(gente)
    antes = archivos()
    pedida = pedir(gente.auditora)
    entregar_larga()
    olvidada = pedir(gente.auditora, formato="ods")
    huerfano = Path(default_storage.path(escribir(ContentFile(b"a medias"), carpeta=services.CARPETA).ruta))
    assert services.barrer() == {"vencidas": 0, "abandonadas": 0, "huerfanos": 0}
    hace_dos_horas = time.time() - 7200
    os.utime(huerfano, (hace_dos_horas, hace_dos_horas))
    assert services.barrer() == {"vencidas": 0, "abandonadas": 0, "huerfanos": 1} and not huerfano.exists()
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert services.barrer() == {"vencidas": 1, "abandonadas": 1, "huerfanos": 0}
        assert services.barrer() == {"vencidas": 0, "abandonadas": 0, "huerfanos": 0}
    assert (leer(pedida.pk).estado, leer(pedida.pk).ruta, leer(olvidada.pk).estado) == (E.VENCIDA, "", E.FALLIDA)
    assert archivos() == antes
    with pytest.raises(services.NoDisponible):
        bytes_de(gente.auditora, pedida)
