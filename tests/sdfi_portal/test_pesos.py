"""Budgets of interface.md §6, measured as they travel: gzip level 9."""

import gzip
import re
from pathlib import Path

RAIZ = Path(__file__).resolve().parents[2]
ESTATICOS, PLANTILLAS = RAIZ / "static", RAIZ / "templates"


def comprimido(*rutas: Path) -> int:
    return sum(len(gzip.compress(ruta.read_bytes(), 9)) for ruta in rutas)


def test_la_hoja_de_estilo_cabe() -> None:
    assert comprimido(ESTATICOS / "css/portal.css") <= 12_000


def modulos_de(plantilla: str) -> set[str]:
    """Own modules a page loads, its ancestors' included."""
    texto = (PLANTILLAS / plantilla).read_text()
    propios = set(re.findall(r'{% modulo "(\w+)" %}', texto)) - {"htmx"}
    padre = re.search(r'{% extends "([^"]+)" %}', texto)
    return propios | (modulos_de(padre.group(1)) if padre else {"portal"})


def test_los_modulos_propios_caben_en_cada_pagina() -> None:
    """6 kB of our own JavaScript at most; the style page shows them all and does not count."""
    pesadas = {}
    for ruta in PLANTILLAS.rglob("*.html"):
        nombre = str(ruta.relative_to(PLANTILLAS))
        peso = comprimido(*(ESTATICOS / f"js/{modulo}.js" for modulo in modulos_de(nombre)))
        if peso > 6_000 and nombre != "paginas/guia.html":
            pesadas[nombre] = peso
    assert pesadas == {}


def test_una_sola_letra_en_pantalla() -> None:
    assert (ESTATICOS / "fuentes/nunito-sans-variable.woff2").stat().st_size <= 32_000
    assert (ESTATICOS / "css/portal.css").read_text().count("@font-face") == 1
    assert (ESTATICOS / "fuentes/OFL.txt").read_text().count("SIL OPEN FONT LICENSE") == 1
