"""The board to take away: the same figures and tables as the page, as a PDF and as a spreadsheet."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify

from documentos.contextos import Membrete
from documentos.fechas import instante_largo
from documentos.pdf import Documento, crear_pdf
from tableros.cifras import Formato
from tableros.peticion import Pedido
from tableros.tablero import Columna, Tabla, Tablero, Valor, tabla_de_tarjetas

TIPO_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLAS = ("meses", "dependencias", "edades", "carga", "tema", "modalidad", "nunca", "respuesta")
_FORMATOS = {Formato.ENTERO: "#,##0", Formato.PORCENTAJE: '0.0" %"', Formato.PROMEDIO: "0.0", Formato.TEXTO: "@"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextoTablero:
    membrete: Membrete
    titulo: str
    periodo: str
    anterior: str
    donde: str
    sector: str
    hecho: str
    en_curso: bool
    hoy: list[tuple[str, str]]
    tablas: list[Tabla]
    demostracion: bool
    codigo_legible: str = ""

    @property
    def imagenes(self) -> list[str]:
        return []


def pdf_del_tablero(pedido: Pedido, tablero: Tablero) -> Documento:
    contexto = ContextoTablero(
        membrete=Membrete.institucional(settings.IDENTIDAD),
        titulo="Informe de asistencia técnica",
        periodo=str(tablero.corte.periodo),
        anterior=str(tablero.anterior),
        donde=pedido.donde,
        sector=pedido.sector if tablero.corte.sector else "",
        hecho=instante_largo(tablero.hecho_en),
        en_curso=tablero.en_curso,
        hoy=[(t.titulo, t.valor.texto) for t in tablero.hoy],
        tablas=[tabla_de_tarjetas(tablero), *(tablero.tablas[clave] for clave in TABLAS)],
        demostracion=settings.ES_DEMO,
    )
    return crear_pdf("tablero", contexto)


def xlsx_del_tablero(pedido: Pedido, tablero: Tablero) -> bytes:
    """One sheet per table, with numbers as numbers and texts as texts: nothing typed by anybody becomes a formula."""
    salida = BytesIO()
    opciones = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    libro = xlsxwriter.Workbook(salida, opciones)
    formatos = {formato: libro.add_format({"num_format": texto}) for formato, texto in _FORMATOS.items()}
    fuerte = libro.add_format({"bold": True, "bottom": 1})
    libro.set_properties({"title": f"Tablero: {tablero.corte.periodo}", "author": settings.IDENTIDAD["nombre"]})
    _hoja_de_filtros(libro.add_worksheet("Filtros"), pedido, tablero, fuerte)
    for tabla in (_cifras_con_numeros(tablero), *(tablero.tablas[clave] for clave in TABLAS)):
        hoja = libro.add_worksheet(tabla.titulo[:31])
        hoja.freeze_panes(1, 0)
        hoja.set_column(0, 0, 45)
        hoja.set_column(1, len(tabla.columnas), 18)
        for n, columna in enumerate(tabla.columnas):
            hoja.write_string(0, n, columna.texto, fuerte)
        for f, fila in enumerate(tabla.filas, start=1):
            for n, valor in enumerate(fila):
                _escribir(hoja, f, n, valor, formatos)
    libro.close()
    return salida.getvalue()


def _cifras_con_numeros(tablero: Tablero) -> Tabla:
    """Today's and the period's figures with the ones before, each in its own format."""
    columnas = [Columna("Cifra", Formato.TEXTO), Columna("Valor"), Columna("Antes")]
    filas = [
        [Valor(t.titulo, Formato.TEXTO), t.valor, Valor(t.antes, t.valor.formato)]
        for t in (*tablero.hoy, *tablero.periodo)
    ]
    return Tabla("cifras", "Cifras", columnas, filas)


def _hoja_de_filtros(hoja: Any, pedido: Pedido, tablero: Tablero, fuerte: Any) -> None:
    filas = (
        ("Período", f"{tablero.corte.periodo}{' (en curso)' if tablero.en_curso else ''}"),
        ("Comparado con", str(tablero.anterior)),
        ("Dependencias", pedido.donde),
        ("Sector", pedido.sector),
        ("Hecho", instante_largo(tablero.hecho_en)),
        ("Fuente", f"{settings.IDENTIDAD['nombre']}, {settings.DOMINIO}"),
    )
    hoja.set_column(0, 0, 18)
    hoja.set_column(1, 1, 80)
    for n, (nombre, valor) in enumerate(filas):
        hoja.write_string(n, 0, nombre, fuerte)
        hoja.write_string(n, 1, valor)


def _escribir(hoja: Any, fila: int, columna: int, valor: Valor, formatos: dict[Formato, Any]) -> None:
    if isinstance(valor.numero, int | float):
        hoja.write_number(fila, columna, round(valor.numero, 4), formatos[valor.formato])
    elif valor.numero:
        hoja.write_string(fila, columna, valor.numero, formatos[Formato.TEXTO])


def nombre_de_archivo(tablero: Tablero, extension: str) -> str:
    """«tablero-noviembre-de-2026-2026-11-25.pdf»."""
    dia = timezone.localdate(tablero.hecho_en)
    return f"tablero-{slugify(str(tablero.corte.periodo))}-{dia.isoformat()}.{extension}"
