"""What the end-to-end tests share: the people, already signed in, and the folder of pictures."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.personas import Capturas, Sesiones
from tests.soporte.pila import Pila

# Two cores serve the portal, its worker and the browser at once: what a person would wait for, the test waits for.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def sesiones(chromium: Browser, pila_viva: Pila) -> Sesiones:
    """The people of the demo in front of the living portal. Their windows close with the browser."""
    return Sesiones(chromium, pila_viva.url)


@pytest.fixture
def capturas(tmp_path: Path) -> Capturas:
    """Pictures go to PORTAL_CAPTURAS, or to the test's own folder."""
    carpeta = Path(os.environ.get("PORTAL_CAPTURAS") or tmp_path / "capturas")
    carpeta.mkdir(parents=True, exist_ok=True)
    return Capturas(carpeta)
