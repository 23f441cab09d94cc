"""Turns: advisory locks of a transaction on queues and trays, so that order of arrival is decided one at a time.

Order of locking everywhere, which keeps flows from waiting for each other: queues and trays (always together and
sorted), then the series of radicados, then the solicitud, then its partes.
"""

from collections.abc import Iterable

from alcance.ordenes import Orden, mandar

COLA, BANDEJA = "solicitudes.cola", "solicitudes.bandeja"
# Whoever files or claims in a rush is served in turn: better some seconds than «vuelva a intentar» (less than the
# statement's own limit, settings.DATABASES).
PACIENCIA = "8s"


def tomar_turnos(*, colas: Iterable[int | None] = (), bandejas: Iterable[int | None] = ()) -> None:
    """Hold these queues (ids of dependencias) and trays (ids of personas) until the end of the transaction."""
    mandar(turnos(colas=colas, bandejas=bandejas))


def turnos(*, colas: Iterable[int | None] = (), bandejas: Iterable[int | None] = ()) -> Orden:
    """The statement that takes them, for whoever sends it with what comes after."""
    cada_uno = [(COLA, clave) for clave in sorted({c for c in colas if c})]
    cada_uno += [(BANDEJA, clave) for clave in sorted({b for b in bandejas if b})]
    uno_a_uno = ";select pg_advisory_xact_lock(hashtext(%s), %s)" * len(cada_uno)
    # The server takes them one after another: the patience before the first lock.
    return f"set local lock_timeout = %s{uno_a_uno}", [PACIENCIA, *(dato for turno in cada_uno for dato in turno)]
