"""Templates keep the rules of the house: nothing inline, classes that exist, parts that say their parameters."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

RAIZ = Path(__file__).resolve().parents[2]
PLANTILLAS = sorted((RAIZ / "templates").rglob("*.html"))
CSS = (RAIZ / "static/css/portal.css").read_text()
# Mail travels with its style; official documents have their own sheet. Neither is a page of the portal.
APARTE = {"correos", "documentos"}
# A cell of links and buttons, or the one that heads the card, explains itself.
LLEVA_ACCION = re.compile(r"<(a|button|form)\b|{% include [^%]*boton")
PROHIBIDO = {
    "estilo en línea": re.compile(r"\sstyle\s*=", re.I),
    "manejador en línea": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "script en línea": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "javascript: en un enlace": re.compile(r"=\s*[\"']?\s*javascript:", re.I),
    "hx-on necesita eval": re.compile(r"\bhx-on", re.I),
    "filtro de hx-trigger necesita eval": re.compile(r"hx-trigger=\"[^\"]*\["),
    "otro servidor": re.compile(r"(?:src|srcset)=\"(?:https?:)?//|<link[^>]+href=\"(?:https?:)?//", re.I),
}


def sin_comentarios(texto: str) -> str:
    texto = re.sub(r"{% comment %}.*?{% endcomment %}", "", texto, flags=re.S)
    return re.sub(r"{#.*?#}", "", texto)


def de_paginas() -> list[Path]:
    return [p for p in PLANTILLAS if not APARTE & set(p.parts)]


def relativa(ruta: Path) -> str:
    return str(ruta.relative_to(RAIZ / "templates"))


@pytest.mark.parametrize("plantilla", de_paginas(), ids=relativa)
def test_nada_en_linea(plantilla: Path) -> None:
    """S06: the policy of contents is strict, so what is inline would not run."""
    texto = sin_comentarios(plantilla.read_text())
    assert [nombre for nombre, patron in PROHIBIDO.items() if patron.search(texto)] == []


@pytest.mark.parametrize("plantilla", PLANTILLAS, ids=relativa)
def test_toda_plantilla_compila(plantilla: Path) -> None:
    get_template(relativa(plantilla))


def clases_de(texto: str) -> Iterator[str]:
    """Literal class names; what a tag or a variable completes is left out."""
    for atributo in re.findall(r'\sclass="([^"]*)"', texto):
        fijo = re.sub(r"{%.*?%}", " ", atributo)
        yield from re.sub(r"\S*{{.*?}}\S*", " ", fijo).split()


@pytest.mark.parametrize("plantilla", de_paginas(), ids=relativa)
def test_las_clases_existen_en_la_hoja(plantilla: Path) -> None:
    """A class that the sheet does not know is a part that nobody drew: see /guia-de-estilo/."""
    conocidas = set(re.findall(r"\.([a-zA-Z_][\w-]*)", re.sub(r"/\*.*?\*/", "", CSS, flags=re.S)))
    assert sorted(set(clases_de(sin_comentarios(plantilla.read_text()))) - conocidas) == []


@pytest.mark.parametrize("plantilla", sorted((RAIZ / "templates/partes").glob("*.html")), ids=lambda p: p.name)
def test_cada_parte_se_presenta(plantilla: Path) -> None:
    assert plantilla.read_text().startswith(("{#", "{% comment %}"))


@pytest.mark.parametrize("plantilla", de_paginas(), ids=relativa)
def test_los_archivos_estaticos_existen(plantilla: Path) -> None:
    texto = plantilla.read_text()
    nombrados = re.findall(r"{% static ['\"]([^'\"]+)['\"] %}", texto)
    nombrados += [f"js/{modulo}.js" for modulo in re.findall(r'{% modulo "(\w+)" %}', texto) if modulo != "htmx"]
    assert [nombre for nombre in nombrados if finders.find(nombre) is None] == []


@pytest.mark.parametrize("plantilla", de_paginas(), ids=relativa)
def test_las_celdas_dicen_su_columna(plantilla: Path) -> None:
    """On a phone a row is a card: every cell of a `tabla` carries the name of its column."""
    for tabla in re.findall(
        r'<table[^>]*class="tabla[^>]*>.*?</table>', sin_comentarios(plantilla.read_text()), flags=re.S
    ):
        celdas = re.findall(r"(<td\b[^>]*>)(.*?)</td>", tabla, flags=re.S)
        mudas = [abre for abre, dentro in celdas if "data-label" not in abre and not LLEVA_ACCION.search(dentro)]
        assert [abre for abre in mudas if "colspan" not in abre] == []


def test_el_detector_detecta() -> None:
    """Negative control of the rules above."""
    malo = '<p style="color:red" onclick="x()">a</p><script>1</script><a href="javascript:1" hx-on:click="1">b</a>'
    assert len([nombre for nombre, patron in PROHIBIDO.items() if patron.search(malo)]) == 5
    assert list(clases_de('<p class="caja {% if x %}rara{% endif %} boton--{{ tono }}">')) == ["caja", "rara"]
