"""Events that exist only in these tests."""

from collections.abc import Iterator

import pytest

from avisos import eventos as modulo
from avisos.carta import Carta
from avisos.eventos import TODOS, Clase, Evento, eventos, registrar_evento

GRUPO, OTRO_GRUPO = "Cosas de la prueba", "Más cosas de la prueba"


def muestra() -> Carta:
    return Carta("Algo pasó", "Pasó algo.")


@pytest.fixture
def de_prueba() -> Iterator[None]:
    eventos()  # what the rooms declare, once per process: what is put back must hold it
    antes = dict(modulo._eventos)
    for clave, grupo, clase, resumible in (
        ("prueba.normal", GRUPO, Clase.NORMAL, True),
        ("prueba.otro", OTRO_GRUPO, Clase.NORMAL, True),
        ("prueba.urgente", GRUPO, Clase.NORMAL, False),
        ("prueba.legal", GRUPO, Clase.LEGAL, False),
        ("prueba.cuenta", GRUPO, Clase.CUENTA, False),
    ):
        registrar_evento(Evento(clave, f"Título de {clave}", grupo, muestra, clase, resumible, TODOS))
    yield
    modulo._eventos.clear()
    modulo._eventos.update(antes)
