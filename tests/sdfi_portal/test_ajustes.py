"""The portal refuses to start unsafe (X04) and says how to mend it."""

import os
import secrets
import subprocess
import sys

import pytest

from tests.soporte.settings import RAIZ_PROYECTO

SEGURA = {
    "PORTAL_MODO": "produccion",
    "DOMINIO": "https://portal.example",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "DATABASE_URL": "postgresql://sdfi_web:x@db/portal",
    "BROKER_URL": "redis://:x@redis/0",
    "EMAIL_URL": "smtps://correo.example",
    "FIRMA_P12": "/run/secrets/firma.p12",
}
DEMO = {"PORTAL_MODO": "demo", "SECRET_KEY": SEGURA["SECRET_KEY"], "DOMINIO": "http://localhost:8000"}


def arrancar(**variables: str | None) -> tuple[int, str]:
    """Load the settings in a process of its own, with exactly these variables."""
    entorno = {nombre: valor for nombre, valor in variables.items() if valor is not None}
    hecho = subprocess.run(
        [sys.executable, "-c", "import sdfi_portal.settings"],
        cwd=RAIZ_PROYECTO,
        env={"PATH": os.environ["PATH"]} | entorno,
        capture_output=True,
        text=True,
    )
    return hecho.returncode, hecho.stderr


def test_con_todo_seguro_arranca():
    assert arrancar(**SEGURA) == (0, "")


@pytest.mark.parametrize(
    ("cambio", "queja"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "corta"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + "abcdefghij" * 5}, "SECRET_KEY"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"HOSTS": "*"}, "HOSTS"),
        ({"HOSTS": ".example"}, "HOSTS"),
        ({"DOMINIO": "http://portal.example"}, "DOMINIO"),
        ({"DOMINIO": None}, "DOMINIO"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://postgres:x@db/portal"}, "DATABASE_URL"),
        ({"BROKER_URL": None}, "BROKER_URL"),
        ({"BROKER_URL": "redis://redis/0"}, "BROKER_URL"),
        ({"EMAIL_URL": None}, "EMAIL_URL"),
        ({"EMAIL_URL": "gopher://correo.example"}, "EMAIL_URL"),
        ({"EMAIL_URL": "anymail+postmark://"}, "ANYMAIL_WEBHOOK_SECRET"),
        ({"EMAIL_URL": "anymail+amazon_ses://", "ANYMAIL_WEBHOOK_SECRET": "portal:corta"}, "ANYMAIL_WEBHOOK_SECRET"),
        ({"CORREO_ENTRANTE": "mailgun", "ANYMAIL_WEBHOOK_SECRET": "portal:corta"}, "CORREO_ENTRANTE"),
        ({"FIRMA_P12": None}, "FIRMA_P12"),
        ({"BUZON_MIPG": "imap://mipg@localhost", "BUZON_MIPG_SECRETO": "x"}, "BUZON_MIPG"),
        ({"RESPUESTAS_POR_HORA": "21"}, "RESPUESTAS_POR_HORA"),
        ({"RESPUESTAS_POR_HORA": "0"}, "RESPUESTAS_POR_HORA"),
        ({"PORTAL_MODO": "prod"}, "PORTAL_MODO"),
    ],
)
def test_produccion_se_niega_si_algo_es_inseguro(cambio, queja):
    codigo, error = arrancar(**SEGURA | cambio)
    assert codigo != 0
    assert queja in error.splitlines()[-1]


@pytest.mark.parametrize(
    ("cambio", "queja"),
    [
        ({"DOMINIO": "http://portal.example"}, "HTTPS"),
        ({"EMAIL_URL": "smtp://correo.example"}, "EMAIL_URL"),
        ({"EMAIL_URL": "anymail+postmark://"}, "EMAIL_URL"),
        ({"BUZON_MIPG": "imaps://mipg@imap.example", "BUZON_MIPG_SECRETO": "x"}, "BUZON_"),
        ({"CORREO_ENTRANTE": "postmark"}, "CORREO_ENTRANTE"),
        ({"SECRET_KEY": None}, "SECRET_KEY"),
    ],
)
def test_una_demostracion_no_sale_de_la_maquina(cambio, queja):
    assert arrancar(**DEMO)[0] == 0
    codigo, error = arrancar(**DEMO | cambio)
    assert codigo != 0
    assert queja in error.splitlines()[-1]
