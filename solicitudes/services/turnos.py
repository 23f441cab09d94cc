"""Turns: advisory locks of a transaction on queues and trays, so that order of arrival is decided one at a time.

Order of locking everywhere, which keeps flows from waiting for each other: queues and trays (always together and
sorted), then the series of radicados, then the solicitud, then its partes.
"""

from collections.abc import Iterable

from django.db import connection

COLA, BANDEJA = "solicitudes.cola", "solicitudes.bandeja"
# Whoever files or claims in a rush is served in turn: better some seconds than «vuelva a intentar» (less than the
# statement's own limit, settings.DATABASES).
PACIENCIA = "8s"


def tomar_turnos(*, colas: Iterable[int | None] = (), bandejas: Iterable[int | None] = ()) -> None:
    """Hold these queues (ids of dependencias) and trays (ids of personas) until the end of the transaction."""
    turnos = [(COLA, clave) for clave in sorted({c for c in colas if c})]
    turnos += [(BANDEJA, clave) for clave in sorted({b for b in bandejas if b})]
    uno_a_uno = "select pg_advisory_xact_lock(hashtext(%s), %s);" * len(turnos)
    datos = [PACIENCIA, *(dato for turno in turnos for dato in turno)]
    with connection.cursor() as cursor:
        # One message, whose orders the server takes one after another: the patience before the first lock.
        cursor.execute(f"set local lock_timeout = %s;{uno_a_uno}", datos)
