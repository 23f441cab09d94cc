"""The system's Chromium driven by Playwright."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

SIN_RED = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-features=AutofillServerCommunication,OptimizationHints,Translate,MediaRouter,InterestFeedContentSuggestions",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
    "--safebrowsing-disable-auto-update",
    # Every name but this machine's does not exist, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
PERFIL: dict[str, Any] = {
    "locale": "es-CO",
    "timezone_id": "America/Bogota",
    "viewport": {"width": 1280, "height": 800},
    "reduced_motion": "reduce",
}


def ejecutable() -> str:
    """Path of the browser. Without one the tests fail, they are not skipped: `script/test` installs it."""
    ruta = shutil.which("chromium") or shutil.which("chromium-browser")
    if ruta is None:
        pytest.fail("Falta Chromium. Instálelo con: sudo apt-get install -y chromium")
    return ruta


@contextmanager
def abrir_chromium() -> Iterator[Browser]:
    opciones = [*SIN_RED, "--no-sandbox"] if os.geteuid() == 0 else SIN_RED
    # Playwright runs an event loop in this thread; Django then refuses the database unless told that it is fine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as programa:
        navegador = programa.chromium.launch(executable_path=ejecutable(), args=opciones)
        bucle = asyncio._get_running_loop()
        yield navegador
        asyncio._set_running_loop(bucle)  # the last test may have hidden it (tests/conftest.py)
        navegador.close()
