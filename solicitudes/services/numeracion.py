"""Consecutive numbers: one counter row per series and year, locked last in the caller's transaction (R33, C02)."""

import json
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from alcance.ordenes import Orden, mandar

# A demo has a series of its own that no real radicado can reach (docs/decisiones/0003).
PRINCIPIO_DEMO = 900_000
ESPERAR: Orden = ("select pg_advisory_xact_lock(hashtext('solicitudes.serie'))", [])
SIGUIENTE = "SELECT * FROM solicitudes_siguiente(%s, %s, %s, %s, %s::bigint[])"


def serie_de_radicados() -> str:
    return "AT-DEMO" if settings.ES_DEMO else "AT"


def primero() -> int:
    """The number with which a series of this installation begins each year."""
    return (PRINCIPIO_DEMO if settings.ES_DEMO else 0) + 1


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
            [serie, anio, primero()],
        )
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Lugar:
    """What one who files writes with: the next number of the year, and the keys of the rows."""

    anio: int
    numero: int
    solicitud: int
    partes: list[int]
    leido: Any = None

    @property
    def radicado(self) -> str:
        return formato("AT", self.anio, self.numero)


def esperar_serie(anio: int, *, partes: int, antes: Orden, lugares: list[int]) -> Lugar:
    """Wait for whoever is filing. Who then reads the clock numbers in the order of the instants (C02), and at the turn
    of the year the number and the instant agree (C06).

    In one message with what is locked `antes`. What these `lugares` promise is read with it (`catalogo_leido`).
    The number is read: `solicitudes_radicar` takes it.
    """
    [(numero, solicitud, suyas, leido)] = mandar(antes, ESPERAR, _siguiente(anio, partes, lugares))
    return Lugar(anio, numero, solicitud, suyas, json.loads(leido) if isinstance(leido, str) else leido)


def en_otro_anio(lugar: Lugar, anio: int) -> Lugar:
    """For whoever waited past midnight of 31 December with the turn in hand."""
    [(numero, *_)] = mandar(_siguiente(anio, 0, []))
    return replace(lugar, anio=anio, numero=numero)


def _siguiente(anio: int, partes: int, lugares: list[int]) -> Orden:
    return SIGUIENTE, [serie_de_radicados(), anio, primero(), partes, lugares]


def formato(prefijo: str, anio: int, numero: int) -> str:
    """`AT-2026-000123`. It must not look like a SIGA number (`2-2019-13091`, domain.md §3)."""
    return f"{prefijo}-{anio}-{numero:06d}"
