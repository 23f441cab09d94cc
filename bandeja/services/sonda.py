"""When the mail server comes back, what waited for it leaves at once, and not when its next turn to try would come: an
hour later, or six. Nobody has to be awake (F08).
"""

import time
from datetime import timedelta

from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from bandeja.models import ConsultaEntrega, Entrega, EstadoEntrega

CADA = 15.0  # seconds
PACIENCIA = 5
# What a mail fails with when nobody attends it: no connection, no greeting, no TLS.
_NO_ATIENDE = (
    r"^(ConnectionRefusedError|ConnectionResetError|ConnectionAbortedError|BrokenPipeError|TimeoutError|OSError|gaierror"
    r"|SMTPConnectError|SMTPServerDisconnected|SMTPNotSupportedError|SSL[A-Za-z]*Error):"
)


class Sonda:
    """Of one process. It lets go once for each time that the server comes back: one that greets and then fails would
    otherwise burn every try in minutes."""

    def __init__(self) -> None:
        self.atendia = False
        self.proxima = 0.0

    def soltar(self) -> int:
        """Ask the server, when something waits for it, and let that leave now if it attends. Returns how many.

        Whether something waits is looked at as seldom as the server: each ring of the bell comes by here, and what
        waits for another reason (a night of reminders) is read to tell."""
        if time.monotonic() < self.proxima:
            return 0
        self.proxima = time.monotonic() + CADA
        if not self._hay_espera():
            return 0
        antes, self.atendia = self.atendia, atiende()
        if antes or not self.atendia:
            return 0
        with como_sistema("soltar lo que esperaba al servidor de correo"), transaction.atomic():
            return esperan().update(proximo_intento=timezone.now())

    def _hay_espera(self) -> bool:
        with como_sistema("ver si algo espera al servidor de correo"), transaction.atomic():
            return esperan().exists()


def esperan() -> ConsultaEntrega:
    """What could not leave because nobody attended, and whose turn is not now."""
    luego = timezone.now() + timedelta(seconds=CADA)
    return Entrega.objects.filter(
        estado=EstadoEntrega.PENDIENTE, proximo_intento__gt=luego, intento__gt=0, error__regex=_NO_ATIENDE
    )


def atiende() -> bool:
    """Whether the mail server greets, agrees on TLS and lets us in. A provider by its API is never asked."""
    conexion = get_connection(timeout=PACIENCIA)
    if not hasattr(conexion, "connection_class"):
        return False
    try:
        conexion.open()
    except OSError:  # those of smtplib are too
        return False
    finally:
        conexion.close()
    return True


sonda = Sonda()
