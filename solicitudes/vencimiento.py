"""How a parte stands against its last day, in words and tone: never colour alone (interface.md §1.4)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from django.utils import timezone

from plazos.calendario import Calendario
from plazos.fechas import dias_habiles
from plazos.reloj import hoy
from plazos.services import Reglas, calendario_vigente, reglas_vigentes
from plazos.terminos import POR_VENCER, semaforo
from solicitudes.estados import ABIERTOS, EstadoParte
from solicitudes.models import Parte

_TONOS = {"vencida": "rojo", "hoy": "rojo", "por_vencer": "ambar", "en_plazo": "neutro"}


@dataclass(frozen=True, slots=True)
class Vencimiento:
    texto: str
    tono: str
    vencida: bool = False


def vencimiento(parte: Parte, calendario: Calendario | None = None) -> Vencimiento:
    """«Vence en 2 días hábiles», «Vencida hace 1 día hábil»; once delivered, whether it was on time."""
    leido = Leido(*[getattr(parte, campo) for campo in DEL_VENCIMIENTO])
    return _vencimiento(leido, hoy(), calendario or calendario_vigente())


class Leido(NamedTuple):
    """What of a parte says how it stands."""

    estado: str
    vence: date
    prestada_en: datetime | None
    atencion_en: datetime | None
    sin_efecto_en: datetime | None


DEL_VENCIMIENTO = Leido._fields


@lru_cache(maxsize=2048)
def vencimiento_de(leido: Leido, dia: date, reglas: Reglas) -> Vencimiento:
    """The same of what a list read of a parte, on a day and with the rules in force: worked out once."""
    return _vencimiento(leido, dia, reglas.calendario)


def _vencimiento(leido: Leido, dia: date, calendario: Calendario) -> Vencimiento:
    estado, vence, prestada_en, atencion_en, sin_efecto_en = leido
    if estado == EstadoParte.ATENDIDA and prestada_en:
        if sin_efecto_en:
            return Vencimiento("Respuesta anulada", "ambar")
        cuando = atencion_en or prestada_en
        que = "Entregada" if cuando == prestada_en else "Atendida"
        return _entregada(vence, timezone.localdate(cuando), calendario, que)
    if estado not in ABIERTOS:
        return Vencimiento("Sin plazo pendiente", "neutro")
    if atencion_en and timezone.localdate(atencion_en) <= vence:
        return Vencimiento("Atendida a tiempo, falta la respuesta", "verde")
    semaforo_ = semaforo(vence, dia, calendario)
    texto = f"Vence en {semaforo_.texto}" if semaforo_.nivel in {"por_vencer", "en_plazo"} else semaforo_.texto
    return Vencimiento(texto, _TONOS[semaforo_.nivel], semaforo_.nivel == "vencida")


def _entregada(vence: date, el_dia: date, calendario: Calendario, que: str) -> Vencimiento:
    if el_dia <= vence:
        return Vencimiento(f"{que} a tiempo", "verde")
    demora = calendario.habiles_entre(vence, el_dia)
    return Vencimiento(f"{que} {dias_habiles(demora)} tarde", "ambar", vencida=True)


def vence_hasta(dias: int = POR_VENCER, desde: date | None = None) -> date:
    """Last date that is at most `dias` business days away: what «por vencer» means in a query."""
    return _vence_hasta(dias, desde or hoy(), reglas_vigentes())


@lru_cache(maxsize=64)
def _vence_hasta(dias: int, desde: date, reglas: Reglas) -> date:
    siguiente = next(islice(reglas.calendario.habiles_despues_de(desde), dias, None))
    return siguiente - timedelta(days=1)
