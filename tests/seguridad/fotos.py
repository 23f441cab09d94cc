"""What a request changed in the database, row by row and field by field."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from alcance import como_sistema
from alcance.registro import clase_de
from sdfi_portal.aislamiento.llamadas import Marcador, Respuesta

# Plumbing that every request touches.
APARTE = {"sessions.session", "cuentas.sesion", "bandeja.latido", "axes.accesslog", "axes.accessattempt"}
Foto = dict[tuple[str, Any], dict[str, Any]]


@dataclass(frozen=True)
class Cambio:
    modelo: str
    pk: Any
    campo: str
    antes: Any
    despues: Any
    nueva: bool = False  # the row was not there before


class Camara:
    """Calls and tells what changed. The first picture is of everything; then only of the tables that were touched."""

    def __init__(self, marcador: Marcador) -> None:
        self.marcador, self.antes = marcador, foto(_modelos())

    def llamar(self, papel: str, metodo: str, url: str, **opciones: Any) -> tuple[Respuesta, list[Cambio]]:
        hallados: list[Cambio] = []
        escritas = _escrituras()

        def mirar() -> None:
            tocados = [m for m in _modelos() if _escrituras().get(m._meta.db_table) != escritas.get(m._meta.db_table)]
            nombres = {m._meta.label_lower for m in tocados}
            viejas = {clave: fila for clave, fila in self.antes.items() if clave[0] in nombres}
            hallados.extend(cambios(viejas, foto(tocados)))

        return self.marcador.llamar(papel, metodo, url, mirar=mirar, **opciones), hallados


def _modelos() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if clase_de(m) and m._meta.label_lower not in APARTE]


def _escrituras() -> dict[str, int]:
    """Rows written so far in this transaction, also those undone since. Shape: table → how many."""
    with connection.cursor() as cursor:
        cursor.execute("select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


def foto(modelos: Collection[type[models.Model]]) -> Foto:
    """Every row of these tables."""
    with como_sistema("prueba: mirar lo que cambió"):
        return {
            (modelo._meta.label_lower, fila["pk"]): fila
            for modelo in modelos
            for fila in modelo._default_manager.order_by("pk").values("pk", *(c.attname for c in _campos(modelo)))
        }


def cambios(antes: Foto, despues: Foto) -> list[Cambio]:
    """Field by field. A new row changes all of its fields from None."""
    hallados = []
    for clave, fila in despues.items():
        vieja = antes.get(clave)
        hallados += [
            Cambio(*clave, campo, (vieja or {}).get(campo), valor, nueva=vieja is None)
            for campo, valor in fila.items()
            if (vieja or {}).get(campo) != valor
        ]
    hallados += [Cambio(*clave, "pk", clave[1], None) for clave in antes.keys() - despues.keys()]
    return hallados


def referencia(cambio: Cambio) -> tuple[str, Any] | None:
    """The row that this field points at now: (model, pk)."""
    for campo in apps.get_model(cambio.modelo)._meta.concrete_fields:
        if campo.attname == cambio.campo and campo.related_model is not None and cambio.despues is not None:
            return campo.related_model._meta.label_lower, cambio.despues
    return None


def tocadas(hallados: Iterable[Cambio]) -> set[tuple[str, Any]]:
    """Rows that changed, and those that the changes point at."""
    hallados = list(hallados)
    return {(c.modelo, c.pk) for c in hallados} | {r for c in hallados if (r := referencia(c)) is not None}


def _campos(modelo: type[models.Model]) -> list[Any]:
    return [c for c in modelo._meta.concrete_fields if not c.primary_key]
