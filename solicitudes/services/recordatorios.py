"""The sweep of terms: who must be reminded, from the state things are in and never from a timer.

Levels of a parte against its last day: 5, 2 and 0 business days before, to whoever attends it; 1 after, to the
subdirección; 3 after, to the dirección (domain.md §2.2). A sweep that did not run for days finds each parte in one
level and tells it once: the key of the outbox row is the parte, its last day and the level.
"""

from datetime import date, datetime, time

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from alcance import como_sistema
from bandeja.services import Hecho, anotar_varios
from plazos.calendario import Calendario
from plazos.reloj import hoy
from plazos.services import calendario_vigente, una_lectura
from plazos.terminos import dias_habiles_restantes
from solicitudes.estados import EstadoParte
from solicitudes.models import Parte
from solicitudes.models.partes import ConsultaParte
from solicitudes.vencimiento import vence_hasta

ANTES = (0, 2, 5)  # business days left, most urgent first
DESPUES = (1, 3)  # business days overdue: to the subdirección, to the dirección
SIN_ASIGNAR = "sin-asignar"
DE_LA_PARTE = ("solicitud_id", "dependencia_id", "estado", "vence", "recibido_en")
LOTE = 5_000
HORA_DE_ESCRIBIR = time(7)  # the fact is left at midnight; nobody is written to before this hour
TURNO_DEL_BARRIDO = "solicitudes.barrer_plazos"


def barrer_plazos(*, lote: int = LOTE) -> int:
    """Leave in the outbox what must be told now and was not. Returns how many partes were looked at.

    Each batch is a transaction of its own: a sweep cut anywhere is finished by the next one, with the same result as
    one that was not cut (F13). Two at once are one (C08).
    """
    miradas = ultimo = 0
    with una_lectura():
        while claves := _barrer_lote(ultimo, lote):
            ultimo, miradas = claves[-1], miradas + len(claves)
    return miradas


def _barrer_lote(despues_de: int, lote: int) -> list[int]:
    with transaction.atomic(), como_sistema("barrer los plazos"):
        if not _es_mi_turno():
            return []
        mirar = _por_mirar().filter(pk__gt=despues_de).only(*DE_LA_PARTE)
        partes = list(mirar.order_by("pk")[:lote])
        calendario, dia = calendario_vigente(), hoy()
        no_antes = timezone.make_aware(datetime.combine(dia, HORA_DE_ESCRIBIR))
        anotar_varios(
            [
                Hecho(
                    tipo="solicitudes.recordatorio",
                    clave=f"recordatorio:{parte.pk}:{parte.vence.isoformat()}:{nivel}",
                    carga={"parte": parte.pk, "nivel": nivel},
                    solicitud_id=parte.solicitud_id,
                    no_antes=no_antes,
                )
                for parte in partes
                for nivel in niveles(parte, calendario, dia)
            ]
        )
    return [parte.pk for parte in partes]


def _es_mi_turno() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtext(%s))", [TURNO_DEL_BARRIDO])
        return bool(cursor.fetchone()[0])


def _por_mirar() -> ConsultaParte:
    """Open and near its last day, or waiting for somebody to take it. The rest has nothing to be told."""
    return Parte.objects.abiertas().filter(Q(vence__lte=vence_hasta(max(ANTES))) | Q(estado=EstadoParte.EN_COLA))


def niveles(parte: Parte, calendario: Calendario, dia: date) -> list[str]:
    """What must have been told of this parte by now, at most once each: `antes-5`, `despues-1`, `sin-asignar`…

    Only the most urgent of the ones before, so that a beat that was down does not send three mails at once.
    """
    restantes = dias_habiles_restantes(parte.vence, dia, calendario)
    avisar = [f"antes-{n}" for n in ANTES if restantes <= n][:1]
    avisar += [f"despues-{n}" for n in DESPUES if dia > parte.vence and -restantes >= n]
    if parte.estado == EstadoParte.EN_COLA and _dias_en_cola(parte, calendario, dia) > settings.DIAS_SIN_ASIGNAR:
        avisar.append(f"{SIN_ASIGNAR}-{parte.dependencia_id}")
    return avisar


def _dias_en_cola(parte: Parte, calendario: Calendario, dia: date) -> int:
    """Business days since it was received: the entity has waited since then, in whatever queue (R19)."""
    return calendario.habiles_entre(timezone.localdate(parte.recibido_en), dia)
