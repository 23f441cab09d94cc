"""A08: every column of every model has a class; a new one without it fails."""

from dataclasses import replace

import pytest

from datos_personales import catalogo
from datos_personales.catalogo import Columna, columnas, desajustes


def test_every_column_is_classified() -> None:
    assert list(desajustes()) == []


@pytest.mark.parametrize(
    ("quitar", "poner", "dice"),
    [
        ("correo", [], "direcciones.Persona.correo no tiene clase"),
        ("", [Columna("direcciones.Persona", "apodo", "interna")], "direcciones.Persona.apodo ya no existe"),
        ("correo", [Columna("direcciones.Persona", "correo", "íntima")], "clase o acción desconocida"),
        ("correo", [Columna("direcciones.Persona", "correo", "personal", "id")], "no dice qué se hace al suprimir"),
        ("correo", [Columna("direcciones.Persona", "correo", "personal", "", "vaciar")], "no dice por qué"),
        ("", [Columna("direcciones.Persona", "correo", "interna")], "está dos veces"),
    ],
)
def test_what_is_missing_or_wrong_is_named(monkeypatch, quitar: str, poner: list[Columna], dice: str) -> None:
    otras = [c for c in columnas() if (c.modelo, c.columna) != ("direcciones.Persona", quitar)]
    monkeypatch.setattr(catalogo, "columnas", lambda: (*otras, *poner))
    assert any(dice in falla for falla in desajustes())


def test_what_opens_a_door_is_secret() -> None:
    """By its name: nobody calls a password, a token or a secret anything else and gets it exported."""
    pistas = ("password", "token", "secret", "nonce", "session_key", "session_data", "key")
    sospechosas = [c for c in columnas() if any(c.columna.startswith(p) or c.columna.endswith(p) for p in pistas)]
    assert len(sospechosas) >= 10
    assert [c for c in sospechosas if c.clase != "secreta"] == []
    assert replace(sospechosas[0], clase="interna").clase == "interna"
