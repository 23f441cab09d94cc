from collections.abc import Iterator

import pytest

from tests.soporte.dovecot import Dovecot


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as servidor:
        yield servidor
