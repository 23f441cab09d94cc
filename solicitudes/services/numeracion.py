"""Consecutive numbers: one counter row per series and year, locked last in the caller's transaction (R33, C02)."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction

# A demo has a series of its own that no real radicado can reach (docs/decisiones/0003).
PRINCIPIO_DEMO = 900_000


SIGUIENTE = """
insert into solicitudes_contador as c (serie, anio, ultimo) values (%s, %s, %s)
on conflict (serie, anio) do update set ultimo = c.ultimo + 1 returning ultimo
"""
# The keys of the rows to come with the number, in the same trip: nothing written after has to be read back.
CON_LLAVES = """
insert into solicitudes_contador as c (serie, anio, ultimo) values (%s, %s, %s)
on conflict (serie, anio) do update set ultimo = c.ultimo + 1
returning ultimo, nextval('solicitudes_solicitud_id_seq'),
          array(select nextval('solicitudes_parte_id_seq') from generate_series(1, %s))
"""


@dataclass(frozen=True, slots=True)
class Radicado:
    """A number of the series and the keys of the solicitud and of its partes."""

    numero: str
    solicitud: int
    partes: list[int]


def siguiente(serie: str, anio: int) -> int:
    """Next number of the series. Raises TransactionManagementError outside a transaction: it would leave gaps."""
    return int(_contar(SIGUIENTE, serie, anio)[0])


def _contar(orden: str, serie: str, anio: int, *mas: int) -> tuple[Any, ...]:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("El número se toma dentro de la transacción que lo usa.")
    with connection.cursor() as cursor:
        cursor.execute(orden, [serie, anio, (PRINCIPIO_DEMO if settings.ES_DEMO else 0) + 1, *mas])
        return tuple(cursor.fetchone())


def esperar_serie() -> None:
    """Wait for whoever is filing. Who then reads the clock numbers in the order of the instants (C02), and at the turn
    of the year the number and the instant agree (C06)."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('solicitudes.serie'))")


def formato(prefijo: str, anio: int, numero: int) -> str:
    """`AT-2026-000123`. It must not look like a SIGA number (`2-2019-13091`, domain.md §3)."""
    return f"{prefijo}-{anio}-{numero:06d}"


def siguiente_radicado(anio: int, partes: int) -> Radicado:
    numero, solicitud, llaves = _contar(CON_LLAVES, "AT-DEMO" if settings.ES_DEMO else "AT", anio, partes)
    return Radicado(formato("AT", anio, numero), solicitud, llaves)
