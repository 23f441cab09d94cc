"""Folding the changes into the summary. Who reads adds both, so it never matters when it last ran."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection, transaction

from alcance import como_sistema
from alcance.ordenes import es_mi_turno
from encuestas.llevadas import Cuales, DeEntidad
from solicitudes.services.abiertas import Abiertas, DeLaJefatura, Dias
from solicitudes.services.inversiones import Inversiones
from tableros.models import LLAVES, MEDIDAS, Inversion

TURNO = "tableros.compactar"
_llaves, _medidas = ", ".join(LLAVES), ", ".join(MEDIDAS)
_sumas = ", ".join(f"sum({m})" for m in MEDIDAS)
# Every cell, and what is kept of it besides: over all sectors, and of each entidad over all months.
VARIANTES = f"""
select familia, sector_id, periodo, dependencia_id, reservada, clave, {_medidas} from {{origen}}
union all {{derivadas}}
"""  # noqa: S608 names of our own columns
DERIVADAS = f"""
select familia, 0 as sector_id, periodo, dependencia_id, reservada, clave, {_medidas}
from {{origen}} where familia <> 'entidad'
union all
select 'siempre', sector_id, date '1970-01-01', dependencia_id, reservada, clave, {_medidas}
from {{origen}} where familia = 'entidad'
"""  # noqa: S608
ES_DERIVADA = "(sector_id = 0 or familia = 'siempre')"
_COMPACTAR = f"""
with viejos as (delete from tableros_delta returning {_llaves}, {_medidas})
insert into tableros_resumen as r ({_llaves}, {_medidas})
select {_llaves}, {_sumas}
from ({VARIANTES.format(origen="viejos", derivadas=DERIVADAS.format(origen="viejos"))}) todas group by {_llaves}
on conflict ({_llaves}) do update set {", ".join(f"{m} = r.{m} + excluded.{m}" for m in MEDIDAS)}
"""  # noqa: S608 names of our own columns
# The days that no open one is of any more.
_PODAR = f"""
delete from tableros_resumen
where familia in ('recibo', 'vence', 'atendida', 'asesor')
  and ({", ".join(MEDIDAS)}) = ({", ".join("0" for _ in MEDIDAS)})
