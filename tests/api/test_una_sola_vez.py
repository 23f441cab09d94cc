"""C01 by the API: one key, sixteen requests at once, one solicitud; and its negative control."""

from typing import Any
from uuid import uuid4

from django.db import transaction

from alcance import como_sistema
from api import radicacion
from solicitudes.models import Borrador, Solicitud
from tests.api.conftest import Programa, secreto_de
from tests.api.test_solicitudes import cuerpo
from tests.soporte.elenco import crear_elenco
from tests.soporte.hilos import a_la_vez

CUANTAS = 16


def radicar_a_la_vez(secreto: str) -> list[Any]:
    llave, programas = uuid4(), [Programa(secreto) for _ in range(CUANTAS)]
    return a_la_vez(CUANTAS, lambda n: programas[n].post("solicitudes/", cuerpo(), llave))


def contar(modelo: Any) -> int:
    with transaction.atomic(), como_sistema("prueba: contar"):
        return int(modelo.objects.count())


def test_sixteen_at_once_file_one(base_propia: str) -> None:
    respuestas = radicar_a_la_vez(secreto_de(crear_elenco().enlace, "radicar"))

    assert sorted(r.status_code for r in respuestas) == [200] * (CUANTAS - 1) + [201]
    assert len({r.json()["radicado"] for r in respuestas}) == 1
    assert contar(Solicitud) == contar(Borrador) == 1


def test_without_the_key_they_file_sixteen(base_propia: str, monkeypatch) -> None:
    """Negative control: a key of its own for each request, whatever the client said."""
    monkeypatch.setattr(radicacion, "clave_propia", lambda que, llave: uuid4())

    respuestas = radicar_a_la_vez(secreto_de(crear_elenco().enlace, "radicar"))

    assert {r.status_code for r in respuestas} == {201}
    assert contar(Solicitud) == CUANTAS
