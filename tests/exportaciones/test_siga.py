"""R25, R26: what goes back to SIGA, by the page and by the console; and brought again it changes nothing."""

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse

from alcance import como_sistema
from exportaciones.models import Exportacion
from exportaciones.siga import CLAVES
from importaciones.valores import BOGOTA
from plazos.reloj import hoy
from solicitudes.models import Solicitud
from solicitudes.services.entidad import retirar
from solicitudes.services.siga import anotar_siga
from tests.fabricas import actuar, radicada
from tests.importaciones.apoyos import csv_de
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
TITULOS = ["SIGA de entrada", "Radicado", "Recepción", "Entidad", "Asunto", "Dependencia", "Estado", "Prestada",
           "SIGA de salida"]  # fmt: skip


def exportar(salida: Path, desde: Any = None) -> str:
    dicho = io.StringIO()
    call_command("exportar_siga", desde=desde or hoy(), salida=salida, stdout=dicho)
    return dicho.getvalue()


def importar(archivo: Path, *opciones: str) -> list[dict[str, Any]]:
    dicho = io.StringIO()
    call_command("importar_siga", str(archivo), "--json", *opciones, stdout=dicho)
    return [json.loads(linea) for linea in dicho.getvalue().splitlines()]


def cuenta_de_todo() -> dict[str, int]:
    with como_sistema("prueba"), transaction.atomic():
        return {m._meta.label: m._default_manager.count() for m in apps.get_models() if not m._meta.proxy}


@pytest.fixture
def varias(elenco: Elenco) -> dict[str, Solicitud]:
    """By the portal with numbers, with a formula in its subject, of two dependencias, reserved, by SIGA."""
    comunes = {"por": elenco.enlace}
    hechas = {
        "numeros": radicada(temas=[elenco.tema_tablas], **comunes),
        "formula": radicada(temas=[elenco.tema_tablas], asunto="=1+1; y «algo»", **comunes),
        "dos": radicada(temas=[elenco.tema_tablas, elenco.tema_integridad], **comunes),
        "reservada": radicada(temas=[elenco.tema_comision], asunto="Lo que no se dice", **comunes),
    }
    with actuar(elenco.ventanilla):
        anotar_siga(radicado=hechas["numeros"].radicado, entrada="1-2026-8", salida="2-2026-5")
    return hechas


@pytest.mark.parametrize("formato", ["csv", "xlsx"])
def test_round_trip_changes_nothing(varias, tmp_path: Path, formato: str) -> None:
    salida = tmp_path / f"para_siga.{formato}"
    assert exportar(salida) == f"4 solicitudes en {salida}.\n"
    assert salida.stat().st_mode & 0o77 == 0 and [salida] == list(tmp_path.iterdir())
    antes = cuenta_de_todo()

    ensayo = importar(salida, "--ensayo")

    assert {fila["resultado"] for fila in ensayo} == {"igual"}
    assert [fila["radicado"] for fila in ensayo] == [s.radicado for s in varias.values()]
    assert cuenta_de_todo() == antes
    assert {fila["resultado"] for fila in importar(salida)} == {"igual"}
    assert cuenta_de_todo()["solicitudes.Solicitud"] == 4
    assert cuenta_de_todo()["solicitudes.Movimiento"] == antes["solicitudes.Movimiento"]


def test_what_it_says_in_each_format(varias, tmp_path: Path) -> None:
    """The reserved one gives its numbers and dates; what looks like a formula is text."""
    exportar(tmp_path / "a.csv")
    titulos, *filas = csv.reader((tmp_path / "a.csv").read_text("utf-8-sig").splitlines(), delimiter=";")
    assert titulos == TITULOS
    una, formula, dos, reservada = filas
    assert (una[0], una[1], una[8]) == ("1-2026-8", varias["numeros"].radicado, "2-2026-5")
    assert formula[4] == "'=1+1; y «algo»"
    assert dos[5] == "Subdirección del Sistema Distrital de Archivos"
    assert reservada[1] == varias["reservada"].radicado and reservada[3:5] == ["Reservada", "Reservada"]
    assert "no se dice" not in (tmp_path / "a.csv").read_text("utf-8-sig")
    exportar(tmp_path / "a.xlsx")
    hoja = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    de_la_hoja = [[c or "" for c in fila] for fila in hoja.iter_rows(values_only=True)]
    assert de_la_hoja[0] == TITULOS and de_la_hoja[2][4] == "=1+1; y «algo»"
    assert isinstance(de_la_hoja[1][2], datetime)


