"""How a parte stands against its last day, in words and tone: never colour alone (interface.md §1.4)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice

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
    return _vencimiento(parte.estado, parte.vence, parte.prestada_en, hoy(), calendario or calendario_vigente())


@lru_cache(maxsize=2048)
def vencimiento_de(estado: str, vence: date, prestada_en: datetime | None, dia: date, reglas: Reglas) -> Vencimiento:
    """The same of what a list read of a parte, on a day and with the rules in force: worked out once."""
    return _vencimiento(estado, vence, prestada_en, dia, reglas.calendario)


def _vencimiento(
    estado: str, vence: date, prestada_en: datetime | None, dia: date, calendario: Calendario
) -> Vencimiento:
    if estado == EstadoParte.ATENDIDA and prestada_en:
        return _entregada(vence, timezone.localdate(prestada_en), calendario)
    if estado not in ABIERTOS:
        return Vencimiento("Sin plazo pendiente", "neutro")
    semaforo_ = semaforo(vence, dia, calendario)
    texto = f"Vence en {semaforo_.texto}" if semaforo_.nivel in {"por_vencer", "en_plazo"} else semaforo_.texto
    return Vencimiento(texto, _TONOS[semaforo_.nivel], semaforo_.nivel == "vencida")


def _entregada(vence: date, el_dia: date, calendario: Calendario) -> Vencimiento:
    if el_dia <= vence:
        return Vencimiento("Entregada a tiempo", "verde")
    demora = calendario.habiles_entre(vence, el_dia)
    return Vencimiento(f"Entregada {dias_habiles(demora)} tarde", "ambar", vencida=True)


def vence_hasta(dias: int = POR_VENCER, desde: date | None = None) -> date:
    """Last date that is at most `dias` business days away: what «por vencer» means in a query."""
    return _vence_hasta(dias, desde or hoy(), reglas_vigentes())


@lru_cache(maxsize=64)
def _vence_hasta(dias: int, desde: date, reglas: Reglas) -> date:
    siguiente = next(islice(reglas.calendario.habiles_despues_de(desde), dias, None))
    return siguiente - timedelta(days=1)
