"""One statement reads all that the board shows: the summary and the changes not folded yet, in one snapshot."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from tableros.models import MEDIDAS

Sumas = Mapping[str, int]
# What the statement gave, as it came: block, date or null, key or null, name, numbers. It can be the key of a memory.
Crudas = tuple[tuple[str, date | None, int | None, str, tuple[int, ...]], ...]
_DEL_MES = ("recibidas", "atendidas", "a_tiempo", "trasladadas", "duplicadas", "no_competencia", "retiradas",
            "inicios", "adelantadas", "con_motivo", "encuestas", "respondidas", "oportunidad", "pertinencia",
            "calidad")  # fmt: skip
_ABIERTAS = ("abiertas", "en_cola", "esperando")
_DE_GRUPO = ("recibidas", "atendidas", "a_tiempo")
_DE_ENTIDAD = (*_DE_GRUPO, "encuestas", "respondidas")


def _celdas(*familias: str, cuando: str = "", en_resumen: str = "") -> str:
    """Cells one may see of these families; RLS says the same (0002): this is the second net.

    The summary keeps the sum over all sectors as sector 0 (but of entidades); the changes are of each sector.
    """
    nombres = ", ".join(f"'{familia}'" for familia in familias)
    donde = f"""{f"{cuando} and" if cuando else ""}
        (%(dependencias)s::bigint[] is null or dependencia_id = any(%(dependencias)s::bigint[]))
        and (%(reservadas)s or not reservada)"""
    de_un_sector = "(%(sector)s::bigint is null or sector_id = %(sector)s)"
    del_resumen = de_un_sector if "entidad" in familias else "sector_id = coalesce(%(sector)s, 0)"
    guardadas = f"'{en_resumen}'" if en_resumen else nombres
    columnas = ", ".join(("familia", "periodo", "dependencia_id", "clave", *MEDIDAS))
    return (
        f"(select {columnas} from tableros_resumen"  # noqa: S608 names of our own columns
        f" where familia in ({guardadas}) and {del_resumen} and {donde} union all select {columnas}"
        f" from tableros_delta where familia in ({nombres}) and {de_un_sector} and {donde}) c"
    )


def _sumas(medidas: tuple[str, ...]) -> str:
    cada = (f"coalesce(sum({m}), 0)" for m in medidas)
    return f"array[{', '.join(cada)}]::bigint[]"


_EN_EL_PERIODO = "periodo between %(primero)s and %(ultimo)s"
# Shape of each row: block, date or null, key or null, name, sums (as BLOQUES says).
BLOQUES = {
    "mes": _DEL_MES,
    "lugar": ("abiertas", "en_cola", "esperando", "vencidas", "por_vencer"),
    "recibo": _ABIERTAS,
    "asesor": _ABIERTAS,
    "tema": _DE_GRUPO,
    "modalidad": _DE_GRUPO,
    "entidad": (*_DE_ENTIDAD, "alguna_vez"),
}
_SQL = f"""SELECT 'mes', periodo, dependencia_id, '', {_sumas(_DEL_MES)}
from {_celdas("mes", cuando="periodo between %(antes)s and %(ultimo)s")} group by periodo, dependencia_id
union all
select 'lugar', null, dependencia_id, '',
       {_sumas(_ABIERTAS)} || array[coalesce(sum(abiertas) filter (where periodo < %(hoy)s), 0),
       coalesce(sum(abiertas) filter (where periodo between %(hoy)s and %(semana)s), 0)]::bigint[]
from {_celdas("vence")} group by dependencia_id
union all
select 'recibo', periodo, null, '', {_sumas(_ABIERTAS)} from {_celdas("recibo")} group by periodo
union all
select 'asesor', null, g.clave, coalesce(p.nombre, ''), g.sumas
from (select clave, {_sumas(_ABIERTAS)} as sumas from {_celdas("asesor")} group by clave) g
left join direcciones_persona p on p.id = g.clave
union all
select g.familia, null, g.clave, coalesce(t.nombre, m.nombre, ''), g.sumas
from (select familia, clave, {_sumas(_DE_GRUPO)} as sumas
      from {_celdas("tema", "modalidad", cuando=_EN_EL_PERIODO)} group by familia, clave) g
