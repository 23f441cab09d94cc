"""What a statement really reads."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection


def nodos(nodo: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield nodo
    for hijo in nodo.get("Plans", []):
        yield from nodos(hijo)


def leido(sql: str) -> tuple[int, set[str]]:
    """How many rows the statement read from tables and indexes, and by which indexes."""
    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, format json) {sql}")
        crudo = cursor.fetchone()[0]
    plan = (json.loads(crudo) if isinstance(crudo, str) else crudo)[0]["Plan"]
    leidas, indices = 0, set()
    for nodo in nodos(plan):
        if nodo["Node Type"].endswith("Scan") and "Relation Name" in nodo:
            una = nodo["Actual Rows"] + nodo.get("Rows Removed by Filter", 0)
            leidas += round(una * nodo["Actual Loops"])
            indices.add(nodo.get("Index Name", nodo["Node Type"]))
    return leidas, indices
