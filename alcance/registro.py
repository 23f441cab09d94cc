"""One registry classifies every table: inquilino, catalogo or sistema. A table that is missing fails a check.

- inquilino: rows belong to an entidad or a dependencia. FORCE row-level security, manager that demands an alcance.
- catalogo: readable by everybody, written by few. No row-level security.
- sistema: plumbing (sessions, lockout, counters, the outbox). Never shown to people as such.
"""

from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db.models import Model


class Clase(StrEnum):
    INQUILINO = "inquilino"
    CATALOGO = "catalogo"
    SISTEMA = "sistema"


# Tables of libraries, and Django's own.
EXTERNAS: dict[str, Clase] = {
    "auth": Clase.SISTEMA,
    "contenttypes": Clase.SISTEMA,
    "sessions": Clase.SISTEMA,
    "account": Clase.SISTEMA,
    "mfa": Clase.SISTEMA,
    "socialaccount": Clase.SISTEMA,
    "axes": Clase.SISTEMA,
}
# Tables without a model.
SIN_MODELO: dict[str, Clase] = {"django_migrations": Clase.SISTEMA, "cache_portal": Clase.SISTEMA}


def clase_de(modelo: type[Model]) -> Clase | None:
    """The class of a model's table, or None when nobody classified it."""
    propia = modelo.__dict__.get("clase_tabla") or getattr(modelo, "clase_tabla", None)
    if propia:
        return Clase(propia)
    creador: Any = modelo._meta.auto_created
    if creador and creador is not True:
        heredada = clase_de(creador)
        return None if heredada is Clase.INQUILINO else heredada
    return EXTERNAS.get(modelo._meta.app_label)


def tablas(clase: Clase) -> list[str]:
    """Names of the tables of a class, sorted."""
    nombres = {m._meta.db_table for m in apps.get_models(include_auto_created=True) if clase_de(m) is clase}
    nombres |= {tabla for tabla, suya in SIN_MODELO.items() if suya is clase}
    return sorted(nombres)
