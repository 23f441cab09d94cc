"""How well the order of arrival was kept (R20), counted from the history and not by the code that keeps it.

An inversion: somebody started or took out of a tray one solicitud while an older one waited in the same tray. The
service demands a coded reason for each; counting them on their own shows as «sin motivo» whatever slipped through.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from alcance import como_sistema

SIEMPRE = datetime(2000, 1, 1, tzinfo=UTC)
# Where each parte was after each line of its history. It is born in the queue: by the filing, or when it was added.
_INVERTIDAS = """
with nacimiento as (
    select p.id as parte_id, max(m.id) as id
    from solicitudes_parte p
    join solicitudes_movimiento m on m.solicitud_id = p.solicitud_id
     and (m.accion = 'radicar' or (m.accion = 'agregar_dependencia' and m.parte_id = p.id))
    group by p.id
),
hechos as (
    select m.parte_id, m.id, m.a as estado,
           (m.datos #>> '{lugar,a,0}')::bigint as dependencia, (m.datos #>> '{lugar,a,1}')::bigint as asesor
    from solicitudes_movimiento m where m.datos ? 'lugar'
    union all
    select n.parte_id, n.id, 'en_cola', coalesce(primero.dependencia, p.dependencia_id), null
    from nacimiento n
    join solicitudes_parte p on p.id = n.parte_id
    left join lateral (
        select (m.datos #>> '{lugar,de,0}')::bigint as dependencia
        from solicitudes_movimiento m where m.parte_id = n.parte_id and m.datos ? 'lugar' order by m.id limit 1
    ) primero on true
),
tramos as (
    select h.*, lead(h.id) over (partition by h.parte_id order by h.id) as hasta,
           p.recibido_en, p.solicitud_id
    from hechos h join solicitudes_parte p on p.id = h.parte_id
),
salidas as (
    select m.id, m.parte_id, m.de, m.en, m.accion, p.recibido_en, p.solicitud_id,
           (m.datos #>> '{lugar,de,0}')::bigint as dependencia, (m.datos #>> '{lugar,de,1}')::bigint as asesor
    from solicitudes_movimiento m join solicitudes_parte p on p.id = m.parte_id
    where (m.accion in ('tomar', 'empezar') or (m.accion = 'asignar' and m.persona_id is not null))
      and m.datos ? 'lugar' and m.en >= %(desde)s
      and (%(hasta)s::timestamptz is null or m.en <= %(hasta)s)
),
invertidas as (
    select s.dependencia, case when s.de = 'en_cola' then null else s.asesor end as asesor, s.parte_id,
           e.id is not null as con_motivo
    from salidas s
    left join lateral (
        select x.id from solicitudes_excepcionorden x where x.parte_id = s.parte_id and x.en = s.en limit 1
    ) e on true
    where s.dependencia = any(%(dependencias)s) and exists (
        select 1 from tramos t
        where t.parte_id <> s.parte_id and t.estado = s.de and t.id < s.id and (t.hasta is null or t.hasta > s.id)
          and case when s.de = 'en_cola' then t.dependencia = s.dependencia else t.asesor = s.asesor end
          and (t.recibido_en, t.solicitud_id) < (s.recibido_en, s.solicitud_id)
    )
)
"""
_POR_BANDEJA = f"""{_INVERTIDAS}
select dependencia, asesor, count(*), count(*) filter (where con_motivo)
from invertidas group by 1, 2 order by 1, 2 nulls first
"""  # noqa: S608
_SIN_MOTIVO = f"{_INVERTIDAS} select distinct parte_id from invertidas where not con_motivo order by 1"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Inversiones:
    """Of one tray: the queue of a dependencia (`asesor_id` None) or somebody's own."""

    dependencia_id: int
    asesor_id: int | None
    con_motivo: int
    sin_motivo: int


Contador = Callable[..., list[Inversiones]]
SinMotivo = Callable[..., list[int]]
_contador: list[tuple[Contador, SinMotivo]] = []


def registrar_contador(contador: Contador, sin_motivo: SinMotivo) -> None:
    """Who keeps the count at each move, if some room above does: same arguments and answers as `contar_inversiones`
    and `partes_sin_motivo`."""
    _contador[:] = [(contador, sin_motivo)]


def inversiones_llevadas(*, dependencias: Sequence[int], desde: datetime) -> list[Inversiones]:
    """As they were counted when each happened: a page can't walk the history of a year again."""
    contar = _contador[0][0] if _contador else contar_inversiones
    return contar(dependencias=dependencias, desde=desde)


def sin_motivo_llevadas(
    *, dependencias: Sequence[int], desde: datetime | None = None, hasta: datetime | None = None
) -> list[int]:
    """The partes that the register finds as taken without saying why."""
    buscar = _contador[0][1] if _contador else partes_sin_motivo
    return buscar(dependencias=dependencias, desde=desde, hasta=hasta)


def contar_inversiones(*, dependencias: Sequence[int], desde: datetime) -> list[Inversiones]:
    """Trays of these dependencias with inversions since an instant. Trays without any are not listed."""
    return [
        Inversiones(dependencia, asesor, con_motivo, total - con_motivo)
        for dependencia, asesor, total, con_motivo in _preguntar(_POR_BANDEJA, dependencias, desde)
    ]


def partes_sin_motivo(
    *, dependencias: Sequence[int], desde: datetime | None = None, hasta: datetime | None = None
) -> list[int]:
    """Partes taken before an older one without saying why: none, unless something slipped past the service."""
    return [parte for (parte,) in _preguntar(_SIN_MOTIVO, dependencias, desde or SIEMPRE, hasta)]


def _preguntar(orden: str, dependencias: Sequence[int], desde: datetime, hasta: datetime | None = None) -> list[Any]:
    with transaction.atomic(), como_sistema("contar inversiones del orden"), connection.cursor() as cursor:
        cursor.execute(orden, {"dependencias": list(dependencias), "desde": desde, "hasta": hasta})
        return list(cursor.fetchall())
