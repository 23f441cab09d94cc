"""How it is measured: nobody on both sides, every figure right, and what was promised of it."""

from functools import lru_cache

import pytest

from clasificador import medir as m
from clasificador.medir import Medida, juzgar, medir
from clasificador.modelo import Ejemplo, Propuesta, Sugerencia, sugerir
from tests.clasificador.apoyos import catalogo, de_la_demo, ejemplos, modelo, nombres


def test_nobody_is_on_both_sides_and_every_part_asks_about_everything() -> None:
    insistente = [Ejemplo(f"otra {n}", dependencia=("SSDA",), remitente="la.misma@sds.example") for n in range(9)]
    parte_de = m._repartir([*ejemplos(), *insistente])

    assert set(parte_de) == {ejemplo.remitente for ejemplo in [*ejemplos(), *insistente]}
    assert set(parte_de.values()) == set(range(m.PARTES))
    for dependencia in ("STDI", "DDRI"):
        suyas = {parte_de[e.remitente] for e in ejemplos() if dependencia in e.dependencia}
        assert len(suyas) == m.PARTES, dependencia


def test_who_is_judged_was_never_learned_from(monkeypatch) -> None:
    aprendidos: list[set[str]] = []
    juzgados: list[set[str]] = []

    def entrenar(unos, nombres):
        aprendidos.append({ejemplo.remitente for ejemplo in unos})
        return de_verdad[0](unos, nombres)

    def juzgar(modelo, unos, medidas):
        juzgados.append({ejemplo.remitente for ejemplo in unos})
        return de_verdad[1](modelo, unos, medidas)

    de_verdad = m.entrenar, m.juzgar
    monkeypatch.setattr(m, "entrenar", entrenar)
    monkeypatch.setattr(m, "juzgar", juzgar)

    medir([*catalogo()[:20], *ejemplos()[:12]], nombres())

    assert all(not (unos & otros) for unos, otros in zip(aprendidos, juzgados, strict=True))
    assert set().union(*juzgados) == {e.remitente for e in ejemplos()[:12]}


def test_the_figures_say_what_happened(monkeypatch) -> None:
    dichas = {
        "bien": Sugerencia(direcciones=(Propuesta("DDAB", 97), Propuesta("DDRI", 3))),
        "segunda": Sugerencia(direcciones=(Propuesta("DDRI", 60), Propuesta("DDAB", 40))),
        "mal y segura": Sugerencia(direcciones=(Propuesta("DDRI", 99),)),
        "nada": Sugerencia(),
    }
    monkeypatch.setattr(m, "sugerir", lambda modelo, texto: dichas[texto])

    medida = juzgar(modelo(), [Ejemplo(texto, direccion=("DDAB",)) for texto in dichas])["direccion"]

    assert (medida.exactitud, medida.tres) == (0.25, 0.5)
    assert (medida.cobertura, medida.erradas_de_las_seguras) == (0.5, 0.5)
    assert medida.confusion == {("DDAB", "DDRI"): 2, ("DDAB", ""): 1}
    assert medida.calibracion == {90: (196, 1, 2), 60: (60, 0, 1)}
    assert medida.como_json()["confusion"][0] == ["DDAB", "DDRI", 2]


def test_what_has_no_label_is_not_counted() -> None:
    medidas = juzgar(modelo(), [Ejemplo("visita al archivo", direccion=("DDAB",))])

    assert (medidas["direccion"].cuantos, medidas["tema"].cuantos) == (1, 0)
    assert Medida().exactitud == Medida().erradas_de_las_seguras == 0.0


# --- What it achieves (0028; the bench repeats it over the whole plan) ---------------------------------------------
@lru_cache
def validadas() -> m.Medidas:
    return medir([*catalogo(), *ejemplos()], nombres())


def test_the_examples_cross_validated() -> None:
    medidas = validadas()

    assert medidas["direccion"].exactitud >= 0.95
    assert medidas["dependencia"].exactitud >= 0.90
    assert medidas["tema"].tres >= 0.90
    assert medidas["direccion"].erradas == 0


def test_believable_texts_that_it_never_saw() -> None:
    textos = de_la_demo(200)
    medida = juzgar(modelo(), [ejemplo for ejemplo, _ in textos])["direccion"]
    de_su_caso = [bool({p.codigo for p in sugerir(modelo(), e.texto).temas[:3]} & suyos) for e, suyos in textos]

    assert medida.exactitud >= 0.90
    assert medida.erradas_de_las_seguras <= 0.02
    assert sum(de_su_caso) / len(textos) >= 0.80


@pytest.mark.parametrize("objetivo", ["tema", "direccion", "dependencia"])
def test_what_it_says_of_itself_is_not_more_than_what_happens(objetivo) -> None:
    """On its own ground (the examples): what is said to be sure by nine of ten is right eight times of ten or more."""
    medida = validadas()[objetivo]
    dicha, cierta, cuantas = (sum(n) for n in zip(*(v for k, v in medida.calibracion.items() if k >= 80), strict=True))

    assert cuantas > 5
    assert 100 * cierta / cuantas >= dicha / cuantas - 10
