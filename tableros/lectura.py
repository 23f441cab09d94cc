"""One statement reads all that the board shows: the summary and the changes not folded yet, in one snapshot."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.db import connection

from tableros.models import MEDIDAS

Sumas = Mapping[str, int]
# What the statement gave, as it came: block, date or null, key or null, name, numbers («{1,2}»: who remembers what was
# made of them does not read them again). It can be the key of a memory.
Crudas = tuple[tuple[str, date | None, int | None, str, str], ...]
_DEL_MES = ("recibidas", "atendidas", "a_tiempo", "trasladadas", "duplicadas", "no_competencia", "retiradas",
            "inicios", "adelantadas", "con_motivo", "encuestas", "respondidas", "oportunidad", "pertinencia",
            "calidad")  # fmt: skip
_ABIERTAS = ("abiertas", "en_cola", "esperando")
_DE_GRUPO = ("recibidas", "atendidas", "a_tiempo")
_DE_ENTIDAD = (*_DE_GRUPO, "encuestas", "respondidas")


@dataclass(frozen=True, slots=True)
class _Escrita:
    """How the statement is written: which conditions it has. A plan made once for all values must not carry the
    ones that are not asked."""

    dependencias: bool
    sector: bool
    reservadas: bool

    def alcanza(self) -> str:
        """What one may see; RLS says the same (0002): this is the second net."""
        de_ellas = " and dependencia_id = any(%(dependencias)s::bigint[])" if self.dependencias else ""
        return de_ellas + ("" if self.reservadas else " and not reservada")

    def del_sector(self) -> str:
        return " and sector_id = %(sector)s" if self.sector else ""

    def cambios(self) -> str:
        """The changes not folded yet, read and added up once for every block: there may be thousands."""
        columnas = ", ".join(("familia, periodo, dependencia_id, clave", *(f"sum({m})::int as {m}" for m in MEDIDAS)))
        return (
            f"select {columnas} from tableros_delta where true{self.del_sector()}{self.alcanza()}"  # noqa: S608
            " group by familia, periodo, dependencia_id, clave"
        )

    def celdas(self, *familias: str, cuando: str = "", en_resumen: str = "") -> str:
        """Cells of these families. The summary keeps the sum over all sectors as sector 0 (but of entidades)."""
        nombres = ", ".join(f"'{familia}'" for familia in familias)
        cuando = f" and {cuando}" if cuando else ""
        del_resumen = self.del_sector() if self.sector or "entidad" in familias else " and sector_id = 0"
        guardadas = f"'{en_resumen}'" if en_resumen else nombres
        columnas = ", ".join(("familia", "periodo", "dependencia_id", "clave", *MEDIDAS))
        return (
            f"(select {columnas} from tableros_resumen"  # noqa: S608 names of our own columns
            f" where familia in ({guardadas}){del_resumen}{self.alcanza()}{cuando}"
            f" union all select {columnas} from cambios where familia in ({nombres}){cuando}) c"
        )


def _sumas(medidas: tuple[str, ...], familia: str = "") -> str:
    de_ella = f" filter (where familia = '{familia}')" if familia else ""
    cada = (f"coalesce(sum({m}){de_ella}, 0)" for m in medidas)
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


@cache
def _sentencia(escrita: _Escrita) -> tuple[str, list[str]]:
    """The statement and the names of its values, by place: the connection keeps it planned (alcance/postgres)."""
    celdas = escrita.celdas
    texto = f"""SELECT bloque, dia, clave, nombre, numeros::text
from (with cambios as materialized ({escrita.cambios()})
select 'mes', periodo, dependencia_id, '', {_sumas(_DEL_MES)}
from {celdas("mes", cuando="periodo between %(antes)s and %(ultimo)s")} group by periodo, dependencia_id
union all
select 'lugar', null, dependencia_id, '',
       {_sumas(_ABIERTAS, "vence")} || array[
       coalesce(sum(case familia when 'vence' then abiertas else -abiertas end) filter (where periodo < %(hoy)s), 0),
       coalesce(sum(abiertas) filter (where familia = 'vence' and periodo between %(hoy)s and %(semana)s), 0)
       ]::bigint[]
from {celdas("vence", "atendida")} group by dependencia_id
union all
select 'recibo', periodo, null, '', {_sumas(_ABIERTAS)} from {celdas("recibo")} group by periodo
union all
select 'asesor', null, g.clave, coalesce(p.nombre, ''), g.sumas
from (select clave, {_sumas(_ABIERTAS)} as sumas from {celdas("asesor")} group by clave) g
left join direcciones_persona p on p.id = g.clave
union all
select g.familia, null, g.clave, coalesce(t.nombre, m.nombre, ''), g.sumas
from (select familia, clave, {_sumas(_DE_GRUPO)} as sumas
      from {celdas("tema", "modalidad", cuando=_EN_EL_PERIODO)} group by familia, clave) g
left join direcciones_tema t on g.familia = 'tema' and t.id = g.clave
left join direcciones_modalidad m on g.familia = 'modalidad' and m.id = g.clave
union all
select 'entidad', e.hasta, e.id, e.nombre,
       coalesce(g.sumas, array[0, 0, 0, 0, 0]::bigint[]) || coalesce(s.atendidas, 0)
from direcciones_entidad e
left join (select clave, {_sumas(_DE_ENTIDAD)} as sumas
           from {celdas("entidad", cuando=_EN_EL_PERIODO)} group by clave) g on g.clave = e.id
left join (select clave, sum(atendidas) as atendidas
           from {celdas("entidad", en_resumen="siempre")} group by clave) s on s.clave = e.id
where true{" and e.sector_id = %(sector)s" if escrita.sector else ""}) tablero (bloque, dia, clave, nombre, numeros)
"""  # noqa: S608 names of our own columns
    return re.sub(r"%\(\w+\)s", "%s", texto), re.findall(r"%\((\w+)\)s", texto)


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
    }
    sentencia, nombres = _sentencia(_Escrita(dependencias is not None, sector is not None, reservadas))
    with connection.cursor() as cursor:
        cursor.cursor.plan_unico = True  # always cells of a few days or months, by their index
        cursor.execute(sentencia, [valores[nombre] for nombre in nombres])
        return tuple(cursor.fetchall())


def entender(crudas: Crudas) -> Lectura:
    lectura = Lectura()
    for bloque, dia, clave, nombre, numeros in crudas:
        sumas = dict(zip(BLOQUES[bloque], map(int, numeros[1:-1].split(",")), strict=True))
        _anotar(lectura, bloque, dia, clave, nombre, sumas)
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
