"""A program that calls the API as somebody of the cast."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from api.permisos import permisos_de
from api.services import crear_token
from cuentas.segundo_factor import exige_segundo_factor, inscribir_totp, inscrito
from direcciones.models import Membresia, Persona
from tests import fabricas as f


def secreto_de(persona: Persona, *permisos: str, dias: int = 30) -> str:
    """The secret of a new token of this person, with every permission of its role unless told."""
    with f.escribiendo():
        membresia = Membresia.objects.select_related("entidad", "dependencia").filter(persona=persona).first()
    if exige_segundo_factor([membresia]) and not inscrito(persona):
        with f.escribiendo():
            inscribir_totp(persona, "JBSWY3DPEHPK3PXP")
    with f.actuar(persona):
        return crear_token(
            membresia=membresia, nombre="Programa", permisos=permisos or permisos_de(membresia.rol), dias=dias
        )[1]


class Programa:
    """Calls with a token (or without one) and gives the answer with its body in `.json()`."""

    def __init__(self, secreto: str = "") -> None:
        self.cliente = Client(headers={"authorization": f"Bearer {secreto}"} if secreto else {})

    def get(self, ruta: str, **parametros: Any) -> Any:
        return self.cliente.get(f"/api/v1/{ruta}", parametros, secure=True)

    def post(self, ruta: str, cuerpo: Any, llave: Any = None, **cabeceras: str) -> Any:
        crudo = cuerpo if isinstance(cuerpo, str) else json.dumps(cuerpo)
        return self.cliente.post(
            f"/api/v1/{ruta}",
            crudo,
            content_type=cabeceras.pop("tipo", "application/json"),
            secure=True,
            headers={"idempotency-key": str(llave or uuid4()), **cabeceras},
        )


@pytest.fixture
def programa() -> Any:
    """`programa(elenco.enlace, "radicar")` → a Programa with a token of that person."""
    return lambda persona=None, *permisos: Programa(secreto_de(persona, *permisos) if persona else "")
