"""The board by the API: the numbers of its page."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plazos.reloj import hoy
from tableros.peticion import pedir
from tests import fabricas as f
from tests.api.test_entrada import problema

pytestmark = pytest.mark.django_db


def test_the_same_figures_as_the_page(elenco, programa) -> None:
    for _ in range(3):
        f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    f.radicada(por=elenco.enlace, temas=[elenco.tema_integridad])

    for persona, recibidas in ((elenco.subsecretaria, 4), (elenco.directora, 3), (elenco.director_desarrollo, 1)):
        dicho = programa(persona).get("tablero/").json()
        with f.actuar(persona) as alcance:
            hecho = pedir(alcance, {}).tablero()
        tarjetas = [*hecho.hoy, *hecho.periodo]
        assert [(c["clave"], c["numero"]) for c in dicho["cifras"]] == [(t.clave, t.valor.numero) for t in tarjetas]
        assert {c["clave"]: c["numero"] for c in dicho["cifras"]}["recibidas"] == recibidas
        assert [tabla["clave"] for tabla in dicho["tablas"]] == list(hecho.tablas)
        for tabla in dicho["tablas"]:
            assert all(len(fila) == len(tabla["columnas"]) for fila in tabla["filas"])


def test_its_filters_and_who_may_ask(elenco, programa) -> None:
    quien = programa(elenco.subsecretaria)

    assert quien.get("tablero/", dependencia="SSDA", periodo="mes").status_code == 200
    assert quien.get("tablero/", sector=elenco.secretaria.sector.codigo).status_code == 200
    assert quien.get("tablero/", desde_mes="2026-01", hasta_mes="2026-03").json()["desde"] == "2026-01-01"
    problema(quien.get("tablero/", dependencia="NO-HAY"), 422)
    problema(quien.get("tablero/", sector="NO-HAY"), 422)
    problema(quien.get("tablero/", periodo="siglo"), 400)
    problema(quien.get("tablero/", desde_mes="enero"), 400)
    for persona in (elenco.enlace, elenco.asesora, elenco.ventanilla):
        problema(programa(persona).get("tablero/"), 403)


@pytest.mark.parametrize(
    ("pedido", "campo"),
    [
        ({"periodo": "mes", "desde_mes": "2025-01"}, "periodo"),
        ({"desde_mes": "1999-06", "hasta_mes": "1999-12"}, "hasta_mes"),
        ({"periodo": "meses"}, "desde_mes"),
    ],
)
def test_a_period_that_is_not_understood_is_refused_and_never_another(elenco, programa, pedido, campo) -> None:
    assert campo in problema(programa(elenco.subsecretaria).get("tablero/", **pedido), 422)["errores"]


def test_the_first_month_alone_reaches_this_one(elenco, programa) -> None:
    dicho = programa(elenco.subsecretaria).get("tablero/", desde_mes="2026-01").json()

    assert dicho["desde"] == "2026-01-01" and date.fromisoformat(dicho["hasta"]) >= hoy()


def test_the_same_queries_for_1_3_and_25(elenco, programa) -> None:
    quien, cuentas, hay = programa(elenco.subsecretaria), set(), 0
    quien.get("tablero/")
    for cuantas in (1, 3, 25):
        for _ in range(cuantas - hay):
            f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
        hay = cuantas
        with CaptureQueriesContext(connection) as hechas:
            assert quien.get("tablero/").status_code == 200
        cuentas.add(len(hechas))
    assert len(cuentas) == 1, cuentas
