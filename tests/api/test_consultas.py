"""Every list of the API, and the page of its tokens, ask the same with 1, 3 and 25 rows (performance.md)."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from api.services import crear_token
from direcciones.models import Membresia
from exportaciones.estados import EstadoExportacion
from tests import fabricas as f
from tests.conceptos.conftest import archivos_aparte, mesa  # noqa: F401
from tests.exportaciones.test_paginas import crear

pytestmark = pytest.mark.django_db


def cuantas(pedir: Any) -> int:
    pedir()  # what a process reads only once
    with CaptureQueriesContext(connection) as hechas:
        assert pedir().status_code == 200
    return len(hechas)


@pytest.mark.parametrize(
    ("ruta", "de_que"),
    [
        ("catalogos/sectores/", f.FabricaSector),
        ("catalogos/entidades/", f.FabricaEntidad),
        ("catalogos/dependencias/", f.FabricaDependencia),
        ("catalogos/temas/", f.FabricaTema),
        ("catalogos/modalidades/", f.FabricaModalidad),
    ],
)
def test_the_catalogues(elenco, programa, ruta, de_que) -> None:
    quien, medidas = programa(elenco.enlace), []
    for mas in (1, 2, 22):
        with f.escribiendo():
            for _ in range(mas):
                de_que(**({"codigo": f"m-{uuid4().hex[:8]}"} if de_que is f.FabricaModalidad else {}))
        medidas.append(cuantas(lambda: quien.get(ruta)))
    assert len(set(medidas)) == 1, medidas
    assert len(quien.get(ruta).json()["resultados"]) >= 25


def test_the_exports(elenco, programa) -> None:
    quien, medidas = programa(elenco.asesora), []
    for mas in (1, 2, 22):
        for _ in range(mas):
            crear(elenco.asesora, EstadoExportacion.CANCELADA)
        medidas.append(cuantas(lambda: quien.get("exportaciones/")))
    assert len(set(medidas)) == 1, medidas


def test_the_published_conceptos(mesa, programa) -> None:  # noqa: F811
    """One and three: each is a signed PDF."""
    medidas = []
    for mas in (1, 2):
        for _ in range(mas):
            mesa.entregado()
        medidas.append(cuantas(lambda: programa().get("conceptos/")))
    assert len(set(medidas)) == 1, medidas
    assert len(programa().get("conceptos/").json()["resultados"]) == 3


def test_the_tokens_of_everybody(elenco, entrar) -> None:
    cliente, medidas = entrar(elenco.administradora), []
    with f.escribiendo():
        membresias = [Membresia.objects.get(persona=p) for p in (elenco.enlace, elenco.asesora)]
    for mas in (1, 2, 22):
        for n in range(mas):
            membresia = membresias[n % 2]
            with f.actuar(membresia):
                permisos = ["leer_solicitudes"]
                crear_token(membresia=membresia, nombre="Programa", permisos=permisos, dias=30)
        medidas.append(cuantas(lambda: cliente.get(reverse("api:todos_los_tokens"))))
    assert len(set(medidas)) == 1, medidas
