"""Tokens of the style sheet against WCAG 1.4.3 (text 4.5:1) and 1.4.11 (borders and focus 3:1, which axe misses)."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[2] / "static/css/portal.css").read_text()
TEXTO = [
    ("tinta", "papel"),
    ("tinta", "fondo-2"),
    ("tinta", "azul-50"),
    ("tinta", "verde-50"),
    ("tinta", "ambar-50"),
    ("tinta", "rojo-50"),
    ("gris", "papel"),
    ("gris", "fondo-2"),
    ("gris", "azul-50"),
    ("gris", "ambar-50"),
    ("azul", "papel"),
    ("azul", "fondo-2"),
    ("azul", "azul-50"),
    ("azul", "ambar-50"),
    ("azul-osc", "papel"),
    ("azul-osc", "azul-50"),
    ("rojo", "papel"),
    ("rojo", "rojo-50"),
    ("verde", "papel"),
    ("verde", "verde-50"),
    ("ambar", "ambar-50"),
    ("sobre-azul", "azul"),
    ("sobre-azul", "azul-osc"),
    ("sobre-azul", "rojo"),
]
FORMA = [
    ("borde", "papel"),
    ("borde", "fondo-2"),
    ("azul", "papel"),
    ("rojo", "papel"),
    ("foco-aro", "foco"),
]


def tokens(selector: str) -> dict[str, str]:
    """Colours declared under a selector. Shape: token name → #hex."""
    bloque = CSS[CSS.index(f"  {selector} {{") :]
    bloque = bloque[: bloque.index("  }")]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", bloque))


def luminancia(hexa: str) -> float:
    hexa = hexa.lstrip("#")
    if len(hexa) == 3:
        hexa = "".join(c * 2 for c in hexa)
    canales = [int(hexa[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    lineales = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canales]
    return 0.2126 * lineales[0] + 0.7152 * lineales[1] + 0.0722 * lineales[2]


def contraste(uno: str, otro: str) -> float:
    claro, oscuro = sorted((luminancia(uno), luminancia(otro)), reverse=True)
    return (claro + 0.05) / (oscuro + 0.05)


NORMAL = tokens(":root")
ALTO = NORMAL | tokens(".contraste")


@pytest.mark.parametrize(("paleta", "nombre"), [(NORMAL, "normal"), (ALTO, "contraste")], ids=["normal", "contraste"])
def test_texto_se_lee(paleta: dict[str, str], nombre: str) -> None:
    pobres = {f"{t} sobre {f}": contraste(paleta[t], paleta[f]) for t, f in TEXTO}
    assert {par: razon for par, razon in pobres.items() if razon < 4.5} == {}


@pytest.mark.parametrize(("paleta", "nombre"), [(NORMAL, "normal"), (ALTO, "contraste")], ids=["normal", "contraste"])
def test_bordes_y_foco_se_ven(paleta: dict[str, str], nombre: str) -> None:
    pobres = {f"{t} sobre {f}": contraste(paleta[t], paleta[f]) for t, f in FORMA}
    assert {par: razon for par, razon in pobres.items() if razon < 3} == {}
    for fondo in ("papel", "azul", "fondo-2"):  # the focus is a double ring: one of both must stand out anywhere
        assert max(contraste(paleta["foco"], paleta[fondo]), contraste(paleta["foco-aro"], paleta[fondo])) >= 3


def test_la_medida_conoce_un_color_malo() -> None:
    """Negative control: Bootstrap's border on white is 1.30 (interface.md §1.3)."""
    assert round(contraste("#dee2e6", "#fff"), 2) == 1.30
    assert round(contraste("#000", "#fff"), 1) == 21.0
