"""T16, I02, I04, N07: what the code may not say, and the reviewed places where it may.

A new use is not forbidden: it is read by somebody, and its line is added to `excepciones.py` with the change.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.seguridad import excepciones
from tests.soporte.settings import RAIZ_PROYECTO

APARTE = {"tests", "migrations", ".venv", ".var", "node_modules"}
DE_ENTRADA = ("views", "forms", "urls", "permisos", "templatetags", "middleware", "paginas", "estados")


@cache
def modulos() -> dict[str, ast.Module]:
    """Every Python file of the project but tests and migrations. Shape: path → tree."""
    rutas = (r for r in RAIZ_PROYECTO.rglob("*.py") if not APARTE & set(r.relative_to(RAIZ_PROYECTO).parts))
    return {str(r.relative_to(RAIZ_PROYECTO)): ast.parse(r.read_text(encoding="utf-8")) for r in sorted(rutas)}


def llamadas() -> Iterator[tuple[str, ast.Call, str]]:
    """Every call of the project: file, node and the name that is called."""
    for ruta, arbol in modulos().items():
        for nodo in ast.walk(arbol):
            if isinstance(nodo, ast.Call):
                yield ruta, nodo, getattr(nodo.func, "attr", getattr(nodo.func, "id", ""))


def usos(*nombres: str) -> Counter[str]:
    return Counter(ruta for ruta, _, nombre in llamadas() if nombre in nombres)


def atributos(nombre: str) -> set[str]:
    return {
        ruta
        for ruta, arbol in modulos().items()
        for nodo in ast.walk(arbol)
        if isinstance(nodo, ast.Attribute) and nodo.attr == nombre
    }


def plantillas() -> dict[str, str]:
    raiz = RAIZ_PROYECTO / "templates"
    return {str(r.relative_to(raiz)): r.read_text(encoding="utf-8") for r in raiz.rglob("*") if r.is_file()}


# --- T16: ways around the nets -----------------------------------------------------------------------------------
def test_sql_by_hand_only_where_it_was_reviewed() -> None:
    assert set(usos("cursor", "mandar")) == excepciones.SQL_A_MANO
    assert set(usos("raw", "extra", "RawSQL")) == set()


def test_nobody_goes_around_the_managers() -> None:
    assert atributos("_base_manager") == set()
    assert atributos("_default_manager") <= excepciones.GESTOR_POR_DEFECTO


def test_the_context_is_written_in_one_place() -> None:
    """`set_config` and `SET app.…`: only the database backend (and the proof, which opens the policies)."""
    textos = {
        ruta
        for ruta, arbol in modulos().items()
        for nodo in ast.walk(arbol)
        if isinstance(nodo, ast.Constant) and isinstance(nodo.value, str) and _escribe_el_contexto(nodo.value)
    }
    assert textos == excepciones.ESCRIBEN_EL_CONTEXTO


def _escribe_el_contexto(texto: str) -> bool:
    return bool(re.search(r"set_config\(%?['\"s]|set\s+(local\s+|session\s+)?(app\.|role)", texto, re.IGNORECASE))


def test_acting_as_the_system_is_reviewed_one_by_one() -> None:
    """Each use says why with a text of its own; the reasons are the ones somebody read."""
    hallados: dict[str, list[str]] = {}
    for ruta, nodo, nombre in llamadas():
        if nombre == "como_sistema":
            hallados.setdefault(ruta, []).append(_motivo(nodo))
    nuevos = {r: sorted(set(m) - set(excepciones.COMO_SISTEMA.get(r, ()))) for r, m in hallados.items()}
    sobran = {r: sorted(set(m) - set(hallados.get(r, ()))) for r, m in excepciones.COMO_SISTEMA.items()}
    assert {r: m for r, m in nuevos.items() if m} == {}, "léalos y agréguelos a excepciones.COMO_SISTEMA"
    assert {r: m for r, m in sobran.items() if m} == {}, "ya no se usan: quítelos de excepciones.COMO_SISTEMA"


def _motivo(nodo: ast.Call) -> str:
    motivo = nodo.args[0] if nodo.args else None
    if isinstance(motivo, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "…" for p in motivo.values)
    assert isinstance(motivo, ast.Constant) and motivo.value, "como_sistema necesita un motivo escrito ahí mismo"
    return str(motivo.value)


@pytest.mark.parametrize("parte", DE_ENTRADA)
def test_views_and_forms_never_act_as_the_system(parte: str) -> None:
    quienes = {r for r in usos("como_sistema") if parte in Path(r).with_suffix("").parts}
    assert quienes - excepciones.ENTRADA_COMO_SISTEMA == set()


# --- I02, I04: what people type ----------------------------------------------------------------------------------
def test_nothing_typed_becomes_a_lookup() -> None:
    """I04: `filter(**request.GET)` and the like would let people ask `usuario__password__startswith`."""
    for ruta, nodo, _ in llamadas():
        for clave in nodo.keywords:
            if clave.arg is None:
                assert not re.search(r"request\.(GET|POST|headers|COOKIES)", ast.unparse(clave.value)), ruta


def test_order_by_never_takes_what_was_typed() -> None:
    for ruta, nodo, nombre in llamadas():
        if nombre in {"order_by", "values", "annotate", "only", "defer"}:
            assert not any("request." in ast.unparse(argumento) for argumento in nodo.args), ruta


def test_text_marked_as_safe_was_reviewed() -> None:
    assert dict(usos("mark_safe", "SafeString", "html_safe")) == excepciones.TEXTO_SEGURO
    assert {r for r, t in plantillas().items() if re.search(r"\|\s*safe\b|autoescape off", t)} == (
        excepciones.PLANTILLAS_CON_SAFE
    )


def test_format_html_never_takes_a_prepared_text() -> None:
    """`format_html(f"…{x}")` escapes nothing (security.md, traps)."""
    for ruta, nodo, nombre in llamadas():
        if nombre in {"format_html", "mark_safe"}:
            assert nodo.args and isinstance(nodo.args[0], ast.Constant), ruta


def test_no_view_leaves_the_csrf_check() -> None:
    assert usos("csrf_exempt") == {} and atributos("csrf_exempt") == set()
    nombres = {ruta for ruta, arbol in modulos().items() if "csrf_exempt" in ast.unparse(arbol)}
    assert nombres == set()


# --- N03, N07, A06 -----------------------------------------------------------------------------------------------
def test_addresses_in_mails_and_documents_come_from_the_settings() -> None:
    """N03, S09: the Host a request carries is never written anywhere that leaves the page."""
    quienes = set(usos("get_host", "build_absolute_uri", "get_current_site"))
    assert quienes == excepciones.USAN_EL_HOST


def test_secrets_are_not_compared_with_equals() -> None:
    """N07: `==` on a secret tells its length by time."""
    secreto = re.compile(r"\b(token|secreto|secret|codigo_totp|firma_hmac|digest)\b(?!_)", re.IGNORECASE)
    for ruta, arbol in modulos().items():
        for nodo in ast.walk(arbol):
            if isinstance(nodo, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in nodo.ops):
                lados = [nodo.left, *nodo.comparators]
                if any(isinstance(lado, ast.Constant) for lado in lados):
                    continue
                assert not any(secreto.search(ast.unparse(lado)) for lado in lados), f"{ruta}: {ast.unparse(nodo)}"


def test_nothing_is_unpickled_or_evaluated() -> None:
    """X06, X07: no pickle, no eval, no shell, no XML parser that follows entities."""
    peligrosos = {"eval", "exec", "system", "popen", "loads_pickle", "__import__"}
    assert {(r, n) for r, _, n in llamadas() if n in peligrosos} <= excepciones.EVALUAN
    for ruta, arbol in modulos().items():
        importados = {
            alias.name.split(".")[0]
            for nodo in ast.walk(arbol)
            if isinstance(nodo, ast.Import | ast.ImportFrom)
            for alias in (nodo.names if isinstance(nodo, ast.Import) else [ast.alias(nodo.module or "")])
        }
        assert not importados & {"pickle", "shelve", "marshal", "telnetlib", "ftplib"}, ruta
    assert not any(
        clave.arg == "shell" and getattr(clave.value, "value", False)
        for _, nodo, _ in llamadas()
        for clave in nodo.keywords
    )
