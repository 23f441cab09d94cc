"""Is the outbox moving? For /salud/ and for the sweeps (security.md §5.5, §5.6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from bandeja.models import Entrega, EstadoEntrega, Latido

TARDE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Salud:
    """`atrasadas` are due for more than five minutes; `latidos` maps each periodic process to its last beat."""

    atrasadas: int
    mas_antigua: datetime | None
    muertas: int
    latidos: dict[str, datetime]


def salud() -> Salud:
    with como_sistema("salud de la bandeja"), transaction.atomic():
        atrasadas = Entrega.objects.atrasadas(timezone.now(), desde=TARDE)
        primera = atrasadas.first()
        return Salud(
            atrasadas=atrasadas.count(),
            mas_antigua=primera.proximo_intento if primera else None,
            muertas=Entrega.objects.filter(estado=EstadoEntrega.MUERTA).count(),
            latidos=dict(Latido.objects.order_by("nombre").values_list("nombre", "en")),
        )


def latir(nombre: str) -> None:
    """Write down that `nombre` is alive now."""
    Latido.objects.bulk_create(
        [Latido(nombre=nombre, en=timezone.now())],
        update_conflicts=True,
        unique_fields=["nombre"],
        update_fields=["en"],
    )
