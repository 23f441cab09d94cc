"""What happened to one row of a catalogue, read from the bitácora and told in words."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import models

from bitacora.cambios import Cambio, leer_cambios
from bitacora.models import Suceso
from direcciones.models import Persona
from plazos.fechas import fecha_corrida, hora_junta

ACCIONES = {
    "catalogo.crear": "Se agregó",
    "catalogo.cambiar": "Cambió",
    "catalogo.terminar": "Se le puso último día",
    "catalogo.retirar": "Se retiró",
    "catalogo.reabrir": "Volvió a estar vigente",
}


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
    cambios = leer_cambios(propios)
    return [
        Hecho(
            cuando=s.en,
            quien=nombres.get(s.actor_id, "El sistema"),
            que=ACCIONES.get(s.accion, s.accion),
            cambios=tuple(cambios[s.pk]),
            motivo=s.motivo,
        )
        for s in propios
    ]


def texto_de(valor: Any) -> str:
    """Any value of a column in words."""

    if valor is None or valor == "":
        return ""
    if isinstance(valor, bool):
        return "Sí" if valor else "No"
    if isinstance(valor, date) and not isinstance(valor, datetime):
        return fecha_corrida(valor)
    if isinstance(valor, time):
        return hora_junta(valor)
    return str(valor)
