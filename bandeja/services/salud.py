"""Is the outbox moving? For /salud/ and for the sweeps (security.md §5.5, §5.6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Min, Q, When
from django.utils import timezone

from alcance import como_sistema
from bandeja.models import EN_MANOS, Entrega, EstadoEntrega, Latido
from bandeja.services.entregar import ESPERA_SU_HORA

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
    be tried again, which is not late and yet has not left. Not what is held until its hour, also after a failure."""
    with como_sistema("salud de la bandeja"), transaction.atomic():
        abiertas = Entrega.objects.filter(estado__in=[EstadoEntrega.PENDIENTE, *EN_MANOS])
        instante = timezone.now()
        sin_intentar = Q(intento=0, proximo_intento__lte=instante)
        retenidas = Q(proximo_intento__gt=instante, error__startswith=ESPERA_SU_HORA)
        a_su_hora = Q(intento=0) | Q(error__startswith=ESPERA_SU_HORA)
        espera = Case(When(a_su_hora, then=F("proximo_intento")), default=F("creada_en"))
        esperan = abiertas.filter(sin_intentar | Q(intento__gt=0)).exclude(retenidas)
        desde: datetime | None = esperan.aggregate(d=Min(espera))["d"]
        return desde


def latir(nombre: str) -> None:
    """Write down that `nombre` is alive now."""
    Latido.objects.bulk_create(
        [Latido(nombre=nombre, en=timezone.now())],
        update_conflicts=True,
        unique_fields=["nombre"],
        update_fields=["en"],
    )
