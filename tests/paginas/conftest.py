"""One world and one page of Chromium for the whole module: a page costs what it takes to draw it and judge it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Browser

from sdfi_portal.aislamiento.mundo import mundo
from tests.paginas.visitas import Ventana
from tests.soporte.navegador import PERFIL


@pytest.fixture(scope="module")
def ventana(
    django_db_setup: None, django_db_blocker, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ventana]:
    contexto = chromium.new_context(**PERFIL)
    var: Path = tmp_path_factory.mktemp("var")
    with django_db_blocker.unblock(), override_settings(VAR=var), mundo() as este:
        yield Ventana(contexto.new_page(), este)
        contexto.close()