def test_since_a_day_by_reception_answer_or_close(elenco: Elenco, tmp_path: Path) -> None:
    antes = {"recibida": datetime.now(BOGOTA) - timedelta(days=40), "temas": [elenco.tema_tablas]}
    vieja = radicada(registrada_por=elenco.ventanilla, canal="correo", entidad=elenco.secretaria, **antes)
    cerrada = radicada(por=elenco.enlace, **antes)
    with actuar(elenco.enlace):
        retirar(solicitud=cerrada, motivo="Ya no la necesitamos")
    exportar(tmp_path / "a.csv", hoy() - timedelta(days=1))

    assert cerrada.radicado in (tmp_path / "a.csv").read_text("utf-8-sig")
    assert vieja.radicado not in (tmp_path / "a.csv").read_text("utf-8-sig")


def test_the_output_must_be_one_that_can_be_written(elenco: Elenco, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"\.csv o \.xlsx"):
        exportar(tmp_path / "a.pdf")
    with pytest.raises(CommandError, match="No se pudo escribir"):
        exportar(tmp_path / "no" / "a.csv")


def test_the_console_files_and_says_row_by_row(elenco: Elenco, tmp_path: Path) -> None:
    archivo = tmp_path / "siga.csv"
    titulos = ["Número de radicado", "Fecha y hora", "Remitente", "Entidad", "Asunto", "Tema"]
    comun = ["Ana Gil", "SDG", "Aplicar la tabla", "DDAB-12"]
    archivo.write_bytes(csv_de(titulos, ["1-2026-8", "23/03/2026 10:42", *comun], ["1-2026-9", "", *comun]).read())
    dicho = io.StringIO()
    with pytest.raises(CommandError, match="por corregir: 1"):
        call_command("importar_siga", str(archivo), "--json", stdout=dicho)

    buena, mala = (json.loads(linea) for linea in dicho.getvalue().splitlines())
    with como_sistema("prueba"):
        suya = Solicitud.objects.get()
    assert (buena["fila"], buena["siga"], buena["resultado"], buena["radicado"]) == (
        2, "1-2026-8", "creada", suya.radicado,
    )  # fmt: skip
    assert (mala["resultado"], mala["radicado"]) == ("error", None) and "Fecha y hora" in mala["frase"]
    assert suya.registrada_por_id == elenco.ventanilla.pk


def test_the_console_asks_who_it_is(elenco: Elenco, tmp_path: Path) -> None:
    archivo = tmp_path / "siga.csv"
    archivo.write_bytes(csv_de(["Número de radicado"], ["1-2026-8"]).read())
    for correo in (elenco.asesora.correo, "nadie@prueba.example"):
        with pytest.raises(CommandError, match="no es de la ventanilla"):
            importar(archivo, "--como", correo)
    with pytest.raises(CommandError, match="por corregir"):
        importar(archivo, "--como", elenco.administradora.correo, "--ensayo")
    with pytest.raises(CommandError, match="No se pudo leer"):
        importar(tmp_path / "no.csv")


def test_the_page_offers_it_to_whoever_works_with_siga(elenco: Elenco, entrar) -> None:
    direccion = reverse("exportaciones:nueva") + "?para=siga"
    pagina = entrar(elenco.ventanilla).get(direccion).content.decode()
    assert "Para SIGA" in pagina and 'value="siga" ' in pagina.replace("checked", " ")
    assert "Para SIGA" not in entrar(elenco.asesora).get(direccion).content.decode()
    entrar(elenco.ventanilla).post(direccion, {"formato": "xlsx", "columnas": "siga"})
    with como_sistema("prueba"):
        assert set(CLAVES) <= set(Exportacion.objects.get().columnas)
    rehusada = entrar(elenco.asesora).post(direccion, {"formato": "xlsx", "columnas": "siga"})
    assert rehusada.status_code == 200 and rehusada.context["form"].errors
