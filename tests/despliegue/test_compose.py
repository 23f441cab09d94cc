"""The production shape: valid against the compose specification, closed by default, and loadable by our settings."""

import json
import os
import re
import secrets
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import get_commands
from ruamel.yaml import YAML

from tests.soporte.settings import RAIZ_PROYECTO

PORTALES = ("web", "trabajador", "reloj", "preparar")
# Found without importing the package, whose command line is of no use here.
PAQUETE = Path(find_spec("check_jsonschema").submodule_search_locations[0])
ESQUEMA = json.loads((PAQUETE / "builtin_schemas/vendor/compose-spec.json").read_text())
VARIABLE = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return YAML(typ="safe").load((RAIZ_PROYECTO / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def ejemplo() -> dict[str, str]:
    """Every variable .env.ejemplo names, also the optional ones it leaves commented out."""
    lineas = (RAIZ_PROYECTO / ".env.ejemplo").read_text().splitlines()
    return dict(
        re.match(r"#?([A-Z_0-9]+)=(.*)", linea).groups() for linea in lineas if re.match(r"#?[A-Z_0-9]+=", linea)
    )


def interpolar(texto: str, valores: dict[str, str]) -> str:
    """As compose does it: `${NAME:?message}` is required, `${NAME:-default}` is not."""

    def uno(hallada: re.Match[str]) -> str:
        nombre, clase, resto = hallada.groups()
        return valores.get(nombre) or (resto if clase == "-" else pytest.fail(f"sin valor: {nombre}"))

    return VARIABLE.sub(uno, texto)


def test_es_valido_contra_la_especificacion(compose):
    errores = [
        f"{'/'.join(map(str, error.path))}: {error.message}"
        for error in jsonschema.Draft7Validator(ESQUEMA).iter_errors(compose)
    ]
    assert errores == []


def test_la_especificacion_rechaza_lo_que_no_conoce(compose):
    """Negative control: the schema is really looked at."""
    mala = compose | {"services": {"web": {"image": "x", "puertos": ["80:80"]}}}
    assert list(jsonschema.Draft7Validator(ESQUEMA).iter_errors(mala))


def test_es_la_forma_de_produccion(compose):
    servicios = compose["services"]
    assert set(servicios) == {"proxy", *PORTALES, "base", "redis"}
    assert {servicios[nombre]["environment"]["PORTAL_MODO"] for nombre in PORTALES} == {"produccion"}
    assert "replicas" in servicios["web"]["deploy"]
    assert "replicas" in servicios["trabajador"]["deploy"]
    assert "deploy" not in servicios["reloj"], "dos relojes harían todo dos veces"
    for nombre in ("web", "trabajador", "reloj"):
        assert servicios[nombre]["depends_on"]["preparar"] == {"condition": "service_completed_successfully"}


def test_solo_el_proxy_se_ve_desde_afuera(compose):
    """T14, X07: database and Redis are on a network without a way out, and no port of theirs is published."""
    servicios = compose["services"]
    assert [nombre for nombre, servicio in servicios.items() if "ports" in servicio] == ["proxy"]
    assert compose["networks"]["interna"]["internal"] is True
    assert servicios["base"]["networks"] == servicios["redis"]["networks"] == ["interna"]
    assert servicios["proxy"]["networks"] == ["salida"]


def test_cada_proceso_tiene_lo_justo(compose):
    """Only the one-shot that prepares the database knows the administrator and the migrator."""
    for nombre in PORTALES:
        servicio = compose["services"][nombre]
        assert servicio["read_only"] is True
        assert servicio["cap_drop"] == ["ALL"]
        assert servicio["security_opt"] == ["no-new-privileges:true"]
        poderosas = {clave for clave in servicio["environment"] if clave.startswith("DATABASE_URL_")}
        assert poderosas == (
            {"DATABASE_URL_ADMIN", "DATABASE_URL_MIGRADOR", "DATABASE_URL_RESPALDO"} if nombre == "preparar" else set()
        )
    assert re.search(r"^USER (?!root)", (RAIZ_PROYECTO / "Dockerfile").read_text(), re.M)


def test_lo_nombrado_existe(compose):
    for servicio in compose["services"].values():
        if "build" not in servicio:
            assert re.search(r":\d", servicio["image"]), f"sin versión: {servicio['image']}"
        for volumen in servicio.get("volumes", []):
            fuente = volumen.split(":")[0]
            assert fuente in compose["volumes"] or (RAIZ_PROYECTO / fuente).exists(), volumen
    ordenes = re.findall(r"manage\.py (\w+)", compose["services"]["preparar"]["command"])
    assert ordenes == ["provisionar", "migrate", "cargar_catalogos"]
    assert set(ordenes) <= set(get_commands())


def test_lo_que_pide_esta_en_el_ejemplo(ejemplo):
    texto = (RAIZ_PROYECTO / "docker-compose.yml").read_text()
    pedidas = {nombre for nombre, clase, _ in VARIABLE.findall(texto) if clase == "?"}
    assert pedidas <= set(ejemplo)


def test_el_ejemplo_no_nombra_nada_que_nadie_lea(ejemplo):
    fuentes = "".join(
        (RAIZ_PROYECTO / nombre).read_text() for nombre in ("sdfi_portal/settings.py", "docker-compose.yml")
    )
    de_librerias = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    # BUZON_<CLAVE> and what goes with it, of any key: tests/sdfi_portal/test_buzones.py
    de_los_buzones = re.compile(r"BUZON_[A-Z]+(_SECRETO|_SECRETO_ARCHIVO|_TOKEN_URL|_CLIENTE|_ALCANCE|_CONCESION)?")
    sueltas = {nombre for nombre in ejemplo if nombre not in fuentes and not de_los_buzones.fullmatch(nombre)}
    assert sueltas == de_librerias


def test_el_ejemplo_no_trae_secretos(ejemplo):
    # A file that keeps it is no secret.
    secretos = [nombre for nombre in ejemplo if re.search("CLAVE|SECRET|EMAIL_URL", nombre)]
    assert {ejemplo[nombre] for nombre in secretos if not nombre.endswith("_ARCHIVO")} == {""}


@pytest.mark.parametrize("nombre", PORTALES)
def test_los_ajustes_aceptan_ese_entorno(compose, ejemplo, nombre, tmp_path):
    """With .env filled in, production does not refuse to start (X04)."""
    llenos = {clave: valor or secrets.token_urlsafe(48) for clave, valor in ejemplo.items()}
    llenos |= {"EMAIL_URL": "smtps://correo.example:465"}
    servicio = compose["services"][nombre]
    obligatorias = {
        clave: llenos[clave] for clave in ("SECRET_KEY", "EMAIL_URL", "CORREO_REMITENTE", "FIRMA_P12_CLAVE")
    }
    entorno = obligatorias | {clave: interpolar(valor, llenos) for clave, valor in servicio["environment"].items()}
    hecho = subprocess.run(
        [sys.executable, "-c", "import sdfi_portal.settings as s; print(s.DATABASES['default']['USER'])"],
        cwd=RAIZ_PROYECTO,
        env={"PATH": os.environ["PATH"], "PORTAL_VAR": str(tmp_path)} | entorno,
        capture_output=True,
        text=True,
    )
    assert (hecho.stdout.strip(), hecho.stderr) == ("sdfi_web", "")
