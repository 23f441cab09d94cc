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
    with connection.cursor() as cursor:
        cursor.execute("set local lock_timeout = %s", [PACIENCIA])
        for espacio, clave in turnos:
            cursor.execute("select pg_advisory_xact_lock(hashtext(%s), %s)", [espacio, clave])
