"""Fixtures of every test. Real PostgreSQL as the web role, real Valkey, no network, warnings are errors."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page

from sdfi_portal.pila.postgres import Postgres
from sdfi_portal.pila.uso import Servidores
from tests.soporte.bases import Fabrica, exigir_rol_web, usando
from tests.soporte.correo import CorreoSmtp
from tests.soporte.elenco import elenco, entrar  # noqa: F401
from tests.soporte.guardias import sin_orden_casual, solo_esta_maquina
from tests.soporte.navegador import PERFIL, abrir_chromium
from tests.soporte.pila import Pila
from tests.soporte.settings import RUTAS


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--todo", action="store_true", help="también las pruebas largas (carga, fallas, recorridos)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        marca = item.get_closest_marker("django_db")
        if marca and (marca.kwargs.get("transaction") or "transactional_db" in getattr(item, "fixturenames", ())):
            raise pytest.UsageError(f"{item.nodeid}: el rol web no puede truncar tablas; use la fixture base_propia.")
    # The longest first: at the end one worker would wait for it with nothing left to do.
    items.sort(key=lambda item: "seguridad/test_aislamiento.py" not in item.nodeid)
    if config.getoption("--todo"):
        return
    largas = [item for item in items if item.get_closest_marker("larga")]
    config.hook.pytest_deselected(items=largas)
    items[:] = [item for item in items if item not in set(largas)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """The browser's loop is marked as running only while a test uses the browser: what runs a loop of its own
    (pyHanko) would refuse to, and Django keeps other connections for a thread with a running loop."""
    bucle = asyncio._get_running_loop()
    if bucle is None or "chromium" in getattr(item, "fixturenames", ()):
        return (yield)
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(None if bucle.is_closed() else bucle)


@pytest.fixture(scope="session", autouse=True)
def _guardias() -> Iterator[None]:
    with solo_esta_maquina(), sin_orden_casual():
        yield


@pytest.fixture(scope="session")
def servidores() -> Iterator[Servidores]:
    """PostgreSQL and Valkey of the tests: started when they were not up, stopped by the last run that leaves."""
    with Servidores(RUTAS, durable=False) as pila:
        yield pila


@pytest.fixture(scope="session")
def fabrica(servidores: Servidores) -> Fabrica:
    assert isinstance(servidores.postgres, Postgres)
    return Fabrica(servidores.postgres)


@pytest.fixture(scope="session")
def plantilla(fabrica: Fabrica, django_db_blocker) -> str:
    with django_db_blocker.unblock():
        fabrica.borrar_huerfanas()
        return fabrica.plantilla()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, fabrica: Fabrica, plantilla: str) -> Iterator[None]:
    """One clone for the whole run (and per xdist worker); each test rolls its transaction back."""
    base = fabrica.clonar(plantilla, "corrida")
    with django_db_blocker.unblock():
        cambio = usando(base)
        cambio.__enter__()
        exigir_rol_web()
    yield
    with django_db_blocker.unblock():
        cambio.__exit__(None, None, None)
    fabrica.borrar(base)


@pytest.fixture
def base_propia(
    django_test_environment, django_db_blocker, fabrica: Fabrica, plantilla: str, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A database of this test alone, where commits are real: concurrency, workers, live servers. Gives its name.

    It does not mix with `db`: the test must not be marked django_db.
    """
    assert "db" not in request.fixturenames, "base_propia ya da la base de datos: quite la marca django_db"
    nombre = fabrica.clonar(plantilla, "propia")
    with django_db_blocker.unblock(), usando(nombre):
        try:
            yield nombre
        finally:
            connections.close_all()
    fabrica.borrar(nombre)


@pytest.fixture(scope="session")
def pila_viva(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pila]:
    """The portal as `script/server` serves it, with the recent weeks of its demo. Everything in it is real."""
    pila = Pila(tmp_path_factory.mktemp("pila"), "--demo-corta").iniciar()
    yield pila
    pila.detener()


@pytest.fixture
def correo_smtp(tmp_path: Path, settings) -> Iterator[CorreoSmtp]:
    """Mail goes out by SMTP to a real server and is read from what arrived."""
    with CorreoSmtp(tmp_path / "correo") as correo:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", correo.puerto
        yield correo


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, with everything that talks to the network by itself switched off."""
    with abrir_chromium() as navegador:
        yield navegador


@pytest.fixture
def pestana(chromium: Browser) -> Iterator[Page]:
    """A fresh profile and page, in Spanish and Bogotá's time, wide as a laptop."""
    contexto = chromium.new_context(**PERFIL)
    yield contexto.new_page()
    contexto.close()
