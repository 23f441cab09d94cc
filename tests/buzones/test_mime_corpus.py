"""M08: more than three hundred messages made by code, each read as it must and in less than 5 s; then mutated."""

import time
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from buzones.mime.desarmar import _desarmar, desarmar
from buzones.mime.partes import Desarmado, Falla
from tests.buzones.corpus import escritos  # noqa: F401  its families
from tests.buzones.corpus.hacer import Caso, Espera, todos
from tests.buzones.corpus.mutar import mutar

RAIZ = Path(__file__).parents[2]
CASOS = todos()
NORMALES = [caso for caso in CASOS if len(caso.crudo) < 2_000_000]
GRANDES = [caso for caso in CASOS if len(caso.crudo) >= 2_000_000]
PROMESA = 5  # seconds


def test_son_mas_de_trescientos_y_de_nombres_distintos():
    assert len({caso.nombre for caso in CASOS}) == len(CASOS)
    assert len(CASOS) >= 320


def _por_nombre(caso: Caso) -> str:
    return caso.nombre


@pytest.mark.parametrize("caso", NORMALES, ids=_por_nombre)
def test_se_lee_lo_que_dice(caso: Caso):
    _comprobar(caso)


@pytest.mark.larga
@pytest.mark.parametrize("caso", GRANDES, ids=_por_nombre)
def test_se_lee_lo_que_dice_aunque_pese(caso: Caso):
    _comprobar(caso)


def _comprobar(caso: Caso) -> None:
    antes = time.process_time()
    leido = _desarmar(caso.crudo, "", None)
    assert time.process_time() - antes < PROMESA
    _apto(leido, caso.crudo)
    halladas = {clave: _lo_hallado(leido, clave, pedido) for clave, pedido in caso.espera.items()}
    assert halladas == caso.espera


def _lo_hallado(leido: Desarmado, clave: str, pedido: Any) -> Any:
    sueltas = [p for p in leido.piezas if not p.incrustada]
    halladas = {defecto.clave for defecto in leido.defectos}
    calendario = leido.senales.calendario
    hasta = leido.senales.ausente_hasta
    lectores: Espera = {
        "asunto": lambda: leido.asunto,
        "texto": lambda: leido.texto,
        "texto_tiene": lambda: pedido if pedido in leido.texto else leido.texto,
        "nuevo": lambda: leido.nuevo,
        "citado": lambda: leido.citado,
        "citado_tiene": lambda: pedido if pedido in leido.citado and pedido not in leido.nuevo else leido.citado,
        "firma": lambda: leido.firma,
        "html": lambda: leido.html,
        "html_sano": lambda: _sano(leido.html),
        "dato": lambda: "data:image/" in leido.html,
        "largo": lambda: len(leido.texto),
        "de": lambda: (leido.de.nombre, leido.de.correo),
        "de_seguro": lambda: leido.de_seguro,
        "para": lambda: len(leido.para),
        "fecha": lambda: leido.fecha and leido.fecha.isoformat(),
        # No defect is asked for by «set()»; otherwise, those must be among what was found.
        "fallas": lambda: pedido if pedido and pedido <= halladas else halladas,
        "piezas": lambda: [p.nombre for p in sueltas],
        "contenido": lambda: sueltas[0].contenido,
        "cuantas": lambda: len(leido.piezas),
        "ultima": lambda: leido.piezas[-1].nombre,
        "incrustadas": lambda: len(leido.piezas) - len(sueltas),
        "cuarentena": lambda: sum(bool(p.cuarentena) for p in leido.piezas),
        "reenviado": lambda: (leido.reenviado[0].de.correo, leido.reenviado[0].texto) if leido.reenviado else None,
        "reenviados": lambda: [r.de.correo for r in leido.reenviado],
        "calendario": lambda: calendario.metodo if calendario else None,
        "robot": lambda: bool(leido.senales.robot),
        "ausencia": lambda: leido.senales.ausencia,
        "hasta": lambda: hasta and hasta.isoformat(),
        "acuse": lambda: leido.senales.acuse_de_lectura,
        "firmado": lambda: leido.senales.firmado,
        "cifrado": lambda: leido.senales.cifrado,
    }
    return lectores[clave]()