"""  # noqa: S608


def compactar() -> int:
    """Fold what the statements left. Returns how many cells changed; 0 when another one is at it."""
    with transaction.atomic(), como_sistema("compactar las cifras del tablero"), connection.cursor() as cursor:
        if not es_mi_turno(TURNO):
            return 0
        cursor.execute(_COMPACTAR)
        cambiadas = cursor.rowcount
        if cambiadas:
            cursor.execute(_PODAR)
        return int(cambiadas)


# The tray that each inversion left is in its line of the history.
_POR_BANDEJA = """
select i.dependencia_id, case when m.de = 'en_cola' then null else (m.datos #>> '{lugar,de,1}')::bigint end,
       count(*), count(*) filter (where i.con_motivo)
from tableros_inversion i join solicitudes_movimiento m on m.id = i.movimiento_id
where i.dependencia_id = any(%s) and i.en >= %s group by 1, 2 order by 1, 2 nulls first
"""


def inversiones_por_bandeja(*, dependencias: Sequence[int], desde: datetime) -> list[Inversiones]:
    """What the database counted at each move: what `solicitudes.services.inversiones` asks of its counter."""
    with transaction.atomic(), como_sistema("contar inversiones del orden"), connection.cursor() as cursor:
        cursor.execute(_POR_BANDEJA, [list(dependencias), desde])
        return [
            Inversiones(dependencia, asesor, con_motivo, total - con_motivo)
            for dependencia, asesor, total, con_motivo in cursor.fetchall()
        ]


def inversiones_sin_motivo(
    *, dependencias: Sequence[int], desde: datetime | None = None, hasta: datetime | None = None
) -> list[int]:
    """The partes of the inversions that nobody explained: what the register asks to list them."""
    with transaction.atomic(), como_sistema("contar inversiones del orden"):
        halladas = Inversion.objects.filter(con_motivo=False, dependencia_id__in=dependencias)
        if desde:
            halladas = halladas.filter(en__gte=desde)
        if hasta:
            halladas = halladas.filter(en__lte=hasta)
        return list(halladas.order_by("parte_id").values_list("parte_id", flat=True).distinct())


# The open ones are in the cells of their last day: of the summary, those over all sectors.
_ABIERTAS = """SELECT (select coalesce(max(id), 0) from solicitudes_movimiento),
       coalesce(sum(abiertas), 0), coalesce(sum(en_cola), 0), coalesce(sum(esperando), 0),
       coalesce(sum(abiertas) filter (where periodo <= %s), 0), coalesce(sum(en_cola) filter (where periodo <= %s), 0)
from (
    select periodo, abiertas, en_cola, esperando, reservada, dependencia_id
    from tableros_resumen where familia = 'vence' and sector_id = 0
    union all
    select periodo, abiertas, en_cola, esperando, reservada, dependencia_id from tableros_delta where familia = 'vence'
) celdas
where dependencia_id = any(%s) and (not reservada or reservada = %s)
"""


def abiertas_de(dependencias: Sequence[int], hasta: date, con_reserva: bool) -> Abiertas:
    """What `solicitudes.services.abiertas` asks of its counter: of whole queues, whoever asks."""
    with transaction.atomic(), como_sistema("contar las abiertas de una cola"), connection.cursor() as cursor:
        cursor.cursor.plan_unico = True  # always the cells of the same days
        cursor.execute(_ABIERTAS, [hasta, hasta, list(dependencias), con_reserva])
        return Abiertas._make(cursor.fetchone())


# The open ones by their last day and by the day they came, and what was delivered, by month.
_DE_JEFATURA = """SELECT coalesce(sum(en_cola) filter (where familia = 'vence'), 0),
       coalesce(sum(abiertas - en_cola - esperando) filter (where familia = 'vence'), 0),
       coalesce(sum(esperando) filter (where familia = 'vence'), 0),
       coalesce(sum(abiertas) filter (where familia = 'vence' and periodo between %s and %s), 0),
       coalesce(sum(case familia when 'vence' then abiertas else -abiertas end)
                filter (where familia in ('vence', 'atendida') and periodo < %s), 0),
       coalesce(sum(en_cola) filter (where familia = 'recibo' and periodo < %s), 0),
       coalesce(sum(atendidas) filter (where familia = 'mes' and periodo >= %s), 0),
       coalesce(sum(a_tiempo) filter (where familia = 'mes' and periodo >= %s), 0)
from (
    select familia, periodo, abiertas, en_cola, esperando, atendidas, a_tiempo, dependencia_id
    from tableros_resumen where familia in ('vence', 'atendida', 'recibo', 'mes') and sector_id = 0
    union all
    select familia, periodo, abiertas, en_cola, esperando, atendidas, a_tiempo, dependencia_id
    from tableros_delta where familia in ('vence', 'atendida', 'recibo', 'mes')
) celdas
where dependencia_id = any(%s)
"""


def de_la_jefatura(dependencias: Sequence[int], dias: Dias) -> DeLaJefatura:
    """What `solicitudes.services.abiertas` asks for the panel of a head, reserved ones too."""
    with transaction.atomic(), como_sistema("contar lo de una jefatura"), connection.cursor() as cursor:
        cursor.cursor.plan_unico = True  # always the cells of the same days
        limites = [dias.hoy, dias.por_vencer_hasta, dias.hoy, dias.hace_mucho, dias.anio, dias.anio]
        cursor.execute(_DE_JEFATURA, [*limites, list(dependencias)])
        return DeLaJefatura._make(cursor.fetchone())


_DE_ENCUESTA = ("encuestas", "respondidas", "oportunidad", "pertinencia", "calidad", "resolvio", "aplicara")


def encuestas_por_entidad(cuales: Cuales) -> list[DeEntidad]:
    """What `encuestas.llevadas` asks: of all time, the summary keeps the sum over all months."""
    condiciones = {
        "dependencia_id = any(%s)": None if cuales.dependencias is None else list(cuales.dependencias),
        "(not reservada or dependencia_id = any(%s))": None if cuales.reservadas is None else list(cuales.reservadas),
        "sector_id = %s": cuales.sector,
        "clave = %s": cuales.entidad,
        "periodo >= %s": cuales.desde,
        "periodo <= %s": cuales.hasta,
    }
    pedidas = {condicion: valor for condicion, valor in condiciones.items() if valor is not None}
    cuando = "entidad" if cuales.desde or cuales.hasta else "siempre"
    columnas = ", ".join(("clave", *_DE_ENCUESTA))
    donde = "".join(f" and {condicion}" for condicion in pedidas)
    sentencia = f"""SELECT clave, {", ".join(f"sum({m})" for m in _DE_ENCUESTA)}
        from (
            select {columnas} from tableros_resumen where familia = '{cuando}'{donde}
            union all
            select {columnas} from tableros_delta where familia = 'entidad'{donde}
        ) celdas
        group by clave having sum(encuestas) > 0"""  # noqa: S608 names of our own columns
    with transaction.atomic(), como_sistema("sumar las encuestas de cada entidad"), connection.cursor() as cursor:
        cursor.execute(sentencia, [*pedidas.values(), *pedidas.values()])
        return [DeEntidad._make(fila) for fila in cursor.fetchall()]
