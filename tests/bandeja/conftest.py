"""Handlers that exist only in these tests, over a database where commits are real."""

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from alcance import Alcance, como_sistema, con_alcance
from bandeja.models import Entrega
from bandeja.services import anotar, manejadores
from bandeja.services.manejadores import Manejador

ENLACE = Alcance(persona_id=7, rol="enlace", entidad_id=5)


@pytest.fixture
def registrar() -> Iterator[Callable[[str, Manejador], None]]:
    """`registrar("prueba.x", funcion)`: a handler for the length of the test."""
    manejadores.cargar()  # once per process: what is put back afterwards must hold the real ones too
    antes = dict(manejadores._manejadores)

    def poner(tipo: str, funcion: Manejador) -> None:
        manejadores._manejadores[tipo] = funcion

    yield poner
    manejadores._manejadores.clear()
    manejadores._manejadores.update(antes)


def dejar(tipo: str, *claves: str, **mas: object) -> None:
    """Leave facts as an enlace would, in one transaction."""
    with con_alcance(ENLACE), transaction.atomic():
        for clave in claves:
            anotar(tipo=tipo, clave=clave, carga={"id": 1}, **mas)  # type: ignore[arg-type]


def fila(clave: str) -> Entrega:
    with como_sistema("prueba"), transaction.atomic():
        return Entrega.objects.get(clave_idempotencia=clave)


def cambiar(clave: str, **campos: object) -> None:
    with como_sistema("prueba"), transaction.atomic():
        assert Entrega.objects.filter(clave_idempotencia=clave).update(**campos) == 1


def estados() -> dict[str, str]:
    with como_sistema("prueba"), transaction.atomic():
        return dict(Entrega.objects.values_list("clave_idempotencia", "estado").order_by("id"))