left join direcciones_tema t on g.familia = 'tema' and t.id = g.clave
left join direcciones_modalidad m on g.familia = 'modalidad' and m.id = g.clave
union all
select 'entidad', e.hasta, e.id, e.nombre,
       coalesce(g.sumas, array[0, 0, 0, 0, 0]::bigint[]) || coalesce(s.atendidas, 0)
from direcciones_entidad e
left join (select clave, {_sumas(_DE_ENTIDAD)} as sumas
           from {_celdas("entidad", cuando=_EN_EL_PERIODO)} group by clave) g on g.clave = e.id
left join (select clave, sum(atendidas) as atendidas
           from {_celdas("entidad", en_resumen="siempre")} group by clave) s on s.clave = e.id
where %(sector)s::bigint is null or e.sector_id = %(sector)s
"""  # noqa: S608 names of our own columns
# By place: the connection keeps it planned (alcance/postgres/preparadas.py).
_VALORES, _POR_LUGAR = re.findall(r"%\((\w+)\)s", _SQL), re.sub(r"%\(\w+\)s", "%s", _SQL)


@dataclass(frozen=True, slots=True)
class Fila:
    """One group: an asesor, a tema, an entidad… `hasta` is the last day of an entidad that ended."""

    clave: int
    nombre: str
    sumas: Sumas
    hasta: date | None = None


@dataclass(slots=True)
class Lectura:
    """Everything the board needs, added up. Keys that are missing count zero."""

    meses: dict[tuple[date, int], Sumas] = field(default_factory=dict)  # (month, dependencia) → sums
    lugares: dict[int, Sumas] = field(default_factory=dict)  # dependencia → the open ones now
    recibo: dict[date, Sumas] = field(default_factory=dict)  # day of reception → the open ones now
    grupos: dict[str, list[Fila]] = field(default_factory=lambda: defaultdict(list))


def consultar(
    *,
    antes: date,
    primero: date,
    ultimo: date,
    hoy: date,
    semana: date,
    dependencias: tuple[int, ...] | None,
    sector: int | None,
    reservadas: bool,
) -> Crudas:
    """From `antes` (the previous period begins) to `ultimo`; `dependencias` None means all that one may see."""
    valores = {
        "antes": antes,
        "primero": primero,
        "ultimo": ultimo,
        "hoy": hoy,
        "semana": semana,
        "dependencias": None if dependencias is None else list(dependencias),
        "sector": sector,
        "reservadas": reservadas,
    }
    with connection.cursor() as cursor:
        cursor.execute(_POR_LUGAR, [valores[nombre] for nombre in _VALORES])
        return tuple((*resto, tuple(numeros)) for *resto, numeros in cursor.fetchall())


def entender(crudas: Crudas) -> Lectura:
    lectura = Lectura()
    for bloque, dia, clave, nombre, numeros in crudas:
        _anotar(lectura, bloque, dia, clave, nombre, dict(zip(BLOQUES[bloque], numeros, strict=True)))
    return lectura


def _anotar(lectura: Lectura, bloque: str, dia: Any, clave: Any, nombre: str, sumas: Sumas) -> None:
    if bloque == "mes":
        lectura.meses[dia, clave] = sumas
    elif bloque == "lugar":
        lectura.lugares[clave] = sumas
    elif bloque == "recibo":
        lectura.recibo[dia] = sumas
    else:
        lectura.grupos[bloque].append(Fila(clave, nombre, sumas, dia))


def sumar(filas: Any) -> dict[str, int]:
    """The sum of several groups of measures."""
    total: dict[str, int] = defaultdict(int)
    for sumas in filas:
        for medida, cuanto in sumas.items():
            total[medida] += cuanto
    return total
