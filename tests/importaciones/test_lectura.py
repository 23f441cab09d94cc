"""Files as bad as they come: each is a sentence that says how to mend it, and no row is lost (property)."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bandeja.services import entregar
from importaciones.campos import CAMPOS
from importaciones.lectura import MAXIMO, leer
from importaciones.valores import leer_hora, leer_instante, llano
from tests.importaciones.apoyos import XLSX, confirmar, csv_de, resultados, ultima, xlsx
from tests.soporte.elenco import Elenco

TITULOS = ["correo", "nombre", "entidad"]


def libro(*filas: list[Any], **celdas: Any) -> bytes:
    abierto = openpyxl.Workbook()
    for fila in filas:
        abierto.active.append(fila)
    for lugar, valor in celdas.items():
        abierto.active[lugar] = valor
    memoria = io.BytesIO()
    abierto.save(memoria)
    return memoria.getvalue()


# --- What enters ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "contenido",
    [
        "correo;nombre;entidad\r\na@b.co;Íñigo Peña;SDG\r\n".encode("cp1252"),
        "correo,nombre,entidad\na@b.co,Íñigo Peña,SDG\n".encode(),
        "correo\tnombre\tentidad\na@b.co\tÍñigo Peña\tSDG\n".encode("utf-16"),
        '\ufeffPersonas de 2026\r\n\r\ncorreo;nombre;entidad\r\na@b.co;" Íñigo\xa0Peña ";SDG\r\n;;\r\n'.encode(),
        libro(["Personas de 2026"], [], TITULOS, ["a@b.co", "Íñigo Peña", "SDG"], [None, None, None]),
    ],
)
def test_every_way_of_saving_it_says_the_same(contenido: bytes) -> None:
    hoja = leer(contenido, "enlaces")
    assert hoja.titulos == TITULOS
    assert [celdas for _, celdas in hoja.filas] == [["a@b.co", "Íñigo Peña", "SDG"]]


def test_the_number_of_a_row_is_the_one_of_its_line() -> None:
    hoja = leer(libro([], ["Título"], TITULOS, ["a@b.co", "A", "SDG"], [], ["b@b.co", "B", "SDG"]), "enlaces")
    assert [numero for numero, _ in hoja.filas] == [4, 6]


def test_cells_of_a_spreadsheet_become_what_a_person_reads() -> None:
    fila = [899999061, 2.5, True, date(2026, 11, 23), datetime(2026, 11, 23, 10, 42), time(9, 5), "=1+1"]
    hoja = leer(libro(list("abcdefg"), fila), "entidades")
    assert hoja.filas[0][1] == ["899999061", "2.5", "sí", "2026-11-23", "2026-11-23T10:42:00", "09:05:00", ""]
    assert "fórmulas" in hoja.avisos[0]


def test_columns_with_the_same_heading_are_told_apart() -> None:
    assert leer(b"Nombre;Nombre;;Cargo\na;b;c;d\n", "enlaces").titulos == [
        "Nombre",
        "Nombre (2)",
        "Columna 3",
        "Cargo",
    ]


@pytest.mark.parametrize(
    ("escrito", "leido"),
    [
        ("23/11/2026", (date(2026, 11, 23), None)),
        ("3-1-2026 3:05 p. m.", (date(2026, 1, 3), time(15, 5))),
        ("23.11.2026, 10:42", (date(2026, 11, 23), time(10, 42))),
        ("2026-11-23", (date(2026, 11, 23), None)),
        ("2026/11/23 00:00", (date(2026, 11, 23), time(0, 0))),
        ("2026-11-23T10:42:00", (date(2026, 11, 23), time(10, 42))),
        ("2026-11-24T02:30:00Z", (date(2026, 11, 23), time(21, 30))),
        ("46349", (date(2026, 11, 23), None)),
        ("46349.5", (date(2026, 11, 23), time(12, 0))),
        ("23 de noviembre de 2026", (date(2026, 11, 23), None)),
        ("1 Sept. 2026", None),
        ("1 sept 2026 8:00 am", (date(2026, 9, 1), time(8, 0))),
        ("11/23/2026", None),
        ("31/02/2026", None),
        ("23/11/26", None),
        ("ayer", None),
        ("99999999", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_dates_in_every_shape(escrito: str, leido: Any) -> None:
    assert leer_instante(escrito) == leido


def test_hours_in_every_shape() -> None:
    escritas = ["7:00", "07.30", "12:15 a.m.", "12:15 PM", "0.5", "25:00", "13:00 pm", "tarde"]
    assert [leer_hora(e) for e in escritas] == [
        time(7), time(7, 30), time(0, 15), time(12, 15), time(12), None, None, None
    ]  # fmt: skip


def test_names_are_compared_without_accents_case_or_signs() -> None:
    assert llano("  Secretaría  D.C. — Gobierno ") == llano("SECRETARIA D C GOBIERNO")


# --- What does not -------------------------------------------------------------------------------------------------
def _repetida(*, filas: int = 1048576, columnas: int = 16384, texto: str = "x", hoja: str = "A") -> bytes:
    """An ODS that says one cell as many times: a million times a million, if nobody says."""
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w", zipfile.ZIP_DEFLATED) as zip_:
        zip_.writestr(
            zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED
        )
        zip_.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
        zip_.writestr(
            "content.xml",
            '<?xml version="1.0"?><office:document-content '
            'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="{hoja}"><table:table-row table:number-rows-repeated="{filas}">'
            f'<table:table-cell table:number-columns-repeated="{columnas}" office:value-type="string">'
            f"<text:p>{texto}</text:p>"
            "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    return memoria.getvalue()


@pytest.mark.parametrize(
    "contenido",
    [libro(TITULOS, XFD1048576="lejos"), _repetida(), _repetida(filas=40, columnas=200, texto="x" * 3000)],
    ids=["xlsx", "ods", "un texto en cada celda"],
)
def test_a_sheet_as_large_as_a_room_kills_nobody(contenido: bytes) -> None:
    with pytest.raises(ValidationError, match=r"No se puede leer|más de 2"):
        leer(contenido, "enlaces")


def test_a_sheet_whose_name_fits_nowhere_is_explained() -> None:
    """LibreOffice gives a sheet any name: one of 61 letters broke the base, and one of 300,000 the reading of it."""
    assert leer(_repetida(filas=2, columnas=3, hoja="A" * 60), "enlaces").hojas == ["A" * 60]
    with pytest.raises(ValidationError, match="nombre de una hoja"):
        leer(_repetida(filas=2, columnas=3, hoja="A" * 61), "enlaces")


@pytest.mark.parametrize(
    ("archivo", "queja"),
    [
        (SimpleUploadedFile("foto.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40), "no se subió"),
        (SimpleUploadedFile("acta.pdf", b"%PDF-1.7\n"), "no se subió"),
        (SimpleUploadedFile("datos.xlsx", b"PK\x03\x04 roto", XLSX), "está dañado"),
        (SimpleUploadedFile("datos.xlsx", b"correo;nombre\n", XLSX), "Cámbiele el nombre"),
        (SimpleUploadedFile("vacio.csv", b"", "text/csv"), "vacío"),
        (SimpleUploadedFile("blanco.csv", b"\r\n \r\n;;\r\n", "text/csv"), "La hoja está vacía"),
        (SimpleUploadedFile("titulos.csv", b"correo;nombre;entidad\r\n", "text/csv"), "solo trae los títulos"),
        (SimpleUploadedFile("comillas.csv", b'correo;nombre\n"a' + b"x" * 200_000, "text/csv"), "No se puede leer"),
        (SimpleUploadedFile("nulos.csv", b"correo;nombre\na\x00b;c\n", "text/csv"), "no es CSV"),
        (csv_de(TITULOS, *([["a@b.co", "A", "SDG"]] * (MAXIMO + 1))), "más de 2.000 filas"),
        (xlsx(TITULOS, *([["a@b.co", "A", "SDG"]] * (MAXIMO + 1))), "más de 2.000 filas"),
        (csv_de(TITULOS, *([["a@b.co", "A", "SDG"]] * 100_000)), "más de 2.000 filas"),
    ],
    ids=lambda valor: getattr(valor, "name", valor),
)
@pytest.mark.django_db
def test_a_file_that_is_not_one_is_explained(elenco: Elenco, entrar, archivo: SimpleUploadedFile, queja: str) -> None:
    archivo.seek(0)
    url = reverse("importaciones:nueva", args=["enlaces"])
    respuesta = entrar(elenco.administradora).post(url, {"archivo": archivo})
    assert respuesta.status_code == 200
    assert queja in respuesta.content.decode()


# --- Dirty cells ---------------------------------------------------------------------------------------------------
SUCIAS = st.one_of(
    st.sampled_from(
        ["", "  ", "=1+1", "@SUM(A1)", "0", "-1", "NaN", "1e400", "23/11/2026", "2026-02-30", "46349.75", "9" * 400,
         "\u202egnp.exe", "<script>alert(1)</script>", "'; drop table", "ñÑáÜ", "a@b", "A@B.CO", "mailto:x@y.co",
         "SDG", "02-01", "DDAB-12", "concepto", "SIGA", "asignada", "Sin asignar", "enlace", "director", "SSDA",
         "10:42", "24:00", "Secretaria", "x" * 700, "sí", "gobierno", "central", "line\nbreak",
         "asesora@prueba.example"]
    ),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40),
    st.dates(date(1, 1, 1), date(9999, 12, 31)).map(str),
    st.floats(allow_nan=False).map(repr),
)  # fmt: skip
# A row mostly right, so that dirt reaches the services and not only the first judge.
BUENAS = {
    "codigo": "77-01", "nombre": "Alguien o algo", "sector": "Gobierno", "tipo": "central", "correo": "x@sdg.example",
    "entidad": "SDG", "dependencia": "SSDA", "rol": "", "recibida": "20/10/2026 10:42", "tema": "DDAB-12",
    "asunto": "Asunto", "remitente": "Alguien", "canal": "correo",
}  # fmt: skip


@st.composite
def archivos(sortear) -> tuple[str, list[list[str]]]:
    tipo = sortear(st.sampled_from(sorted(CAMPOS)))
    campos = [campo.clave for campo in CAMPOS[tipo]]
    filas = []
    for _ in range(sortear(st.integers(1, 4))):
        fila = {campo: BUENAS.get(campo, "") for campo in campos}
        for campo in sortear(st.sets(st.sampled_from(campos), max_size=4)):
            fila[campo] = sortear(SUCIAS)
        filas.append([fila[campo] for campo in campos])
    return str(tipo), [[campo.titulo for campo in CAMPOS[tipo]], *filas]


def recorrer(elenco: Elenco, entrar, archivo: tuple[str, list[list[str]]]) -> None:
    """All the walk: no page fails, and each row of the file ends with a result."""
    tipo, filas = archivo
    navegador = entrar(elenco.administradora)
    subida = navegador.post(reverse("importaciones:nueva", args=[tipo]), {"archivo": csv_de(*filas)})
    if subida.status_code == 200:
        assert subida.context["form"].errors
        return
    importacion = ultima()
    url = reverse("importaciones:columnas", args=[importacion.pk])
    assert navegador.post(url, {c.clave: c.titulo for c in CAMPOS[tipo]}).status_code == 302
    con_algo = {n for n, fila in enumerate(filas, start=1) if n > 1 and any(celda.strip() for celda in fila)}
    assert {n for n, _ in resultados(importacion)} == con_algo
    confirmar(navegador, importacion)
    entregar()
    finales = {"creada", "cambiada", "igual", "error"}
    assert all(resultado in finales for _, resultado in resultados(importacion))
    for pagina in ("ver", "informe"):
        assert navegador.get(reverse(f"importaciones:{pagina}", args=[importacion.pk])).status_code == 200


CORTA = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.django_db
@CORTA
@given(archivos())
def test_dirty_cells_lose_no_row(elenco: Elenco, entrar, archivo) -> None:
    with transaction.atomic():
        recorrer(elenco, entrar, archivo)
        transaction.set_rollback(True)


@pytest.mark.larga
@pytest.mark.django_db
@settings(CORTA, max_examples=150)
@given(archivos())
def test_dirty_cells_lose_no_row_for_long(elenco: Elenco, entrar, archivo) -> None:
    with transaction.atomic():
        recorrer(elenco, entrar, archivo)
        transaction.set_rollback(True)
