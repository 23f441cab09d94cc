"""Consecutive numbers: one counter row per series and year, locked last in the caller's transaction (R33, C02)."""

from django.conf import settings
from django.db import connection, transaction

# A demo has a series of its own that no real radicado can reach (docs/decisiones/0003).
PRINCIPIO_DEMO = 900_000


def siguiente(serie: str, anio: int) -> int:
    """Next number of the series. Raises TransactionManagementError outside a transaction: it would leave gaps."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("El número se toma dentro de la transacción que lo usa.")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into solicitudes_contador as c (serie, anio, ultimo) values (%s, %s, %s)
            on conflict (serie, anio) do update set ultimo = c.ultimo + 1 returning ultimo
            """,
            [serie, anio, (PRINCIPIO_DEMO if settings.ES_DEMO else 0) + 1],
        )
        return int(cursor.fetchone()[0])


def esperar_serie() -> None:
    """Wait for whoever is filing. Who then reads the clock numbers in the order of the instants (C02), and at the turn
    of the year the number and the instant agree (C06)."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('solicitudes.serie'))")


def formato(prefijo: str, anio: int, numero: int) -> str:
    """`AT-2026-000123`. It must not look like a SIGA number (`2-2019-13091`, domain.md §3)."""
    return f"{prefijo}-{anio}-{numero:06d}"


def siguiente_radicado(anio: int) -> str:
    serie = "AT-DEMO" if settings.ES_DEMO else "AT"
    return formato("AT", anio, siguiente(serie, anio))
