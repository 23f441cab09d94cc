"""Exports by the API: the same job as from the portal, asked for and taken with a token."""

import pytest

from bandeja.services import entregar_larga
from exportaciones.models import Exportacion
from tests import fabricas as f
from tests.api.test_entrada import problema
from tests.exportaciones.test_trabajo import gente  # noqa: F401

con_base = pytest.mark.django_db


def test_asked_for_followed_and_taken(gente, programa) -> None:  # noqa: F811
    elenco = gente
    una = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    f.radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas])
    quien = programa(elenco.asesora)

    pedida = quien.post("exportaciones/", {"formato": "csv", "filtros": {"entidad": "02-01"}})
    otra_vez = quien.post("exportaciones/", {"formato": "csv", "filtros": {"entidad": "02-01"}})

    assert pedida.status_code == 201 and pedida.json()["id"] == otra_vez.json()["id"]
    ruta = f"exportaciones/{pedida.json()['id']}/"
    problema(quien.get(f"{ruta}archivo/"), 409)
    assert entregar_larga() == 1  # what the worker does
    lista = quien.get(ruta).json()
    archivo = quien.cliente.get(f"/api/v1/{ruta}archivo/", secure=True, headers={"accept": "text/csv"})
    texto = archivo.getvalue().decode("utf-8-sig")
    assert (lista["estado"], lista["filas"]) == ("lista", 1)
    assert archivo["Content-Type"].startswith("text/csv") and una.radicado in texto and texto.count("AT-") == 1
    assert [fila["id"] for fila in quien.get("exportaciones/").json()["resultados"]] == [lista["id"]]
    problema(quien.post(f"{ruta}cancelar/", {}), 409)


@con_base
def test_cancelled_and_of_nobody_else(elenco, programa) -> None:
    quien = programa(elenco.asesora)
    ruta = f"exportaciones/{quien.post('exportaciones/', {'formato': 'ods'}).json()['id']}/"

    for otra in (elenco.otra_asesora, elenco.directora, elenco.administradora):
        problema(programa(otra).get(ruta), 404)
        problema(programa(otra).post(f"{ruta}cancelar/", {}), 404)
    problema(programa(elenco.enlace).get(ruta), 403)
    assert quien.post(f"{ruta}cancelar/", {}).json()["estado"] == "cancelada"
    problema(quien.get(f"{ruta}archivo/"), 410)


@con_base
@pytest.mark.parametrize(
    ("cuerpo", "estado"),
    [({}, 400), ({"formato": "pdf"}, 400), ({"formato": "csv", "filtros": {"entidades": "x"}}, 400),
     ({"formato": "csv", "filtros": {"entidad": "x"}}, 422), ({"formato": "csv", "columnas": ["clave"]}, 400)],
)  # fmt: skip
def test_a_filter_that_is_not_understood_exports_nothing(elenco, programa, cuerpo, estado) -> None:
    problema(programa(elenco.asesora).post("exportaciones/", cuerpo), estado)
    with f.escribiendo():
        assert not Exportacion.objects.exists()


@con_base
def test_who_does_not_read_the_surveys_does_not_take_them_out(elenco, programa) -> None:
    cuerpo = {"formato": "csv", "columnas": ["satisfaccion"]}

    assert "columnas" in problema(programa(elenco.ventanilla).post("exportaciones/", cuerpo), 422)["errores"]
    assert programa(elenco.asesora).post("exportaciones/", cuerpo).status_code == 201
