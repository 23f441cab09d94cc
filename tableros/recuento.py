"""The figures again, from the facts and the history, against the ones that were kept (`script/manage recontar`).

Everything is read in one snapshot, where facts and figures were committed together: writers need not stop, and a
correction is one more change to add up, right whatever they write meanwhile.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from alcance import como_sistema
from tableros.inicios import diferencias_de_inicios
from tableros.models import LLAVES, MEDIDAS
from tableros.services import DERIVADAS, ES_DERIVADA, TURNO

# Where each parte was after each line of its history, and which of those lines are a start (as in
# solicitudes/services/inversiones.py, which asks the same of one dependencia).
_HISTORIA = """
with nacimiento as (
    select p.id as parte_id, max(m.id) as id
    from solicitudes_parte p
    join solicitudes_movimiento m on m.solicitud_id = p.solicitud_id
     and (m.accion = 'radicar' or (m.accion = 'agregar_dependencia' and m.parte_id = p.id))
    group by p.id
),
primero as (
    select distinct on (m.parte_id) m.parte_id, (m.datos #>> '{lugar,de,0}')::bigint as dependencia
    from solicitudes_movimiento m where m.parte_id is not null and m.datos ? 'lugar' order by m.parte_id, m.id
)
select m.id, m.parte_id, m.de, m.a, (m.datos #>> '{lugar,de,0}')::bigint, (m.datos #>> '{lugar,de,1}')::bigint,
       (m.datos #>> '{lugar,a,0}')::bigint, (m.datos #>> '{lugar,a,1}')::bigint, p.recibido_en, p.solicitud_id,
       m.accion in ('tomar', 'empezar') or (m.accion = 'asignar' and m.persona_id is not null)
from solicitudes_movimiento m join solicitudes_parte p on p.id = m.parte_id where m.datos ? 'lugar'
union all
select n.id, n.parte_id, '', 'en_cola', null, null, coalesce(x.dependencia, p.dependencia_id), null, p.recibido_en,
       p.solicitud_id, false
from nacimiento n join solicitudes_parte p on p.id = n.parte_id left join primero x on x.parte_id = n.parte_id
order by 1, 2
"""
_INVERSIONES = """
select m.id, m.parte_id, (m.datos #>> '{lugar,de,0}')::bigint, p.entidad_id, p.reservada, m.en,
       exists (select 1 from solicitudes_excepcionorden x where x.parte_id = m.parte_id and x.en = m.en)
from solicitudes_movimiento m join solicitudes_parte p on p.id = m.parte_id where m.id = any(%s)
"""
_GUARDADAS = """
select movimiento_id, parte_id, dependencia_id, entidad_id, reservada, en, con_motivo from tableros_inversion
"""
_llaves = ", ".join(LLAVES)
_DIFERENCIAS = f"""
select {_llaves}, {", ".join(f"sum({m})" for m in MEDIDAS)}
from (
    select {_llaves}, {", ".join(MEDIDAS)} from tableros_hechos
    union all select {_llaves}, {", ".join(f"-{m}" for m in MEDIDAS)} from tableros_resumen where not {ES_DERIVADA}
    union all select {_llaves}, {", ".join(f"-{m}" for m in MEDIDAS)} from tableros_delta
) todo
group by {_llaves} having {" or ".join(f"sum({m}) <> 0" for m in MEDIDAS)}
"""  # noqa: S608 names of our own columns
# The sums that the summary keeps of itself.
_PROPIAS = f"select {_llaves}, {', '.join(MEDIDAS)} from tableros_resumen where not {ES_DERIVADA}"  # noqa: S608
_DERIVADAS = f"""
select {_llaves}, {", ".join(f"sum({m})" for m in MEDIDAS)}
from (
    {DERIVADAS.format(origen=f"({_PROPIAS}) propias")}
    union all select {_llaves}, {", ".join(f"-{m}" for m in MEDIDAS)} from tableros_resumen where {ES_DERIVADA}
) todo
group by {_llaves} having {" or ".join(f"sum({m}) <> 0" for m in MEDIDAS)}
"""  # noqa: S608
_QUITAR_DERIVADAS = f"delete from tableros_resumen where {ES_DERIVADA}"  # noqa: S608
_PONER_DERIVADAS = f"""
insert into tableros_resumen ({_llaves}, {", ".join(MEDIDAS)})
select {_llaves}, {", ".join(f"sum({m})" for m in MEDIDAS)}
from ({DERIVADAS.format(origen=f"({_PROPIAS}) propias")}) d group by {_llaves}
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Diferencia:
    """`faltan` is what the kept figure lacks (negative: what it has too many) of one measure in one cell."""

    medida: str
    faltan: int
    familia: str
    periodo: date | None = None
    dependencia: int | None = None
    sector: int | None = None
    reservada: bool | None = None
    clave: int | None = None

    def como_json(self) -> dict[str, Any]:
        return {**asdict(self), "periodo": self.periodo.isoformat() if self.periodo else None}


def recontar(*, aplicar: bool = False) -> list[Diferencia]:
    """Every difference between what was kept and what the facts say; with `aplicar`, mended too."""
    with _una_foto(), transaction.atomic(), como_sistema("recontar las cifras del tablero"):
        with connection.cursor() as cursor:
            cursor.execute("set local statement_timeout = 0")
            cursor.execute("set local idle_in_transaction_session_timeout = 0")
            cursor.execute("set local work_mem = '128MB'")
        inversiones = _diferencias_de_inversiones(aplicar)
        inicios = [
            Diferencia("inicios", faltan, "historia", dependencia=dependencia)
            for dependencia, faltan in diferencias_de_inicios(aplicar=aplicar)
        ]
        return inversiones + inicios + _diferencias_de_sumas(aplicar) + _diferencias_de_celdas(aplicar)


@contextmanager
def _una_foto() -> Iterator[None]:
    """Every statement of the next transaction sees the same instant. Inside one that already runs (a test), each
    sees its own: nobody else writes there."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("set default_transaction_isolation = 'repeatable read'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("reset default_transaction_isolation")


def inversiones_de_la_historia() -> list[int]:
    """Lines of the history where somebody started one while an older one waited in the same tray."""
    # Each tray is a heap by order of arrival; what left it is thrown away when it comes to the top.
    bandejas: dict[tuple[str, int], list[tuple[Any, int, int]]] = defaultdict(list)
    lugares: dict[int, tuple[str, int] | None] = {}
    halladas = []
    for linea, parte, de, a, de_dep, de_asesor, a_dep, a_asesor, recibido, solicitud, inicio in _historia():
        propia = (recibido, solicitud, parte)
        if inicio and de in {"en_cola", "asignada"}:
            bandeja = (de, de_dep if de == "en_cola" else de_asesor)
            primera = _la_primera(bandejas[bandeja], lugares, bandeja, excepto=parte)
            if primera is not None and primera[:2] < propia[:2]:
                halladas.append(linea)
        lugar = (a, a_dep if a == "en_cola" else a_asesor) if a in {"en_cola", "asignada"} else None
        if lugar is not None and lugares.get(parte) != lugar:
            heapq.heappush(bandejas[lugar], propia)
        lugares[parte] = lugar
    return halladas


def _la_primera(
    monton: list[tuple[Any, int, int]],
    lugares: dict[int, tuple[str, int] | None],
    bandeja: tuple[str, int],
    excepto: int,
) -> tuple[Any, int, int] | None:
    """The oldest that waits there but this one."""
    apartadas, primera = [], None
    while monton:
        if lugares.get(monton[0][2]) != bandeja:
            heapq.heappop(monton)
        elif monton[0][2] == excepto:
            apartadas.append(heapq.heappop(monton))
        else:
            primera = monton[0]
            break
    for fila in apartadas[:1]:
        heapq.heappush(monton, fila)
    return primera


def _historia() -> Iterator[tuple[Any, ...]]:
    """By batches: at a million solicitudes there are millions of lines."""
    with connection.cursor() as cursor:
        cursor.execute(f"declare tableros_historia no scroll cursor for {_HISTORIA}")
        while filas := _siguientes(cursor):
            yield from filas
        cursor.execute("close tableros_historia")


def _siguientes(cursor: Any) -> list[tuple[Any, ...]]:
    cursor.execute("fetch 20000 from tableros_historia")
    return list(cursor.fetchall())


def _diferencias_de_inversiones(aplicar: bool) -> list[Diferencia]:
    with connection.cursor() as cursor:
        cursor.execute(_INVERSIONES, [inversiones_de_la_historia()])
        debidas = {fila[0]: fila for fila in cursor.fetchall()}
        cursor.execute(_GUARDADAS)
        guardadas = {fila[0]: fila for fila in cursor.fetchall()}
        sobran = [clave for clave, fila in guardadas.items() if debidas.get(clave) != fila]
        faltan = [fila for clave, fila in debidas.items() if guardadas.get(clave) != fila]
        if aplicar and (sobran or faltan):
            cursor.execute("delete from tableros_inversion where movimiento_id = any(%s)", [sobran])
            cursor.executemany(
                "insert into tableros_inversion (movimiento_id, parte_id, dependencia_id, entidad_id, reservada, en,"
                " con_motivo) values (%s, %s, %s, %s, %s, %s, %s)",
                faltan,
            )
    return [
        Diferencia("inversiones", 1 if clave in debidas else -1, "historia", clave=clave)
        for clave in sorted({*sobran, *(fila[0] for fila in faltan)})
    ]


def _diferencias_de_celdas(aplicar: bool) -> list[Diferencia]:
    columnas = ", ".join((*LLAVES, *MEDIDAS))
    with connection.cursor() as cursor:
        if aplicar:
            cursor.execute(f"insert into tableros_delta ({columnas}) {_DIFERENCIAS} returning {columnas}")
        else:
            cursor.execute(_DIFERENCIAS)
        return _leer(cursor.fetchall())


def _diferencias_de_sumas(aplicar: bool) -> list[Diferencia]:
    """Nobody writes the summary but the sweep, which waits its turn."""
    with connection.cursor() as cursor:
        cursor.execute(_DERIVADAS)
        filas = cursor.fetchall()
        if aplicar and filas:
            cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [TURNO])
            cursor.execute(_QUITAR_DERIVADAS)
            cursor.execute(_PONER_DERIVADAS)
    return _leer(filas)


def _leer(filas: list[tuple[Any, ...]]) -> list[Diferencia]:
    diferencias = []
    for fila in filas:
        familia, sector, periodo, dependencia, reservada, clave = fila[: len(LLAVES)]
        diferencias += [
            Diferencia(medida, int(faltan), familia, periodo, dependencia, sector, reservada, clave)
            for medida, faltan in zip(MEDIDAS, fila[len(LLAVES) :], strict=True)
            if faltan
        ]
    return diferencias
