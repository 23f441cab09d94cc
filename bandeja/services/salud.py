"""Is the outbox moving? For /salud/ and for the sweeps (security.md §5.5, §5.6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Min, Q, When
from django.utils import timezone

from alcance import como_sistema
from bandeja.models import EN_MANOS, Entrega, EstadoEntrega, Latido

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


def pendiente_desde() -> datetime | None:
    """Since when the oldest fact that is not handed over waits: what is due and nobody took, and what failed and will
    be tried again, which is not late and yet has not left."""
    with como_sistema("salud de la bandeja"), transaction.atomic():
        abiertas = Entrega.objects.filter(estado__in=[EstadoEntrega.PENDIENTE, *EN_MANOS])
        sin_intentar = Q(intento=0, proximo_intento__lte=timezone.now())
        espera = Case(When(intento=0, then=F("proximo_intento")), default=F("creada_en"))
        desde: datetime | None = abiertas.filter(sin_intentar | Q(intento__gt=0)).aggregate(d=Min(espera))["d"]
        return desde


def latir(nombre: str) -> None:
    """Write down that `nombre` is alive now."""
    Latido.objects.bulk_create(
        [Latido(nombre=nombre, en=timezone.now())],
        update_conflicts=True,
        unique_fields=["nombre"],
        update_fields=["en"],
    )
