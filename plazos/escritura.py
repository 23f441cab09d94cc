"""At which hours people are written to: business days, within the hours of the settings. The legal never asks."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from plazos.calendario import FueraDeCalendario
from plazos.services import calendario_vigente


def cuando_escribir(instante: datetime) -> datetime:
    """`instante`, or the first one after it at which nobody minds a mail. Always the same for the same calendar."""
    if settings.HORAS_DE_ESCRIBIR is None:
        return instante
    abre, cierra = settings.HORAS_DE_ESCRIBIR
    local = timezone.localtime(instante)
    dia, calendario = local.date(), calendario_vigente()
    try:
        if calendario.es_habil(dia):
            if local.time() < abre:
                return timezone.make_aware(datetime.combine(dia, abre))
            if local.time() < cierra:
                return instante
        return timezone.make_aware(datetime.combine(calendario.siguiente_habil(dia), abre))
    except FueraDeCalendario:  # better at a bad hour than never
        return instante
