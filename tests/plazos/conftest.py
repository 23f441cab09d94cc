from datetime import date, time

import pytest
from hypothesis import settings

from plazos.calendario import Calendario
from plazos.festivos import festivos_guardados
from plazos.terminos import Horario

# A property is true or false, never slow: the machine may be busy.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")


@pytest.fixture(scope="session")
def calendario() -> Calendario:
    """The calendar the portal is born with, without a database."""
    return Calendario(2020, 2040, festivos_guardados(), version="de prueba")


@pytest.fixture(scope="session")
def horarios() -> tuple[Horario, ...]:
    return (Horario(date(2020, 1, 1), time(7), time(16, 30), "Norma de prueba"),)
