"""Plain Spanish in every template (interface.md §5.8; DNP, Guía de lenguaje claro)."""

import html
import re
from pathlib import Path

import pytest

RAIZ = Path(__file__).resolve().parents[2]
PLANTILLAS = sorted(p for p in (RAIZ / "templates").rglob("*.html") if "documentos" not in p.parts)
MAXIMO = 20
PROHIBIDAS = re.compile(
    r"\b(por favor|proceda|proceder|diligenci\w+|a fin de|inválid[oa]s?|error desconocido|"
    r"tickets?|pqrs?d?|requerimientos?|haga clic|click)\b"
    r"|\b(?:el|la|los|las|del|al) mism[oa]s?\b(?=\s*[.,;:]|\s*$)"
    r"|\b(?:el|un|su|este|ese|cada|los|sus) casos?\b",
    re.I,
)
INGLES = re.compile(
    r"\b(please|submit|sign in|sign up|log in|login|logout|password|e-?mail|search|next|previous|required|invalid|"
    r"delete|cancel|save|home|the|this|field|your|loading|error:? no)\b",
    re.I,
)
EN_LINEA = "a|abbr|b|br|em|i|ins|del|small|span|strong|time|code"


def relativa(ruta: Path) -> str:
    return str(ruta.relative_to(RAIZ / "templates"))


def textos(plantilla: str) -> list[str]:
    """What a person reads, one piece per block element. A variable counts as one word."""
    t = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", plantilla, flags=re.S)
    t = re.sub(r"<(style|script)\b.*?</\1>", "", t, flags=re.S)
    t = re.sub(r"{% (?:else|elif|endif|if|for|endfor|empty)\b.*?%}", " | ", t)
    t = re.sub(r"{%.*?%}", " ", t)
    t = re.sub(r"{{.*?}}", "X", t)
    t = re.sub(rf"</?(?:{EN_LINEA})\b[^>]*>", " ", t)
    t = re.sub(r"<[^>]*>", "|", t)
    piezas = (re.sub(r"\s+", " ", html.unescape(p)).strip() for p in t.split("|"))
    return [p for p in piezas if re.search(r"[a-záéíóúñ]{2}", p, re.I)]


def frases(texto: str) -> list[str]:
    return [f.strip() for f in re.split(r"(?<=[.:;?!])\s+", texto) if f.strip()]


@pytest.mark.parametrize("plantilla", PLANTILLAS, ids=relativa)
def test_palabras_de_la_casa(plantilla: Path) -> None:
    assert [t for t in textos(plantilla.read_text()) if PROHIBIDAS.search(t)] == []


@pytest.mark.parametrize("plantilla", PLANTILLAS, ids=relativa)
def test_nada_en_ingles(plantilla: Path) -> None:
    assert [t for t in textos(plantilla.read_text()) if INGLES.search(t)] == []


@pytest.mark.parametrize("plantilla", PLANTILLAS, ids=relativa)
def test_frases_cortas(plantilla: Path) -> None:
    largas = [f for t in textos(plantilla.read_text()) for f in frases(t) if len(f.split()) > MAXIMO]
    assert largas == []


def test_el_detector_detecta() -> None:
    """Negative control."""
    assert PROHIBIDAS.search("Por favor diligencie el formulario")
    assert PROHIBIDAS.search("Revise el documento y firme el mismo.")
    assert not PROHIBIDAS.search("Vence el mismo día. En caso de duda, escriba. Racionalización de trámites")
    assert INGLES.search("This field is required")
    assert textos('<p>Hola <b>mundo</b>{# no #}</p><p title="x">{{ y }} días</p>') == ["Hola mundo", "X días"]
