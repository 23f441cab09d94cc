"""Each hole that the peers really had (security.md §2.3), by name, and the test that would have found it here.

As RT does with its CVE: a line is never deleted. A hole of something the portal does not have yet (replies by mail,
API, webhooks, exports of spreadsheets) gets its line with that work.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.soporte.settings import RAIZ_PROYECTO

# Lines «peer, advisories: hole → folder/file::test».
HUECOS = [
    linea.split(" → ") for linea in Path(__file__).with_name("huecos.txt").read_text(encoding="utf-8").splitlines()
]


@cache
def pruebas_de(ruta: str) -> set[str]:
    arbol = ast.parse((RAIZ_PROYECTO / "tests" / ruta).read_text(encoding="utf-8"))
    return {n.name for n in ast.walk(arbol) if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")}


@pytest.mark.parametrize(("hueco", "donde"), HUECOS)
def test_each_hole_of_the_peers_has_a_test(hueco: str, donde: str) -> None:
    ruta, _, prueba = donde.partition("::")
    assert prueba in pruebas_de(ruta) if prueba else pruebas_de(ruta)
