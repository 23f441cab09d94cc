"""The job from asking to the file, over a database where commits are real."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.db import transaction
from python_calamine import CalamineWorkbook

from alcance import como_sistema
from avisos.models import Aviso
from bandeja.services import entregar_larga
from bitacora.models import Suceso
from exportaciones import services
from exportaciones.consulta import SATISFACCION
from exportaciones.estados import EstadoExportacion as E
from exportaciones.models import Exportacion
from solicitudes.columnas import POR_CLAVE, Columna
from tests.fabricas import actuar, radicada
from tests.soporte.elenco import Elenco, crear_elenco

TODAS = [*POR_CLAVE, "satisfaccion"]


@pytest.fixture
def gente(base_propia: str) -> Elenco:
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
    carpeta = Path(settings.ARCHIVOS_DIR) / services.CARPETA
    return [ruta for ruta in carpeta.rglob("*") if ruta.is_file()]


def sembrar(elenco: Elenco) -> list[Any]:
    """Two direcciones, two entidades, one reserved, and a subject that would be a formula."""
    temas = [elenco.tema_tablas, elenco.tema_integridad, elenco.tema_tablas, elenco.tema_comision]
    quien = [elenco.enlace, elenco.enlace, elenco.otra_enlace, elenco.otra_enlace]
    return [
        radicada(por=por, temas=[tema], asunto=f"=ASUNTO({n})")
        for n, (por, tema) in enumerate(zip(quien, temas, strict=True))
    ]


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
