"""R25: the Excel that somebody of the SDFI really has: titles above, merged headings, dates in every shape, repeated
rows, names half right. Every row enters or says in words what to mend."""

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from alcance import como_sistema
from importaciones.lectura import leer
from importaciones.services.importar import ensayar as ensayar_sin_guardar
from importaciones.valores import BOGOTA, con_algo, leer_hora, leer_instante
from solicitudes.models import Parte, Solicitud
from tests.fabricas import actuar
from tests.importaciones.apoyos import XLSX, csv_de, ensayar, filas, importar, resultados, subir
from tests.soporte.elenco import Elenco


def bytes_de(libro: openpyxl.Workbook) -> bytes:
    memoria = io.BytesIO()
    libro.save(memoria)
    return memoria.getvalue()


def archivo(libro: openpyxl.Workbook) -> SimpleUploadedFile:
    return SimpleUploadedFile("Base AT 2026.xlsx", bytes_de(libro), XLSX)


def base(elenco: Elenco) -> openpyxl.Workbook:
    """A cover sheet, a merged title, headings on two lines, blank rows, and the headings printed again half way."""
    libro = openpyxl.Workbook()
    libro.active.title = "Portada"
    libro.active.append(["Base de asistencias técnicas"])
    hoja = libro.create_sheet("Seguimiento")
    hoja.append(["SUBSECRETARÍA DISTRITAL DE FORTALECIMIENTO INSTITUCIONAL"])
    hoja.merge_cells("A1:K1")
    hoja.append([])
    arriba = ["No. ", "Fechas", "", "", "ENTIDAD  ", "Tema", "Asunto", "Nombre del remitente", "Medio",
              "Estado actual", "Profesional"]  # fmt: skip
    abajo = ["", "Recepción", "Asignación", "Atención"]
    hoja.append(arriba)
    hoja.append(abajo)
    for celdas in ("A3:A4", "B3:D3", *(f"{letra}3:{letra}4" for letra in "EFGHIJK")):
        hoja.merge_cells(celdas)
    comun = ["Valoración documental ", " Aplicar la  tabla", "Ana Gil", "Correo electrónico "]
    asesora = elenco.asesora.nombre.upper()
    for fila in (
        [1, "3/11/2026", "03-nov-2026", "N/A", " SDG ", *comun, "En trámite ", asesora],
        [2, datetime(2026, 11, 4, 9, 15), date(2026, 11, 5), "viernes, 6 de noviembre de 2026", "SDG", *comun,
         "EN TRÁMITE", elenco.asesora.correo],
        [],
        [3, 46330, "noviembre 5 de 2026", "46332,5", "Secretaría distrital de gobierno", *comun, "", asesora],
        arriba,
        [1, "3/11/2026", "03-nov-2026", "", "SDG", *comun, "En trámite", asesora],
        [5, "3/11/2026", "-", "—", "Secretaria de Gobierno", *comun, "Sin asignar", ""],
        [6, "3/11/2026", "", "", date(2026, 1, 2), *comun, "Sin asignar", ""],
        [7, "3/11/26", "", "", "SDG", *comun, "Pendiente", ""],
        ["", " ", "", "", "", "", "", "", "", "", "  "],
        ["TOTAL", 7],
    ):  # fmt: skip
        hoja.append(fila)
    return libro


@pytest.mark.django_db
def test_every_row_of_the_excel_enters_or_says_what_to_mend(elenco: Elenco, entrar) -> None:
    importacion = importar(entrar(elenco.administradora), "solicitudes", archivo(base(elenco)))
    assert importacion.hoja == "Seguimiento"  # the cover has nothing to import
    assert importacion.avisos == ["La fila 9 repite los títulos: no se lee."]
    assert resultados(importacion) == [
        (5, "creada"), (6, "creada"), (8, "creada"), (10, "error"), (11, "error"), (12, "error"), (13, "error"),
        (15, "error"),
    ]  # fmt: skip
    malas = [fila.frase for fila in filas(importacion)][3:]
    assert malas[0] == "Es la misma de la fila 5. Deje solo una de las dos."
    assert malas[1].startswith("Entidad: «Secretaria de Gobierno» no está en el catálogo vigente. ¿Quiso decir")
    assert malas[2].startswith("Entidad: la hoja de cálculo guardó el código como una fecha.")
    assert malas[2].endswith("por ejemplo 02-01.")
    assert malas[3].startswith("Recibida el: no se entiende «3/11/26». Escriba día, mes y año")
    assert "Recibida el: no se entiende «7»" in malas[4] and "Entidad: está vacía" in malas[4]
    with como_sistema("prueba"), transaction.atomic():
        recibidas = list(Solicitud.objects.order_by("recibido_en").values_list("recibido_en", flat=True))
        suyas = Parte.objects.order_by("recibido_en").values_list("asignada_en", "primera_atencion_en")
        fechas = [tuple(f and f.astimezone(BOGOTA).replace(tzinfo=None) for f in par) for par in suyas]
    assert [r.astimezone(BOGOTA).replace(tzinfo=None) for r in recibidas] == [
        datetime(2026, 11, 3, 7), datetime(2026, 11, 4, 7), datetime(2026, 11, 4, 9, 15)
    ]  # fmt: skip
    assert fechas == [
        (datetime(2026, 11, 3, 7), None),
        (datetime(2026, 11, 5, 7), datetime(2026, 11, 6, 12)),
        (datetime(2026, 11, 5, 7), datetime(2026, 11, 6, 7)),
    ]


