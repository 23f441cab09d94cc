"""The stored holidays against the mission's list, the pinned library and the two laws."""

import csv
from datetime import date
from pathlib import Path

from plazos.calendario import Calendario
from plazos.festivos import ARCHIVO, FUENTE, festivos_guardados, festivos_por_regla

DATOS = Path(__file__).resolve().parents[2] / "datos"


def test_la_lista_guardada_es_la_de_la_mision() -> None:
    """R33: all dates and names of datos/festivos_co.csv, and none besides."""
    with (DATOS / "festivos_co.csv").open(encoding="utf-8", newline="") as archivo:
        esperados = {
            (date.fromisoformat(fila["date"]), nombre)
            for fila in csv.DictReader(archivo)
            for nombre in fila["name"].split("; ")
        }

    guardados = {(uno.fecha, uno.nombre) for uno in festivos_guardados() if 2024 <= uno.fecha.year <= 2030}

    assert guardados == esperados


def test_una_nueva_version_de_la_libreria_no_pasa_inadvertida() -> None:
    """A red test here means: the library changed its mind. Find the law, then decide; the stored list rules."""
    assert festivos_por_regla(2020, 2040) == festivos_guardados()
    with ARCHIVO.open(encoding="utf-8", newline="") as archivo:
        assert {fila["fuente"] for fila in csv.DictReader(archivo)} == {FUENTE}


def test_todo_festivo_dice_su_norma() -> None:
    assert {uno.norma for uno in festivos_guardados()} == {"Ley 51 de 1983", "Ley 2578 de 2026"}


def test_el_nueve_de_julio_es_festivo_desde_2026() -> None:
    """R33: Ley 2578 de 2026, moved to Monday by Ley 51."""
    chiquinquira = [uno.fecha for uno in festivos_guardados() if uno.norma == "Ley 2578 de 2026"]

    assert chiquinquira[:2] == [date(2026, 7, 13), date(2027, 7, 12)]
    assert len(chiquinquira) == 15


def test_dos_festivos_en_una_fecha_son_un_solo_dia(calendario: Calendario) -> None:
    """R33: 30 June 2025 and 1 July 2030."""
    for dia in (date(2025, 6, 30), date(2030, 7, 1)):
        assert not calendario.es_habil(dia)
        assert calendario.razon(dia).detalle == "Sagrado Corazón de Jesús y San Pedro y San Pablo"
    fechas_por_anio = {
        anio: len({uno.fecha for uno in calendario.festivos if uno.fecha.year == anio}) for anio in range(2024, 2031)
    }
    assert list(fechas_por_anio.values()) == [18, 17, 19, 19, 19, 19, 18]
