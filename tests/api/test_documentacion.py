"""The description for programs and the page for people say the same, and call no other host."""

import re

import jsonschema_rs
import pytest
from django.conf import settings
from django.urls import reverse

from api.documentacion import indice
from api.esquema import esquema
from sdfi_portal.problemas import PROBLEMAS

pytestmark = pytest.mark.django_db


def test_openapi_is_served_as_it_is(client) -> None:
    respuesta = client.get("/api/v1/openapi.json", secure=True)

    assert respuesta.status_code == 200 and respuesta["Content-Type"] == "application/json"
    assert respuesta.json() == esquema()
    assert [servidor["url"] for servidor in esquema()["servers"]] == [settings.DOMINIO]


def test_the_page_draws_every_operation_and_every_problem(client) -> None:
    pagina = client.get(reverse("api:documentacion"), secure=True).content.decode()

    operaciones = [op for _, grupo in indice() for op in grupo]
    assert len(operaciones) == sum(len(metodos) for metodos in esquema()["paths"].values())
    for op in operaciones:
        assert f'id="{op.clave}"' in pagina and f"{op.metodo} {op.ruta}" in pagina
        assert op.curl and (op.respuesta or op.clave == "descargar_exportacion")
    for problema in PROBLEMAS.values():
        assert f'id="problema-{problema.clave}"' in pagina


def test_the_page_calls_no_other_host(client) -> None:
    pagina = client.get(reverse("api:documentacion"), secure=True).content.decode()

    for direccion in re.findall(r'(?:src|href|action)="([^"]+)"', pagina):
        assert direccion.startswith(("/", "#")), direccion
    assert "<script>" not in pagina and " style=" not in pagina


def ejemplos() -> list[tuple[str, dict, object]]:
    """(where, schema, example) of every example in the description."""
    hallados = []
    for ruta, metodos in esquema()["paths"].items():
        for metodo, op in metodos.items():
            partes = [*op["responses"].items(), ("envío", op.get("requestBody", {}))]
            for cual, parte in partes:
                for contenido in parte.get("content", {}).values():
                    for ejemplo in contenido.get("examples", {}).values():
                        hallados.append((f"{metodo} {ruta} {cual}", contenido["schema"], ejemplo["value"]))
    return hallados


def test_every_example_is_true_to_its_schema() -> None:
    for donde, forma, ejemplo in ejemplos():
        completo = {**_sin_nulos(forma), "components": _sin_nulos(esquema()["components"])}
        errores = [str(e).splitlines()[0] for e in jsonschema_rs.Draft4Validator(completo).iter_errors(ejemplo)]
        assert not errores, f"{donde}: {errores}"
    assert len(ejemplos()) > 60


def _sin_nulos(forma):
    """OpenAPI 3.0 says `nullable` where JSON Schema says another type."""
    if isinstance(forma, list):
        return [_sin_nulos(una) for una in forma]
    if not isinstance(forma, dict):
        return forma
    hecha = {clave: _sin_nulos(valor) for clave, valor in forma.items()}
    return {"anyOf": [hecha, {"type": "null"}]} if hecha.pop("nullable", False) else hecha


def test_every_operation_speaks_spanish_and_tells_its_problems() -> None:
    for ruta, metodos in esquema()["paths"].items():
        for metodo, op in metodos.items():
            assert op["summary"] and op["tags"] and len(op["description"]) > 20, f"{metodo} {ruta}"
            assert {"401", "406", "429", "500", "503"} <= op["responses"].keys(), f"{metodo} {ruta}"
            for nombre in op.get("parameters", []):
                assert nombre.get("description"), f"{metodo} {ruta}: {nombre['name']}"
