"""What is written is read back by programs that are not ours: types, sheets, and no formula ever (E02)."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from exportaciones.escritores import Escritor, Ficha, a_ods, a_xlsx
from exportaciones.escritores.a_csv import EN_BOGOTA, Sumidero, encabezado, orden_copy
from exportaciones.escritores.a_ods import EscritorOds
from exportaciones.escritores.a_xlsx import EscritorXlsx
from exportaciones.escritores.textos import es_riesgoso, sin_formula
from solicitudes.columnas import Columna

COLUMNAS = (
    Columna("radicado", "Radicado", "texto", ""),
    Columna("recepcion", "Recepción", "instante", ""),
    Columna("vence", "Vence", "fecha", ""),
    Columna("asunto", "Asunto", "texto", ""),
    Columna("nota", "Satisfacción", "numero", ""),
)
FICHA = Ficha("Registro de solicitudes", (("Filtros", "Estado: Cerrada"), ("Buscar", "=1+1; =2+2\n@x")))
INSTANTE = datetime(2026, 3, 25, 23, 59, 58)
FILAS = [
    ("AT-2026-000001", INSTANTE, date(2026, 4, 10), "=cmd|' /C calc'!A0", Decimal("-4.33")),
    ("AT-2026-000002", None, None, "  a  b \n\tc <&> _x0041_ 'ñ'  ", None),
    ("", None, None, "", 5),
]
# Everything a person can type and PostgreSQL can keep; half of it starts as an attack would.
ATAQUES = st.sampled_from(
    ["=", "+", "-", "@", "\t", "\r", "\n", "'", '"', " ", "\xa0", "\u200b", "\ufeff", "＝", "＠", ";"]
)
TEXTOS = st.builds(
    "".join,
    st.tuples(
        st.text(ATAQUES, max_size=4),
        st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12),
    ),
)


def hacer(clase: type[Escritor], filas: Sequence[Any], columnas: Sequence[Columna] = COLUMNAS) -> io.BytesIO:
    salida = io.BytesIO()
    escritor = clase(salida, columnas)
    escritor.escribir(filas)
    escritor.cerrar(FICHA)
    salida.seek(0)
    return salida


def test_xlsx_con_sus_tipos_y_su_consulta() -> None:
    libro = openpyxl.load_workbook(hacer(EscritorXlsx, FILAS))
    assert libro.sheetnames == ["Registro", "Consulta"]
    hoja = libro["Registro"]
    valores = [[celda.value for celda in fila] for fila in hoja.iter_rows()]
    valores[2][3] = unescape(valores[2][3])  # openpyxl leaves to whoever reads what the format says of _x005F_
    assert valores == [
        ["Radicado", "Recepción", "Vence", "Asunto", "Satisfacción"],
        ["AT-2026-000001", INSTANTE, datetime(2026, 4, 10), "=cmd|' /C calc'!A0", -4.33],
        ["AT-2026-000002", None, None, "  a  b \n\tc <&> _x0041_ 'ñ'  ", None],
        [None, None, None, None, 5],
    ]
    assert [celda.data_type for celda in hoja[2]] == ["s", "d", "d", "s", "n"]
    assert [celda.number_format for celda in hoja[2]] == ["@", "dd/mm/yyyy hh:mm", "dd/mm/yyyy", "@", "General"]
    assert (hoja.freeze_panes, hoja.auto_filter.ref) == ("B2", "A1:E4")
    consulta = [[celda.value for celda in fila] for fila in libro["Consulta"].iter_rows()]
    assert consulta == [["Registro de solicitudes", None], *map(list, FICHA.pares)]
    assert {celda.data_type for fila in libro["Consulta"].iter_rows() for celda in fila if celda.value} == {"s"}


def test_ods_con_sus_tipos_y_su_consulta() -> None:
    hecho = hacer(EscritorOds, FILAS)
    assert "<text:p><text:tab/>c &lt;&amp;&gt;" in ZipFile(hecho).read("content.xml").decode()  # calamine skips tabs
    hecho.seek(0)
    libro = CalamineWorkbook.from_filelike(hecho)
    assert libro.sheet_names == ["Registro", "Consulta"]
    assert libro.get_sheet_by_name("Registro").to_python() == [
        ["Radicado", "Recepción", "Vence", "Asunto", "Satisfacción"],
        ["AT-2026-000001", INSTANTE, date(2026, 4, 10), "=cmd|' /C calc'!A0", -4.33],
        ["AT-2026-000002", "", "", "  a  b \nc <&> _x0041_ 'ñ'  ", ""],
        ["", "", "", "", 5.0],
    ]
    assert libro.get_sheet_by_name("Consulta").to_python()[1:] == [list(par) for par in FICHA.pares]


@pytest.mark.parametrize(("clase", "modulo"), [(EscritorXlsx, a_xlsx), (EscritorOds, a_ods)])
def test_lo_que_no_cabe_en_una_hoja_sigue_en_otra(clase: type[Escritor], modulo: Any, monkeypatch) -> None:
    monkeypatch.setattr(modulo, "MAXIMO_DE_FILAS", 3)
    filas = [(f"AT-{n}", None, None, "", n) for n in range(8)]
    libro = CalamineWorkbook.from_filelike(hacer(clase, filas))
    assert libro.sheet_names == ["Registro", "Registro 2", "Registro 3", "Consulta"]
    hojas = [libro.get_sheet_by_name(nombre).to_python() for nombre in libro.sheet_names[:3]]
    assert [fila[0] for hoja in hojas for fila in hoja[1:]] == [f"AT-{n}" for n in range(8)]
    assert all(hoja[0][0] == "Radicado" for hoja in hojas)


def test_un_texto_mas_largo_que_una_celda_se_corta_y_lo_dice() -> None:
    hoja = openpyxl.load_workbook(hacer(EscritorXlsx, [("x" * 40_000, None, None, "", None)]))["Registro"]
    assert len(hoja["A2"].value) == 32_767 and hoja["A2"].value.endswith("…")


# --- E02 ---------------------------------------------------------------------------------------------------------
@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTOS, min_size=1, max_size=20))
def test_ningun_texto_es_una_formula_en_una_hoja(textos: list[str]) -> None:
    filas = [(texto, INSTANTE, INSTANTE.date(), texto, -1) for texto in textos]
    hoja = openpyxl.load_workbook(hacer(EscritorXlsx, filas))["Registro"]
    for fila in hoja.iter_rows(min_row=2):
        tipos = [celda.data_type for celda in fila if celda.value is not None]
        assert tipos in (["s", "d", "d", "s", "n"], ["d", "d", "n"])
    ods = hacer(EscritorOds, filas)
    leidas = CalamineWorkbook.from_filelike(ods).get_sheet_by_name("Registro").to_python()[1:]
    assert [type(fila[0]) for fila in leidas] == [str] * len(textos) and {fila[4] for fila in leidas} == {-1.0}
    contenido = ZipFile(ods).read("content.xml").decode()
    assert "table:formula" not in contenido
    assert set(re.findall(r'office:value-type="(\w+)"', contenido)) <= {"string", "date", "float"}


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTOS, min_size=1, max_size=20))
@example(["=1+1", " =1", '"=1', "'=1", "\t=1", "\r", "\n@", "-5", "+", "a=1", "Ávila", "AT-1", "–x", "﻿=1", "＝1"])
def test_ningun_texto_es_una_formula_en_un_csv(textos: list[str]) -> None:
    """What COPY wrote comes back the same, but for the apostrophe; numbers stay numbers; a comment is one cell."""
    ficha = Ficha("Registro", (("Buscar", textos[0]),))
    salida = io.BytesIO(encabezado(COLUMNAS, ficha))
    salida.seek(0, io.SEEK_END)
    with connection.cursor() as cursor:
        consulta = cursor.mogrify(
            "select t, timestamptz '2026-03-26 04:59:58.9Z', date '2026-04-10', t, -4.33 "
            "from unnest(%s) with ordinality u(t, n) order by n", [textos],
        )  # fmt: skip
        sumidero = Sumidero(salida, COLUMNAS)
        cursor.execute(EN_BOGOTA)
        cursor.copy_expert(orden_copy(consulta, COLUMNAS).decode(), sumidero)
        sumidero.vaciar()
    assert sumidero.filas == len(textos)
    lineas = list(csv.reader(io.StringIO(salida.getvalue().decode("utf-8-sig"), newline=""), delimiter=";"))
    comentarios, [titulos, *filas] = lineas[:2], lineas[2:]
    assert all(len(celdas) == 1 and celdas[0].startswith("# ") for celdas in comentarios)
    assert titulos[0] == "Radicado"
    for texto, fila in zip(textos, filas, strict=True):
        assert fila == [sin_formula(texto), "2026-03-25 23:59:58", "2026-04-10", sin_formula(texto), "-4,33"]
        assert not es_riesgoso(fila[0]) or fila[0].startswith("'")


def test_la_regla_reconoce_lo_que_empieza_como_formula() -> None:
    """Negative control: each of these would run, or hides one that would."""
    for texto in ["=1", "+1", "-1", "@a", "\ta", "\ra", "\na", ' "=1', "'=1", "\x01=1", "\xa0=1", "\u200b=1", "＝1"]:
        assert es_riesgoso(texto), ascii(texto)
    for texto in ["", "a", "1", "a=1", "AT-2026-000001", "(1)", "Ñ", "ver = algo", " a", "'a"]:
        assert not es_riesgoso(texto), ascii(texto)