class _Mirador(HTMLParser):
    """Another parser than the one that cleaned it: each tag and attribute, as a program would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.malos: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "iframe", "form", "input", "svg", "link", "meta", "object", "video", "base"}:
            self.malos.append(tag)
        for nombre, dicho in attrs:
            valor = (dicho or "").lower()
            bueno = {
                "href": valor.startswith(("http://", "https://", "mailto:", "tel:")),
                "src": valor.startswith(("data:image/png;base64,", "data:image/jpeg;base64,")),
                "style": "url" not in valor and "\\" not in valor and "position" not in valor,
            }.get(
                nombre,
                nombre in {"title", "alt", "rel", "width", "height", "align", "color", "size", "border", "colspan"},
            )
            if not bueno:
                self.malos.append(f"{tag}.{nombre}={valor}")

    def handle_comment(self, data: str) -> None:
        self.malos.append("<!--")


def _sano(html: str) -> bool:
    mirador = _Mirador()
    mirador.feed(html)
    return not mirador.malos


def _apto(leido: Desarmado, crudo: bytes) -> None:
    """What must hold of anything read, whatever it was."""
    assert not leido.tiene(Falla.INTERNO)
    assert len(leido.huella) == 64
    assert len(leido.texto) <= 200_000
    assert len(leido.html) <= 300_000
    assert len(leido.piezas) <= 400
    assert sum(p.bytes for p in leido.piezas) <= 3 * len(crudo) + 1000
    assert [p.orden for p in leido.piezas] == list(range(1, len(leido.piezas) + 1))
    assert all(p.nombre and len(p.nombre) <= 150 and "/" not in p.nombre and p.sha256 for p in leido.piezas)
    for linea in _textos(leido):
        assert "\0" not in linea
        linea.encode()  # no lone surrogates


def _textos(algo: Any) -> list[str]:
    if isinstance(algo, str):
        return [algo]
    if isinstance(algo, tuple):
        return [texto for uno in algo for texto in _textos(uno)]
    if is_dataclass(algo):
        return [texto for campo in fields(algo) for texto in _textos(getattr(algo, campo.name))]
    return []


@pytest.mark.parametrize("archivo", sorted((RAIZ / "tests/avisos/dsn").glob("*.eml")), ids=lambda a: a.stem)
def test_los_informes_de_cada_servidor_se_leen(archivo: Path):
    leido = _desarmar(archivo.read_bytes(), "", None)
    _apto(leido, archivo.read_bytes())
    if archivo.stem not in {"respuesta"}:
        assert leido.senales.robot


# --- Whatever the bytes ------------------------------------------------------------------------------------------
def _mutados(cuantos: int, desde: int) -> list[tuple[int, bytes]]:
    base = [c.crudo for c in NORMALES if len(c.crudo) < 60_000]
    base += [archivo.read_bytes() for archivo in sorted((RAIZ / "datos/correos_ejemplo").glob("*.eml"))]
    return [(n, mutar(base[n % len(base)], n, base[(n * 7919) % len(base)])) for n in range(desde, desde + cuantos)]


def _ninguno_falla(mutados: list[tuple[int, bytes]]) -> None:
    for semilla, crudo in mutados:
        antes = time.process_time()
        try:
            _apto(_desarmar(crudo, "correo.example", None), crudo)
        except Exception as falla:
            raise AssertionError(f"semilla {semilla}") from falla
        assert time.process_time() - antes < PROMESA, semilla


def test_danados_de_muchas_maneras():
    _ninguno_falla(_mutados(400, 0))


@pytest.mark.larga
@pytest.mark.parametrize("lote", range(10))
def test_diez_mil_danados(lote: int):
    _ninguno_falla(_mutados(1000, lote * 1000))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2000))
def test_cualquier_cosa(crudo: bytes):
    _apto(_desarmar(crudo, "x", None), crudo)


_TROZOS = [
    b"From: ", b"Content-Type: ", b"multipart/mixed", b"text/html", b"; boundary=", b"x", b"--x", b"--", b"\n",
    b"\r\n", b"\n\n", b"=?utf-8?b?", b"?=", b"base64", b"Content-Transfer-Encoding: ", b"*0*=", b'"',
    b"message/rfc822", b"Content-Disposition: attachment; filename", b"application/ms-tnef", b"\x78\x9f\x3e\x22",
    b"<div>", b"\xff", b"\0", b"a@b.co", b"<", b">", b"> ",
]  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(_TROZOS), max_size=60).map(b"".join))
def test_cualquier_orden_de_sus_trozos(crudo: bytes):
    _apto(_desarmar(crudo, "x", None), crudo)


def test_una_falla_nuestra_no_pierde_el_mensaje(monkeypatch: pytest.MonkeyPatch):
    def romper(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("buzones.mime.desarmar.cuerpo.leer", romper)
    leido = desarmar(b"From: a@b.example\n\nHola")
    assert leido.tiene(Falla.INTERNO)
    assert leido.huella
