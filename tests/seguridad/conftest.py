"""The world of the proof of tenancy, for every test of this folder."""

from collections.abc import Iterator
from typing import Any

import pytest

from sdfi_portal.aislamiento.llamadas import Marcador
from sdfi_portal.aislamiento.mundo import Mundo, mundo


@pytest.fixture
def plantadas(settings: Any) -> None:
    """The portal's URLs and those of urls_plantadas.py."""
    settings.ROOT_URLCONF = "tests.seguridad.urls_plantadas"


@pytest.fixture
def este(db: None) -> Iterator[Mundo]:
    """Two entidades, two direcciones, every role and one object of every kind, with canaries."""
    with mundo() as construido:
        yield construido


@pytest.fixture
def marcador(este: Mundo) -> Marcador:
    return Marcador(este.elenco)
