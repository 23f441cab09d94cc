"""From a text to the words that count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clasificador.palabras import MAXIMO, Nombres, llano, raiz, rasgos


@pytest.mark.parametrize(
    "familia",
    [
        ("eliminacion", "eliminar", "eliminamos"),
        ("publicar", "publicacion", "publicado"),
        ("transferencia", "transferencias", "transferir"),
        ("trd", "trds"),
        ("digitalizar", "digitalizacion"),
        ("comite", "comites"),
    ],
)
def test_words_of_a_family_have_one_root(familia) -> None:
    assert len({raiz(palabra) for palabra in familia}) == 1


@pytest.mark.parametrize(("una", "otra"), [("transferir", "transformar"), ("acta", "acto"), ("visita", "viaje")])
def test_other_words_do_not(una, otra) -> None:
    assert raiz(una) != raiz(otra) or una[:3] == otra[:3] == "act"


def test_courtesies_accents_and_addresses_are_not_weighed() -> None:
    _, pesos, _ = rasgos("Cordial saludo. Solicitamos VALORACIÓN. ana.ruiz@sdp.example, 3001234567")

    assert [rasgo for rasgo, _ in pesos] == ["valor"]


def test_the_subject_counts_twice_and_pairs_are_kept() -> None:
    como, pesos, _ = rasgos("Tabla de retención\nLa tabla de retención")

    assert dict(pesos) == {"tabl": 3.0, "retenc": 3.0, "tabl retenc": 3.0}
    assert como["tabl retenc"] == "tabla retención"


def test_a_name_says_who_asks_and_not_what() -> None:
    nombres = Nombres({
        "07-04": ["Subred Integrada de Servicios de Salud Sur E.S.E.", "Subred Sur"],
        "07-05": ["Subred Integrada Sur Occidente", "Subred Sur Occidente"],
        "10-01": ["Secretaría Distrital de Ambiente", "SDA"],
    })  # fmt: skip

    _, pesos, halladas = rasgos("La SDA y la subred sur occidente piden visita", nombres)

    assert halladas == ["10-01", "07-05"]
    assert [rasgo for rasgo, _ in pesos] == ["piden", "visit", "piden visit"]


def test_a_name_of_two_names_neither() -> None:
    assert rasgos("La Casa Cultural", Nombres({"1": ["Casa Cultural"], "2": ["Casa  cultural"]}))[2] == []


def test_llano_compares_two_writings_of_a_name() -> None:
    assert llano("  Gestión—Documental, S.A.") == llano("gestion documental s a")


@given(st.text(max_size=400))
def test_any_text_is_read(texto) -> None:
    como, pesos, _ = rasgos(texto)

    assert set(como) == {rasgo for rasgo, _ in pesos}


def test_only_the_beginning_of_a_huge_text_is_read() -> None:
    assert rasgos("retención " * 10_000_0)[1] == rasgos("retención " * (MAXIMO // 10))[1]
