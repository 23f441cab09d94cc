"""`docs/requisitos.csv` tells the truth: 142 rows, and what is done names tests that exist and name it back."""

import csv
import re
from pathlib import Path

import pytest

RAIZ = Path(__file__).resolve().parents[2]
with (RAIZ / "docs" / "requisitos.csv").open(encoding="utf-8", newline="") as _archivo:
    FILAS = list(csv.DictReader(_archivo))
ESTADOS = {"hecho", "parcial", "pendiente"}
PROBADAS = [fila for fila in FILAS if fila["estado"] != "pendiente"]


def test_every_requirement_has_one_row() -> None:
    assert [fila["id"] for fila in FILAS] == [f"R{n}" for n in range(1, 143)]
    assert {fila["estado"] for fila in FILAS} <= ESTADOS


@pytest.mark.parametrize("fila", PROBADAS, ids=lambda fila: fila["id"])
def test_what_is_done_names_where_and_tests_that_name_it_back(fila: dict[str, str]) -> None:
    assert fila["donde"], "diga dónde se sirve"
    pruebas = fila["pruebas"].split()
    assert pruebas, "diga qué pruebas lo demuestran"
    for prueba in pruebas:
        texto = (RAIZ / prueba).read_text(encoding="utf-8")
        assert re.search(rf"\b{fila['id']}\b", texto), f"{prueba} no nombra {fila['id']}"


@pytest.mark.parametrize("fila", PROBADAS, ids=lambda fila: fila["id"])
def test_the_places_exist(fila: dict[str, str]) -> None:
    for lugar in fila["donde"].split():
        assert (RAIZ / lugar).exists(), lugar


@pytest.mark.parametrize("fila", [f for f in FILAS if f["estado"] == "parcial"], ids=lambda fila: fila["id"])
def test_what_is_partial_says_what_is_missing(fila: dict[str, str]) -> None:
    assert fila["falta"]
