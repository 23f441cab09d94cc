"""Who comes in: only a token, only to the API, only to what it was given; and every error is a problem (RFC 9457)."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from api import services
from api.models import Token
from api.permisos import ROLES_DE, Permiso
from tests import fabricas as f
from tests.api.conftest import Programa, secreto_de

pytestmark = pytest.mark.django_db
MUESTRA = {
    Permiso.LEER_SOLICITUDES: ("GET", "solicitudes/"),
    Permiso.RADICAR: ("POST", "solicitudes/"),
    Permiso.LEER_CATALOGOS: ("GET", "catalogos/temas/"),
}


def problema(respuesta: Any, estado: int) -> dict[str, Any]:
    """The body of an error, after checking that it is one."""
    assert respuesta.status_code == estado, respuesta.content
    assert respuesta["Content-Type"] == "application/problem+json"
    cuerpo = respuesta.json()
    assert {"type", "title", "status", "detail"} <= cuerpo.keys()
    assert cuerpo["status"] == estado and "/api/documentacion/#problema-" in cuerpo["type"]
    return cuerpo


def test_without_a_token_nothing_opens(elenco, programa) -> None:
    respuesta = programa().get("solicitudes/")

    problema(respuesta, 401)
    assert respuesta["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize(
    "encabezado", ["Bearer ", "Bearer sdfi_" + "0" * 64, "Basic eDp5", "sdfi_x", "Bearer " + "x" * 5000, "Bearer ñ"]
)
def test_what_is_not_a_token_is_refused_also_where_none_is_needed(elenco, encabezado) -> None:
    for ruta in ("solicitudes/", "conceptos/"):
        respuesta = Client(headers={"authorization": encabezado.encode().decode("latin-1")}).get(
            f"/api/v1/{ruta}", secure=True
        )
        problema(respuesta, 401)


def test_a_session_opens_nothing_of_the_api(elenco, entrar) -> None:
    """The cookie is not even read: the answer leaves the session as it was."""
    cliente = entrar(elenco.enlace)
    for ruta in ("solicitudes/", "catalogos/temas/", "token/"):
        respuesta = cliente.get(f"/api/v1/{ruta}")
        problema(respuesta, 401)
        assert not respuesta.cookies
    assert cliente.post("/api/v1/solicitudes/", "{}", content_type="application/json").status_code == 401
    assert cliente.get(reverse("solicitudes:mias")).status_code == 200


def test_a_token_opens_no_page(elenco) -> None:
    cliente = Client(headers={"authorization": f"Bearer {secreto_de(elenco.enlace)}"})

    for nombre in ("solicitudes:mias", "cuentas:cuenta", "api:tokens", "api:crear_token"):
        respuesta = cliente.get(reverse(nombre), secure=True)
        assert respuesta.status_code == 302 and respuesta["Location"].startswith(reverse("account_login"))


def test_with_both_it_is_the_token_who_asks(elenco, entrar) -> None:
    cliente = entrar(elenco.asesora)
    respuesta = cliente.get("/api/v1/token/", headers={"authorization": f"Bearer {secreto_de(elenco.enlace)}"})

    assert respuesta.json()["rol"] == "enlace"


@pytest.mark.parametrize("permiso", MUESTRA)
def test_each_permission_opens_its_own_and_no_other(elenco, programa, permiso) -> None:
    """E06: scoped. With the permission it goes on (a body is missing: 400); with all the others, 403."""
    metodo, ruta = MUESTRA[permiso]
    otros = [p for p in Permiso if p != permiso and "enlace" in ROLES_DE[p]]
    llamar = lambda quien: quien.get(ruta) if metodo == "GET" else quien.post(ruta, {})  # noqa: E731

    assert llamar(programa(elenco.enlace, permiso)).status_code in {200, 400}
    cuerpo = problema(llamar(programa(elenco.enlace, *otros)), 403)
    assert permiso in cuerpo["detail"]


def test_the_role_decides_before_the_token(elenco, programa) -> None:
    problema(programa(elenco.asesora).post("solicitudes/", {}), 403)
    negado = problema(programa(elenco.enlace).post("registros/", {}), 403)
    assert negado["detail"] == "Su rol o los permisos del token no alcanzan.", "no habla de menús ni de páginas"


def test_what_was_given_and_the_role_lost_is_lost(elenco, programa) -> None:
    quien = programa(elenco.asesora)
    with f.escribiendo():
        Token.objects.update(permisos=["radicar", "leer_catalogos"])

    problema(quien.post("solicitudes/", {}), 403)
    assert quien.get("catalogos/temas/").status_code == 200


def test_the_last_use_is_shown_and_written_once_a_minute(elenco, programa, monkeypatch) -> None:
    quien = programa(elenco.enlace)
    with f.escribiendo():
        assert Token.objects.get().ultimo_uso_en is None
    quien.get("token/")
    with f.escribiendo():
        primero = Token.objects.get()
    quien.get("token/")
    with f.escribiendo():
        assert Token.objects.get().ultimo_uso_en == primero.ultimo_uso_en
    assert primero.ultimo_uso_ip == "127.0.0.1"

    monkeypatch.setattr(services, "ENTRE_USOS", services.ENTRE_USOS * 0)
    quien.get("token/")
    with f.escribiendo():
        assert Token.objects.get().ultimo_uso_en > primero.ultimo_uso_en


# --- Problems --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ruta", "estado"),
    [("no-existe/", 404), ("solicitudes/AT-1998-000001/", 404), ("solicitudes/?tamano=0", 400),
     ("solicitudes/?tamanio=5", 400), ("solicitudes/?cursor=abc", 422), ("catalogos/festivos/?anio=1900", 422)],
)  # fmt: skip
def test_what_is_not_there_or_badly_asked(elenco, programa, ruta, estado) -> None:
    problema(programa(elenco.enlace).get(ruta), estado)


def test_an_unknown_address_is_a_problem_for_anybody(elenco, programa, entrar) -> None:
    problema(entrar(elenco.enlace).get("/api/"), 404)
    problema(programa().get("no-existe/"), 404)
    problema(Client().get("/api/v2/solicitudes/", secure=True), 404)


def test_the_wrong_method_says_which_are_right(elenco, programa) -> None:
    respuesta = programa(elenco.enlace).cliente.delete("/api/v1/solicitudes/", secure=True)

    problema(respuesta, 405)
    assert set(respuesta["Allow"].split(", ")) >= {"GET", "POST"} and "OPTIONS" not in respuesta["Allow"]


def test_only_json_comes_in_and_goes_out(elenco, programa) -> None:
    quien = programa(elenco.enlace)

    problema(quien.post("solicitudes/", "a=1", tipo="application/x-www-form-urlencoded"), 415)
    problema(quien.cliente.get("/api/v1/token/", secure=True, headers={"accept": "text/html"}), 406)
    assert "JSON" in problema(quien.post("solicitudes/", '{"temas": ['), 400)["detail"]
    problema(quien.post("solicitudes/", '{"asunto": NaN}'), 400)
    problema(quien.post("solicitudes/", "[]"), 400)
    problema(quien.post("solicitudes/", '"' + "x" * 3_000_000 + '"'), 413)


def test_a_failure_of_ours_is_a_problem_with_its_code(elenco, programa, monkeypatch, caplog) -> None:
    quien = programa(elenco.enlace)
    quien.cliente.raise_request_exception = False
    monkeypatch.setattr("api.views.solicitudes.codigos", lambda: 1 / 0)

    cuerpo = problema(quien.get("solicitudes/"), 500)

    codigos = [registro.codigo for registro in caplog.records if hasattr(registro, "codigo")]
    assert codigos and codigos[0] in cuerpo["detail"] and "ZeroDivision" not in str(cuerpo)


def test_without_the_database_it_says_when_to_try_again(elenco, programa, monkeypatch) -> None:
    quien = programa(elenco.enlace)
    quien.cliente.raise_request_exception = False

    def caida(*args: Any) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("api.views.solicitudes.codigos", caida)
    respuesta = quien.get("solicitudes/")

    problema(respuesta, 503)
    assert respuesta["Retry-After"] == "10" and "server closed" not in respuesta.content.decode()


def test_the_secret_is_in_no_line_of_the_log(elenco, caplog) -> None:
    secreto = secreto_de(elenco.enlace)
    quien = Programa(secreto)
    quien.get("token/")
    quien.get(f"solicitudes/?buscar={secreto}")
    quien.get("no-existe/")

    assert secreto not in caplog.text
