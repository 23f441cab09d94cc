"""The registry of events: one of each key, and what leaves at once never waits for a digest."""

import pytest

from avisos import eventos
from avisos.carta import Carta
from avisos.eventos import Clase, Evento, registrar_evento


def uno(clave: str = "prueba.uno", **datos) -> Evento:
    valores = {"titulo": "Le asignaron una solicitud", "grupo": "asignaciones", "muestra": lambda: Carta("Una", "Uno")}
    return Evento(clave, **valores | datos)


def test_a_key_is_registered_once_and_found_by_it(monkeypatch) -> None:
    eventos.eventos()  # what the rooms declare enters once per process, and not in what this test throws away
    monkeypatch.setattr(eventos, "_eventos", {})
    despues, antes = registrar_evento(uno()), registrar_evento(uno("prueba.dos", titulo="Algo antes"))
    with pytest.raises(ValueError, match="Dos eventos"):
        registrar_evento(uno())
    assert eventos.evento("prueba.uno") is despues
    assert [e for e in eventos.eventos() if e.clave.startswith("prueba.")] == [antes, despues]
    with pytest.raises(KeyError):
        eventos.evento("prueba.tres")


@pytest.mark.parametrize("clase", [Clase.LEGAL, Clase.CUENTA])
def test_what_leaves_at_once_never_waits_for_a_digest(clase: Clase) -> None:
    with pytest.raises(ValueError, match="resumen"):
        uno(clase=clase)
    assert uno(clase=clase, resumible=False).clase is clase
