"""Leaving a fact: one row in the caller's transaction, and a bell when it commits."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from alcance.ordenes import Orden, arreglo, mandar
from bandeja import timbre
from bandeja.models import EstadoEntrega

DEJAR = """
select bandeja_dejar(%s, %s, %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::timestamptz[])
"""


class Hecho(NamedTuple):
    """What `anotar` takes."""

    tipo: str
    clave: str
    carga: Mapping[str, Any]
    destinatario: str = ""
    solicitud_id: int | None = None
    no_antes: datetime | None = None


def anotar(
    *,
    tipo: str,
    clave: str,
    carga: Mapping[str, Any],
    destinatario: str = "",
    solicitud_id: int | None = None,
    no_antes: datetime | None = None,
) -> None:
    """Leave a fact to be handed over after this transaction commits. The same `clave` twice is one fact.

    `carga` are the ids the handler needs to read everything again when its turn comes; a text that was true an hour
    ago may no longer be.
    """
    anotar_varios([Hecho(tipo, clave, carga, destinatario, solicitud_id, no_antes)])


def anotar_varios(hechos: Sequence[Hecho]) -> None:
    """The same for many at once: a sweep leaves thousands."""
    if hechos:
        mandar(dejar(hechos))


def dejar(hechos: Sequence[Hecho]) -> Orden:
    """The statement that leaves them, for whoever sends it with others: there must be one at least."""
    instante = timezone.now()
    instantes = {cuando: (cuando or instante).isoformat() for cuando in {hecho.no_antes for hecho in hechos}}
    columnas: list[list[Any]] = [
        [hecho.clave for hecho in hechos],
        [hecho.tipo for hecho in hechos],
        [json.dumps(dict(hecho.carga)) for hecho in hechos],
        [hecho.destinatario for hecho in hechos],
        [hecho.solicitud_id for hecho in hechos],
        [instantes[hecho.no_antes] for hecho in hechos],
    ]
    if any(hecho.no_antes is None or hecho.no_antes <= instante for hecho in hechos):
        _avisar_al_confirmar()
    return DEJAR, [str(EstadoEntrega.PENDIENTE), instante, *map(arreglo, columnas)]


def _avisar_al_confirmar() -> None:
    """One bell per transaction, however many facts it leaves."""
    if not any(pendiente[1] is timbre.tocar for pendiente in connection.run_on_commit):
        transaction.on_commit(timbre.tocar, robust=True)
