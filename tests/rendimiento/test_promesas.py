"""The table and the verdict of the bench, with recorded numbers: a failed promise ends with 1."""

import json

import pytest

from rendimiento import __main__ as banco
from rendimiento.promesas import A_MEDIAS, COLUMNAS, NO_EXISTE, PROMESAS, codigo_de_salida, juzgar, tabla

BUENA = {"f": 1.2, "p50_ms": 20.0, "p95_ms": 31.0, "sql": 8, "crecimiento": 1.05, "por_segundo": 90.0}


def test_todo_cumplido_termina_en_cero() -> None:
    juzgados = juzgar({"cola": BUENA, "reflujo": {"estado": NO_EXISTE}})

    assert juzgados["cola"]["cumple"] is True
    assert juzgados["reflujo"]["cumple"] is None
    assert codigo_de_salida(juzgados) == 0


@pytest.mark.parametrize(
    "peor", [{"f": 1.51}, {"sql": 9}, {"crecimiento": 1.11}, {"por_segundo": 79.9}, {"falla": "no arrancó"}]
)
def test_una_promesa_rota_termina_en_uno_y_dice_cual(peor: dict[str, float]) -> None:
    juzgados = juzgar({"cola_304": {"f": 0.3}, "cola": BUENA | peor})

    assert codigo_de_salida(juzgados) == 1
    assert "| **no** (" in tabla(juzgados).splitlines()[-1]
    assert tabla(juzgados).splitlines()[-2].endswith("| sí |")


def test_lo_que_no_se_midio_no_se_da_por_cumplido() -> None:
    juzgados = juzgar({"exportar": {}, "tablero": {"estado": NO_EXISTE}})

    assert [r["cumple"] for r in juzgados.values()] == [None, None]
    assert tabla(juzgados).splitlines()[2].endswith("| sin medir |")
    assert NO_EXISTE in tabla(juzgados).splitlines()[3]


@pytest.mark.parametrize(
    ("nombre", "medido", "falta"),
    [
        ("mezcla", {"por_segundo": 66.0, "p95_ms": 200.0, "p99_ms": 500.0, "errores": 0, "minutos": 10.0}, "minutos"),
        ("exportar", {"csv_s": 7.0, "xlsx_s": 6.0, "memoria_mb": 40.0, "csv_filas": 1_060_000, "xlsx_filas": 100_400},
         "csv_filas"),
        ("barrido", {"segundos": 3.0, "abiertas": 31_000}, "abiertas"),
        ("pdf", {"segundos": 0.9, "por_segundo": 2.3, "memoria_mb": 40.0, "documentos": 2_000}, "documentos"),
    ],
)  # fmt: skip
def test_lo_que_se_midio_con_menos_no_cumple_y_si_falla(nombre: str, medido: dict[str, float], falta: str) -> None:
    """«300 people for ten minutes» is not kept in six seconds; if it broke in six seconds, it is broken."""
    corto = medido | {falta: medido[falta] / 100}
    roto = corto | {PROMESAS[nombre].limites[0].clave: 0.0 if PROMESAS[nombre].limites[0].al_menos else 1e6}

    assert juzgar({nombre: medido})[nombre]["cumple"] is True
    juzgado = juzgar({nombre: corto})
    assert juzgado[nombre]["cumple"] is None
    assert tabla(juzgado).endswith(f"| {A_MEDIAS} |")
    assert juzgar({nombre: roto})[nombre]["cumple"] is False


def test_el_json_trae_las_columnas_de_cada_operacion(monkeypatch, capsys) -> None:
    monkeypatch.setattr(banco, "_medir", lambda taller, opciones: {"cola": BUENA | {"f": 2.0}})

    assert banco.main(["--solo", "cola", "--tam", "10k", "--json"]) == 1
    salida = json.loads(capsys.readouterr().out)
    assert {*COLUMNAS, "cumple"} <= set(salida["cola"])
    assert salida["cola"]["cumple"] is False


def test_el_crecimiento_compara_el_mayor_con_el_menor() -> None:
    mayor, lento = {"f": 1.32}, {"razon": 0.3}
    banco._anotar_crecimiento(mayor, {"f": 1.2}, distinto=True)
    banco._anotar_crecimiento(lento, {"razon": 0.33}, distinto=True)
    solo = {"f": 1.0}
    banco._anotar_crecimiento(solo, solo, distinto=False)

    assert (mayor["crecimiento"], lento["crecimiento"], "crecimiento" in solo) == (1.1, 1.1, False)


def test_cada_promesa_tiene_quien_la_mida() -> None:
    from rendimiento.operaciones import OPERACIONES  # noqa: PLC0415

    assert set(PROMESAS) == set(OPERACIONES)
