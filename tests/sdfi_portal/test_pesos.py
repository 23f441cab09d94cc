"""Budgets of interface.md §6, measured as they travel: gzip level 9."""

import gzip
from pathlib import Path

ESTATICOS = Path(__file__).resolve().parents[2] / "static"


def comprimido(*rutas: Path) -> int:
    return sum(len(gzip.compress(ruta.read_bytes(), 9)) for ruta in rutas)


def test_la_hoja_de_estilo_cabe() -> None:
    assert comprimido(ESTATICOS / "css/portal.css") <= 12_000


def test_los_modulos_propios_caben() -> None:
    """The fullest page (a step of radicar) loads three of them."""
    js = ESTATICOS / "js"
    assert comprimido(js / "portal.js", js / "borrador.js", js / "archivos.js") <= 6_000
    assert sum(comprimido(modulo) for modulo in js.glob("*.js")) <= 8_000


def test_una_sola_letra_en_pantalla() -> None:
    assert (ESTATICOS / "fuentes/nunito-sans-variable.woff2").stat().st_size <= 32_000
    assert (ESTATICOS / "css/portal.css").read_text().count("@font-face") == 1
    assert (ESTATICOS / "fuentes/OFL.txt").read_text().count("SIL OPEN FONT LICENSE") == 1
