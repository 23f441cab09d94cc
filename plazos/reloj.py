"""The clock of the services. Real time, except while a history is being rebuilt (demo, import of past records).

Nothing a person does through a page can move it: only code that opens `con_reloj`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

_fijado: ContextVar[datetime | None] = ContextVar("reloj", default=None)


def ahora() -> datetime:
    """The instant at which the service acts, aware, in UTC."""
    return _fijado.get() or timezone.now()


def hoy() -> date:
    """Today in Bogotá."""
    return ahora().astimezone(timezone.get_default_timezone()).date()


def comienzo(dia: date) -> datetime:
    """The instant at which a day begins in Bogotá."""
    return timezone.make_aware(datetime.combine(dia, time.min))


@contextmanager
def con_reloj(instante: datetime) -> Iterator[None]:
    """Act as if it were `instante` (aware). Raises ValueError for a naive one."""
    if timezone.is_naive(instante):
        raise ValueError("El instante debe tener zona horaria.")
    testigo = _fijado.set(instante)
    try:
        yield
    finally:
        _fijado.reset(testigo)
