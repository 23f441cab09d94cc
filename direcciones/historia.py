"""What happened to one row of a catalogue, read from the bitácora and told in words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from bitacora.models import Suceso
from direcciones.models import Persona
from direcciones.services.catalogos import OTRO_NOMBRE
from plazos.fechas import fecha_corrida, hora

ACCIONES = {
    "catalogo.crear": "Se agregó",
    "catalogo.cambiar": "Cambió",
    "catalogo.terminar": "Se le puso último día",
    "catalogo.retirar": "Se retiró",
    "catalogo.reabrir": "Volvió a estar vigente",
}
NOMBRE_DE_CAMPO = {escrito: campo for campo, escrito in OTRO_NOMBRE.items()}


@dataclass(frozen=True, slots=True)
class Cambio:
    campo: str
    antes: str
    despues: str


@dataclass(frozen=True, slots=True)
class Hecho:
    cuando: datetime | None
    quien: str
    que: str
    cambios: tuple[Cambio, ...]
    motivo: str


def historia(fila: models.Model, sucesos: models.QuerySet[Suceso]) -> list[Hecho]:
    """Newest first. `sucesos` comes already cut to what the reader may see."""
    propios = list(sucesos.filter(objeto_tipo=fila._meta.label_lower, objeto_id=str(fila.pk)).order_by("-id")[:200])
    nombres = dict(
        Persona.objects.filter(pk__in={s.actor_id for s in propios if s.actor_id}).values_list("pk", "nombre")
    )
    return [
        Hecho(
            s.en,
            nombres.get(s.actor_id, "El sistema"),
            ACCIONES.get(s.accion, s.accion),
            tuple(_cambios(fila, s)),
            s.motivo,
        )
        for s in propios
    ]


def _cambios(fila: models.Model, suceso: Suceso) -> Iterator[Cambio]:
    antes, despues = (json.loads(texto) if texto else {} for texto in (suceso.antes, suceso.despues))
    for escrito in sorted({*antes, *despues}):
        try:
            campo = fila._meta.get_field(NOMBRE_DE_CAMPO.get(escrito, escrito))
        except FieldDoesNotExist:
            continue
        viejo, nuevo = (en_palabras(campo, datos.get(escrito)) for datos in (antes, despues))
        if viejo or nuevo:
            yield Cambio(str(getattr(campo, "verbose_name", escrito)), viejo, nuevo)


def en_palabras(campo: Any, valor: Any) -> str:
    """A stored value as a person reads it: names for ids, words for choices, dates in Spanish."""
    if valor is None or valor == "":
        return ""
    if campo.is_relation:
        otra = campo.related_model._base_manager.filter(pk=valor).first()
        return str(otra) if otra is not None else f"n.º {valor}"
    if campo.choices:
        return str(dict(campo.flatchoices).get(valor, valor))
    if isinstance(campo, models.DateField) and isinstance(valor, str):
        return texto_de(date.fromisoformat(valor[:10]))
    return texto_de(valor)


def texto_de(valor: Any) -> str:
    """Any value of a column in words."""

    if valor is None or valor == "":
        return ""
    if isinstance(valor, bool):
        return "Sí" if valor else "No"
    if isinstance(valor, date) and not isinstance(valor, datetime):
        return fecha_corrida(valor)
    if isinstance(valor, time):
        return hora(valor).replace(" ", "\u00a0")  # «4:30 p. m.» in one line
    return str(valor)
