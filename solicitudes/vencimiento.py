"""How a parte stands against its last day, in words and tone: never colour alone (interface.md §1.4)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

from django.utils import timezone

from plazos.calendario import Calendario
from plazos.fechas import dias_habiles
from plazos.reloj import hoy
from plazos.services import Reglas, calendario_vigente, reglas_vigentes
from plazos.terminos import POR_VENCER, semaforo
from solicitudes.estados import EstadoParte
from solicitudes.models import Parte

_TONOS = {"vencida": "rojo", "hoy": "rojo", "por_vencer": "ambar", "en_plazo": "neutro"}


@dataclass(frozen=True, slots=True)
class Vencimiento:
    texto: str
    tono: str
    vencida: bool = False


def vencimiento(parte: Parte, calendario: Calendario | None = None) -> Vencimiento:
    """«Vence en 2 días hábiles», «Vencida hace 1 día hábil»; once delivered, whether it was on time."""
    calendario = calendario or calendario_vigente()
    if parte.estado == EstadoParte.ATENDIDA and parte.prestada_en:
        return _entregada(parte, calendario)
    if not parte.esta_abierta:
        return Vencimiento("Sin plazo pendiente", "neutro")
    return _de_abierta(parte.vence, hoy(), calendario)


def _de_abierta(vence: date, dia: date, calendario: Calendario) -> Vencimiento:
    semaforo_ = semaforo(vence, dia, calendario)
    texto = f"Vence en {semaforo_.texto}" if semaforo_.nivel in {"por_vencer", "en_plazo"} else semaforo_.texto
    return Vencimiento(texto, _TONOS[semaforo_.nivel], semaforo_.nivel == "vencida")


@lru_cache(maxsize=1024)
def de_abierta(vence: date, dia: date, reglas: Reglas) -> Vencimiento:
    """`vencimiento` of an open one, worked out once for each last day."""
    return _de_abierta(vence, dia, reglas.calendario)


def _entregada(parte: Parte, calendario: Calendario) -> Vencimiento:
    if parte.a_tiempo:
        return Vencimiento("Entregada a tiempo", "verde")
    assert parte.prestada_en is not None
    demora = calendario.habiles_entre(parte.vence, timezone.localdate(parte.prestada_en))
    return Vencimiento(f"Entregada {dias_habiles(demora)} tarde", "ambar", vencida=True)


def vence_hasta(dias: int = POR_VENCER, desde: date | None = None) -> date:
    """Last date that is at most `dias` business days away: what «por vencer» means in a query."""
    return _vence_hasta(dias, desde or hoy(), reglas_vigentes())


@lru_cache(maxsize=64)
def _vence_hasta(dias: int, desde: date, reglas: Reglas) -> date:
    siguiente = next(islice(reglas.calendario.habiles_despues_de(desde), dias, None))
    return siguiente - timedelta(days=1)
