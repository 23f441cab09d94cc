"""A browser-like client that signs in through the pages, and the second factor of the cast."""

import base64
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from cuentas.segundo_factor import inscribir_totp
from direcciones.models import Persona
from tests.fabricas import CLAVE

SECRETO = base64.b32encode(b"secreto-de-las-pruebas").decode()


def cliente(**extra: Any) -> Client:
    navegador = Client(**extra)
    navegador.defaults["wsgi.url_scheme"] = "https"
    return navegador


@pytest.fixture
def anonimo() -> Client:
    return cliente()


def escribir_clave(navegador: Client, correo: str, clave: str = CLAVE, **extra: Any) -> Any:
    return navegador.post(reverse("account_login"), {"login": correo, "password": clave}, **extra)


def codigo(pasos: int = 0, secreto: str = SECRETO) -> str:
    """The TOTP code of now, or of some 30-second steps away."""
    relleno = "=" * (-len(secreto) % 8)
    return format_hotp_value(hotp_value(secreto + relleno, int(time.time()) // 30 + pasos))


def con_totp(persona: Persona) -> Persona:
    inscribir_totp(persona, SECRETO)
    return persona
