"""R25, R26: the register by the API is the register of the page, row by row."""

from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from api.views.registro import ParametrosDeRegistro
from solicitudes.columnas import COLUMNAS
from solicitudes.forms.filtros import FiltrosRegistro
from solicitudes.registro import registro_de
from tests import fabricas as f
from tests.api.test_entrada import problema

pytestmark = pytest.mark.django_db


def filas(quien: Any, **filtros: Any) -> list[dict[str, Any]]:
    respuesta = quien.get("registro/", **filtros)
    assert respuesta.status_code == 200, respuesta.content
    return respuesta.json()["resultados"]


def test_the_same_rows_as_the_page_for_each_role(elenco, programa) -> None:
    f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    f.radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad, elenco.tema_tablas])

    for persona in (elenco.asesora, elenco.asesor_tecnica, elenco.directora, elenco.subsecretaria, elenco.ventanilla):
        with f.actuar(persona) as alcance:
            esperadas = sorted(
                registro_de(alcance, QueryDict()).consulta.values_list("solicitud__radicado", flat=True)
            )
        assert sorted(fila["radicado"] for fila in filas(programa(persona))) == esperadas
    problema(programa(elenco.enlace).get("registro/"), 403)


def test_every_column_and_every_filter_of_the_page_is_here(elenco, programa) -> None:
    """A column or a filter that the page gains, the API gains."""
    f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    (fila,) = filas(programa(elenco.asesora))

    assert list(fila) == [columna.clave for columna in COLUMNAS]
    assert set(ParametrosDeRegistro().fields) == {*FiltrosRegistro.base_fields, "cursor", "tamano", "columna"}
    assert fila["tema"] == "Valoración documental" and fila["otros_temas"] == [] and fila["prestada"] is None
    assert fila["recepcion"].endswith("-05:00") and fila["entidad"] == "Secretaría Distrital de Gobierno"


def test_filters_take_codes_and_refuse_what_they_do_not_know(elenco, programa) -> None:
    una = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    f.radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas])
    quien = programa(elenco.asesora)

    for filtros in ({"entidad": "02-01"}, {"sector": elenco.secretaria.sector.codigo}, {"buscar": una.radicado}):
        assert [fila["radicado"] for fila in filas(quien, **filtros)] == [una.radicado], filtros
    for filtros in ({"tema": "DDAB-12"}, {"modalidad": "concepto"}, {"estado": "abierta"}, {"dependencia": "SSDA"}):
        assert len(filas(quien, **filtros)) == 2, filtros
    assert filas(quien, hasta="2001-01-01") == [] and filas(quien, cumplimiento="tarde") == []
    for rara in ("9999-12-31", "0001-01-01"):
        problema(quien.get("registro/", hasta=rara), 422)
    al_reves = problema(quien.get("registro/", desde="2026-02-01", hasta="2026-01-31"), 422)
    assert al_reves["errores"] == {"hasta": ["«Recibidas desde» es posterior a «Recibidas hasta»."]}
    problema(quien.get("registro/", entidad="no-hay"), 422)
    problema(quien.get("registro/", dependencia="STDI"), 422)
    problema(quien.get("registro/", estado="abiertas"), 400)
    problema(quien.get("registro/", entidades="02-01"), 400)


def test_only_the_columns_asked_for_and_the_fixed_ones(elenco, programa) -> None:
    f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    (fila,) = filas(programa(elenco.asesora), columna=["vence"])

    assert set(fila) == {"vence"} | {columna.clave for columna in COLUMNAS if columna.fija}


def test_the_same_queries_for_1_3_and_25(elenco, programa) -> None:
    quien, cuentas, hay = programa(elenco.asesora), set(), 0
    quien.get("registro/")
    for cuantas in (1, 3, 25):
        for _ in range(cuantas - hay):
            f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
        hay = cuantas
        with CaptureQueriesContext(connection) as hechas:
            assert len(filas(quien)) == cuantas
        cuentas.add(len(hechas))
    assert len(cuentas) == 1, cuentas
