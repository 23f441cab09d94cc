"""Numbers of the past while the present goes on: each story has its own from the start (docs/decisiones/0019).

The series of every year are opened at the last number of the plan, so whoever files today gets the next one. A story
is filed with the counter turned back to its place, inside the transaction that holds it: nobody sees it there.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from demo.simulacion.plan import Plan
from solicitudes.models import Contador
from solicitudes.services.numeracion import PRINCIPIO_DEMO, formato


def _serie(prefijo: str) -> str:
    return f"{prefijo}-DEMO" if settings.ES_DEMO else prefijo


def _principio() -> int:
    return PRINCIPIO_DEMO if settings.ES_DEMO else 0


def abrir_series(plan: Plan) -> None:
    """Keep for the plan the numbers it needs. Raises IntegrityError when a series is already in use."""
    Contador.objects.bulk_create(
        Contador(serie=_serie(prefijo), anio=anio, ultimo=_principio() + ultimo)
        for (prefijo, anio), ultimo in plan.series().items()
    )


@contextmanager
def en_su_lugar(anio: int, numero: int) -> Iterator[None]:
    """What is filed inside takes that radicado. The caller holds the turns first (services/turnos.py)."""
    de_la_serie = Contador.objects.filter(serie=_serie("AT"), anio=anio)
    alto = de_la_serie.select_for_update().get().ultimo
    de_la_serie.update(ultimo=_principio() + numero - 1)
    yield
    de_la_serie.update(ultimo=alto)


def de_concepto(anio: int, numero: int) -> str:
    return formato("C", anio, _principio() + numero)
