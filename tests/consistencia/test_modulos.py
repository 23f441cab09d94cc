"""Every module a template asks for exists: a missing one would be a page that fails only in production."""

import re
from pathlib import Path

import pytest

RAIZ = Path(__file__).resolve().parents[2]
PEDIDOS = {
    (nombre, str(plantilla.relative_to(RAIZ)))
    for plantilla in (RAIZ / "templates").rglob("*.html")
    for nombre in re.findall(r"{% modulo [\"'](\w+)[\"'] %}", plantilla.read_text(encoding="utf-8"))
}
ESTATICOS = {
    (ruta, str(plantilla.relative_to(RAIZ)))
    for plantilla in (RAIZ / "templates").rglob("*.html")
    for ruta in re.findall(r"{% static [\"']([^\"']+)[\"'] %}", plantilla.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize(("nombre", "plantilla"), sorted(PEDIDOS))
def test_the_module_exists(nombre: str, plantilla: str) -> None:
    assert nombre == "htmx" or (RAIZ / "static" / "js" / f"{nombre}.js").is_file(), plantilla


@pytest.mark.parametrize(("ruta", "plantilla"), sorted(ESTATICOS))
def test_the_static_file_exists(ruta: str, plantilla: str) -> None:
    assert (RAIZ / "static" / ruta).is_file(), plantilla
