"""The table that compares the portal with comparable software (R33): docs/plazos.md is what is counted, over
laws that an oracle agrees with."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from plazos import pares
from plazos.festivos import LEY_51, LEY_2578
from plazos.management.commands.comparar_pares import EMPIEZA, TERMINA
from plazos.pares import ANIOS, de_ley, medidas, portal, tabla
from tests.plazos.oraculo import festivos

HOY, ANTES = (LEY_51, LEY_2578), (LEY_51,)


def escrito() -> str:
    return (Path(settings.RAIZ) / "docs" / "plazos.md").read_text(encoding="utf-8")


def test_el_documento_dice_lo_que_se_cuenta() -> None:
    de_verdad = f"{EMPIEZA}{tabla()}{TERMINA}"
    assert de_verdad in escrito(), "Las cifras cambiaron. Escríbalas con: script/manage comparar_pares --aplicar"


def test_las_pruebas_que_nombra_el_documento_existen() -> None:
    nombradas = set(re.findall(r"`(test_\w+)`", escrito()))
    pruebas = (Path(settings.RAIZ) / "tests").rglob("test_*.py")
    escritas = {nombre for ruta in pruebas for nombre in re.findall(r"def (test_\w+)", ruta.read_text("utf-8"))}
    assert len(nombradas) > 20 and nombradas <= escritas


@pytest.mark.parametrize(("normas", "con_ley_2578"), [(HOY, True), (ANTES, False)])
def test_las_leyes_son_las_del_oraculo(normas: tuple[str, ...], con_ley_2578: bool) -> None:
    assert de_ley(*normas) == frozenset().union(*(festivos(anio, con_ley_2578) for anio in ANIOS))


@pytest.mark.parametrize(
    ("normas", "recibos", "malas", "tardias"),
    [(HOY, 487, [260, 207, 150, 151, 20, 0], 18), (ANTES, 489, [258, 194, 134, 138, 0, 0], 18)],
    ids=["19 festivos", "18 festivos"],
)
def test_las_dos_verdades(normas: tuple[str, ...], recibos: int, malas: list[int], tardias: int) -> None:
    """Those of 18 holidays were published by running the code of Signalen and of Froide."""
    contadas = list(medidas(*normas).values())
    assert {una.recibos for una in contadas} == {recibos}
    assert [una.malas for una in contadas] == malas
    assert [una.tardias for una in contadas] == [0, 0, tardias, 0, 0, 0]


@pytest.mark.parametrize(
    ("recibido", "vence", "otros"),
    [
        ("2026-03-24", "2026-04-09", "2026-04-07"),
        ("2026-06-01", "2026-06-17", "2026-06-15"),
        ("2026-10-27", "2026-11-11", "2026-11-10"),
        ("2026-12-18", "2027-01-05", "2027-01-01"),
    ],
)
def test_los_casos_publicados(recibido: str, vence: str, otros: str) -> None:
    dia = date.fromisoformat(recibido)
    assert portal(*ANTES)(dia) == portal(*HOY)(dia) == date.fromisoformat(vence)
    assert pares.vencimiento(dia, frozenset()) == date.fromisoformat(otros)


def test_un_portal_que_se_equivoca_se_nota(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: with a holiday missing from what is stored, the portal is not at zero."""
    guardados = tuple(uno for uno in pares.festivos_guardados() if uno.fecha != date(2026, 12, 8))
    verdad = de_ley(*HOY)
    monkeypatch.setattr(pares, "festivos_guardados", lambda: guardados)
    assert pares.medir(portal(*HOY), verdad).malas > 0


def test_la_orden_escribe_la_tabla_y_nada_mas(tmp_path: Path, settings: Any, capsys: Any) -> None:
    settings.RAIZ, documento = tmp_path, tmp_path / "docs" / "plazos.md"
    documento.parent.mkdir()
    documento.write_text(f"Antes\n{EMPIEZA}vieja{TERMINA}\nDespués\n", encoding="utf-8")
    call_command("comparar_pares", "--aplicar")
    assert documento.read_text(encoding="utf-8") == f"Antes\n{EMPIEZA}{tabla()}{TERMINA}\nDespués\n"

    documento.write_text("Sin marcas\n", encoding="utf-8")
    with pytest.raises(CommandError, match="marcas"):
        call_command("comparar_pares", "--aplicar")
    assert documento.read_text(encoding="utf-8") == "Sin marcas\n"
    call_command("comparar_pares")
    assert capsys.readouterr().out == f"{tabla()}\n"
