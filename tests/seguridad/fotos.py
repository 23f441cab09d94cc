"""What a request changed in the database, row by row and field by field."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from alcance import como_sistema
from alcance.registro import Clase, clase_de

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


def foto(*clases: Clase) -> Foto:
    """Every row of the tables of these classes (of all, when none is said)."""
    modelos = [m for m in apps.get_models() if clase_de(m) in (clases or Clase) and m._meta.label_lower not in APARTE]
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
        vieja = antes.get(clave, {})
        hallados += [
            Cambio(*clave, campo, vieja.get(campo), valor)
            for campo, valor in fila.items()
            if vieja.get(campo) != valor
        ]
    hallados += [Cambio(*clave, "pk", clave[1], None) for clave in antes.keys() - despues.keys()]
    return hallados


def referencias(hallados: list[Cambio]) -> set[tuple[str, Any]]:
    """Rows that the changes point at now: (model, pk)."""
    return {
        (relacion._meta.label_lower, cambio.despues)
        for cambio in hallados
        if cambio.despues is not None and (relacion := _destino(cambio)) is not None
    }


def _campos(modelo: type[models.Model]) -> list[Any]:
    return [c for c in modelo._meta.concrete_fields if not c.primary_key]


def _destino(cambio: Cambio) -> Any:
    for campo in apps.get_model(cambio.modelo)._meta.concrete_fields:
        if campo.attname == cambio.campo:
            return campo.related_model
    return None
