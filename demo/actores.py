"""Acting as a person of the demo, at an instant of its history."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from alcance import Alcance, con_alcance
from direcciones.models import Membresia, Persona
from plazos.reloj import con_reloj
from plazos.services import calendario_vigente
from solicitudes.models import Parte


@contextmanager
def como(persona: Persona, cuando: datetime) -> Iterator[Membresia]:
    """Act as a person, in their first membership, at an instant."""
    with con_alcance(Alcance(persona_id=persona.pk)), transaction.atomic():
        membresia = (
            Membresia.objects.filter(persona=persona)
            .select_related("dependencia", "entidad")
            .prefetch_related("dependencia__hijas")
            .first()
        )
        assert membresia is not None
    with con_reloj(cuando), con_alcance(Alcance.de_membresia(membresia)), transaction.atomic():
        yield membresia


def dia_habil(parte: Parte, habiles: int, hora: int = 10) -> datetime:
    """A working hour some business days after the reception, never in the future."""
    fecha = timezone.localdate(parte.recibido_en)
    if habiles:
        fecha = calendario_vigente().sumar_habiles(fecha, habiles)
    instante = timezone.make_aware(datetime.combine(fecha, time(hora, 15)))
    return min(max(instante, parte.recibido_en + timedelta(hours=1)), timezone.now())


def dia_de_sesion(parte: Parte) -> datetime:
    """A working afternoon, the fifth business day after the reception: it may be still to come."""
    fecha = calendario_vigente().sumar_habiles(timezone.localdate(parte.recibido_en), 5)
    return timezone.make_aware(datetime.combine(fecha, time(14)))
