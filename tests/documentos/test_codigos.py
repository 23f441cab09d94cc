import math
import random

from hypothesis import given
from hypothesis import strategies as st

from documentos import codigos

codigo = st.text(codigos.ALFABETO, min_size=codigos.SIMBOLOS, max_size=codigos.SIMBOLOS)


def test_ochenta_bits_sin_letras_ambiguas() -> None:
    """G07."""
    assert codigos.SIMBOLOS * math.log2(len(set(codigos.ALFABETO))) >= 80
    assert not set("OILU") & set(codigos.ALFABETO)
    assert codigos.PATRON.fullmatch(codigos.nuevo())


def test_cien_mil_codigos_al_azar_no_aciertan() -> None:
    """G07: against a thousand issued codes."""
    expedidos = {codigos.nuevo() for _ in range(1000)}
    azar = random.Random(7)
    intentos = {"".join(azar.choices(codigos.ALFABETO, k=codigos.SIMBOLOS)) for _ in range(100_000)}
    assert len(expedidos) == 1000
    assert not expedidos & intentos


@given(codigo)
def test_lo_que_se_imprime_se_puede_volver_a_escribir(valor: str) -> None:
    assert codigos.normalizar(codigos.agrupar(valor)) == valor


@given(codigo, st.randoms())
def test_perdona_como_escribe_la_gente(valor: str, azar: random.Random) -> None:
    escrito = valor.lower().replace("0", azar.choice("0oO")).replace("1", azar.choice("1iIlL"))
    escrito = azar.choice([" ", "-", " – ", ""]).join(escrito[i : i + 4] for i in range(0, 16, 4))
    assert codigos.normalizar(f"  {escrito} ") == valor


@given(st.text(max_size=30))
def test_lo_que_no_es_un_codigo_no_lo_parece(texto: str) -> None:
    hallado = codigos.normalizar(texto)
    assert hallado is None or codigos.PATRON.fullmatch(hallado)