@pytest.mark.parametrize(
    ("escrito", "leido"),
    [
        ("03-nov-2026", (date(2026, 11, 3), None)),
        ("3/nov/2026 9:00", (date(2026, 11, 3), (9, 0))),
        ("martes, 3 de noviembre de 2026", (date(2026, 11, 3), None)),
        ("Noviembre 3 de 2026, 3:05 p.m.", (date(2026, 11, 3), (15, 5))),
        ("3/11/2026 - 10:42 h", (date(2026, 11, 3), (10, 42))),
        ("3/11/2026 10 am", (date(2026, 11, 3), (10, 0))),
        ("46329,5", (date(2026, 11, 3), (12, 0))),
        ("13-nov-26", None),
        ("nov-2026", None),
    ],
)
def test_more_shapes_of_a_date(escrito: str, leido: Any) -> None:
    leida = leer_instante(escrito)
    assert (leida and (leida[0], leida[1] and (leida[1].hour, leida[1].minute))) == leido
    assert leer_hora("13 pm") is None


def test_what_says_nothing_is_empty() -> None:
    assert not any(map(con_algo, ["-", "—", " . ", "N/A", "n.a.", "No aplica", "s/n", "#N/D", "Ninguno", "Sin dato"]))
    assert con_algo("No") == "No" and con_algo("SND") == "SND"


def test_the_csv_of_a_spanish_excel_with_a_title_full_of_commas() -> None:
    texto = 'Base de asistencias, 2026, Bogotá, D. C.\r\n\r\nCorreo;Nombre;Entidad\r\na@b.co;"Peña, Íñigo";SDG\r\n'
    hoja = leer(texto.encode("cp1252"), "enlaces")
    assert hoja.titulos == ["Correo", "Nombre", "Entidad"]
    assert hoja.filas == [(4, ["a@b.co", "Peña, Íñigo", "SDG"])]


def test_the_sheet_with_the_rows_is_found_behind_an_empty_one() -> None:
    libro = openpyxl.Workbook()
    libro.active.title = "Vacía"
    libro.create_sheet("Notas").append(["Revisada por todos"])
    suya = libro.create_sheet("Enlaces")
    suya.append(["Correo", "Nombre", "Entidad"])
    suya.append(["a@b.co", "Ana", "SDG"])
    assert leer(bytes_de(libro), "enlaces").hoja == "Enlaces"
    with pytest.raises(ValidationError, match="La hoja está vacía"):
        leer(bytes_de(libro), "enlaces", "Vacía")
    libro.remove(suya)
    libro.remove(libro["Notas"])
    with pytest.raises(ValidationError, match="La hoja está vacía"):
        leer(bytes_de(libro), "enlaces")


def test_a_first_row_of_data_is_never_taken_for_a_heading() -> None:
    """It has «correo», which is the name of a column, where the canal is."""
    titulos = ["Fecha", "Entidad", "Tema", "Asunto", "Nombre", "Por dónde"]
    fila = ["3/11/2026", "SDG", "DDAB-12", "Asunto", "Ana", "correo"]
    hoja = leer(csv_de(titulos, fila, fila).read(), "solicitudes")
    assert (hoja.titulos, len(hoja.filas)) == (titulos, 2)


@pytest.mark.django_db
def test_a_thousand_rows_in_windows_1252(elenco: Elenco, entrar) -> None:
    """The rehearsal says every row, and asks the base no more for having more rows."""
    titulos = ["Radicado SIGA", "Fecha recepción", "Entidad", "Tema", "Asunto", "Remitente", "Estado", "Asesor",
               "Fecha asignación", "Fecha de atención", "Fecha de requerimiento"]  # fmt: skip
    comun = ["3/11/2026", "SDG", "DDAB-12", "Aplicación de la tabla", "Íñigo Peña"]
    asesora = elenco.asesora.correo
    estados = [
        ["Sin asignar", "", "", "", ""],
        ["Asignada", asesora, "4/11/2026", "", ""],
        ["En trámite", asesora, "4/11/2026", "05-nov-2026", ""],
        ["En espera de la entidad", asesora, "4/11/2026", "5/11/2026", "6/11/2026"],
        ["En trámite", asesora, "2/11/2026", "", ""],
    ]
    todas = [[f"1-2026-{n}", *comun, *estados[n % 5]] for n in range(1000)]
    with actuar(elenco.administradora), transaction.atomic():
        preguntas = []
        for cuantas in (5, 10, 1000):
            contenido = csv_de(titulos, *todas[:cuantas], codigo="cp1252").read()
            with CaptureQueriesContext(connection) as captura:
                ensayadas = ensayar_sin_guardar(tipo="solicitudes", nombre="base.csv", contenido=contenido)
            preguntas.append(len(captura))
        assert preguntas[1] == preguntas[2]
    assert [f.resultado for f in ensayadas] == ["crear", "crear", "crear", "crear", "error"] * 200
    assert "Fecha de asignación: es anterior a su llegada" in ensayadas[4].frase
    importacion = ensayar(entrar(elenco.administradora), "solicitudes", csv_de(titulos, *todas[:10], codigo="cp1252"))
    assert filas(importacion)[3].crudo["remitente"] == "Íñigo Peña"


@pytest.mark.django_db
def test_the_sheet_that_was_chosen_is_the_one_that_is_kept(elenco: Elenco, entrar) -> None:
    importacion = subir(entrar(elenco.administradora), "solicitudes", archivo(base(elenco)))
    assert (importacion.hojas, importacion.hoja) == (["Portada", "Seguimiento"], "Seguimiento")
    assert {"recibida", "asignada", "primera_atencion", "entidad", "asesor", "anterior"} <= set(importacion.mapa)
