"""A query that the ORM builds once per process and shape: afterwards only its values change.

    sesiones = Compilada(lambda clave: Sesion.objects.filter(session_key=clave), clave=str)
    sesiones(clave="…")

    cola = Compilada(
        lambda quien, ids, vista: TABS[vista](Parte.objects.visibles_para(quien).filter(dependencia__in=ids)),
        quien=Alcance, ids=tuple, vista=Forma,
    )

What every page asks costs more to write than to answer. What may differ between two calls is declared, by its kind:

- `int`, `str`, `date`, `datetime`: a value of the query. None is a shape of its own.
- `Texto`: a text that travels when it is planned. Not where a partial index is found by what it says.
- `tuple`: ids; as many places as it has.
- `Alcance`: who asks. Its role, level, what it lacks and how many dependencias it has are the shape; its numbers are
  values. So `visibles_para` is written inside, once per shape, and may read nothing else of it.
- `Forma`: decides how the query is written (which tab, which order) and nothing of it is a value.
- `QuerySet`: goes in `pk__in`, and each time it may be another one of the same model.

Nothing else may come from outside: not the clock, not a global. In the tests every call is compared with what the ORM
writes for the same values (`COMPROBAR_COMPILADAS`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import BaseExpression
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators

from alcance.contexto import Alcance, exigir
from alcance.modelos import ModeloInquilino
from alcance.postgres.preparadas import Texto

# Shapes remembered of one query: beyond them somebody declared as shape what is a value.
MAS_FORMAS = 500


class Forma:
    """Kind of what only decides how the query is written: any hashable."""


# A value that nobody has, by its kind, to find afterwards where it was put.
_HUECOS: dict[type, Callable[[int], Any]] = {
    int: lambda k: 9_200_000_000_000_000_000 + k,
    str: lambda k: f"\x01hueco {k}\x01",
    Texto: lambda k: f"\x01texto {k}\x01",
    date: lambda k: date(9000, 1, 1 + k),
    datetime: lambda k: datetime(9000, 1, 1 + k, tzinfo=UTC),
}
_LISTAS = ("dependencias", "jefaturas", "solo_dependencias", "solo_temas")


def agregada(consulta: QuerySet[Any], **expresiones: BaseExpression) -> QuerySet[Any]:
    """What `aggregate` asks, as a query that can be compiled: one tuple with the values in the order given."""
    query = consulta.query
    if query.is_sliced or query.distinct or query.combinator or query.annotations or query.group_by:
        raise ValueError("Solo se agregan las filas de una consulta sin más.")
    consulta = consulta.order_by()
    query = consulta.query
    hechas = {
        alias: una.resolve_expression(query, allow_joins=True, reuse=None, summarize=True)
        for alias, una in expresiones.items()
    }
    query.select, query.default_cols, query.select_related = (), False, False
    query.annotations = hechas  # type: ignore[assignment]  # resolved, as `aggregate` leaves them
    query.set_annotation_mask(hechas)
    query.siempre_responde = True  # type: ignore[attr-defined]  # also where no row can match
    consulta._iterable_class = ValuesListIterable
    return consulta


@dataclass(frozen=True, slots=True)
class _Armada:
    base: str
    trozos: tuple[str, ...]  # the SQL, cut where a subquery goes
    cortes: tuple[tuple[int, str], ...]  # (place among the parameters, name) of each cut
    fijos: tuple[Any, ...]
    huecos: tuple[tuple[int, Any], ...]  # (place among the parameters, place among the values or a list of them)
    convertir: tuple[tuple[int, Any, Any], ...]
    modelo: Any
    campos: list[str]
    tramo: slice
    relacionados: list[Any]
    anotaciones: tuple[tuple[str, int], ...]


class Compilada:
    """Rows of `hacer(**valores)`: instances of its model, or tuples when it asks for values."""

    plan_unico = suelta = False

    def __init__(self, hacer: Callable[..., QuerySet[Any]], **tipos: type) -> None:
        self.hacer, self.tipos = hacer, tipos
        self._armadas: dict[tuple[Any, ...], _Armada | None] = {}

    def __call__(self, **valores: Any) -> list[Any]:
        puestos: list[Any] = []
        forma = tuple([_MEDIDAS[tipo](valores[nombre], puestos) for nombre, tipo in self.tipos.items()])
        try:
            armada = self._armadas[forma]
        except KeyError:
            armada = self._armar(forma, valores)
        if armada is None:  # no row can match
            return []
        if issubclass(armada.modelo, ModeloInquilino):
            exigir()
        parametros = list(armada.fijos)
        for lugar, cual in armada.huecos:
            parametros[lugar] = puestos[cual] if type(cual) is int else [puestos[k] for k in cual]
        sql, corridos = armada.trozos[0], 0
        try:
            for (lugar, nombre), trozo in zip(armada.cortes, armada.trozos[1:], strict=True):
                dentro, suyos = valores[nombre].values("pk").query.sql_with_params()
                sql = f"{sql}{dentro}{trozo}"
                parametros[lugar + corridos : lugar + corridos + 1] = suyos
                corridos += len(suyos) - 1
        except EmptyResultSet:
            return []
        if settings.COMPROBAR_COMPILADAS and not armada.cortes:
            self._comprobar(sql, parametros, valores)
        conexion = connections[armada.base]
        with conexion.cursor() as cursor:
            cursor.cursor.plan_unico, cursor.cursor.suelta = self.plan_unico, self.suelta
            cursor.execute(sql, parametros)
            filas = cursor.fetchall()
        if armada.convertir:
            filas = [_convertida(fila, armada.convertir, conexion) for fila in filas]
        return list(_objetos(filas, armada)) if armada.campos else filas

    def con_un_plan(self) -> Self:
        """One plan serves all its values: the database is not to plan it for each. To be measured at a million rows,
        with who has much and who has little."""
        self.plan_unico = True
        return self

    def sin_transaccion(self) -> Self:
        """When it comes first in a transaction it does not begin it: a request that asks nothing else neither begins
        nor ends one. For what only reads, and locks nothing that what follows relies on."""
        self.suelta = True
        return self

    def _comprobar(self, sql: str, parametros: list[Any], valores: dict[str, Any]) -> None:
        consulta = self.hacer(**valores)
        de_verdad, suyos = _compilador(consulta).as_sql()
        if (sql, parametros) != (de_verdad, list(suyos)):
            raise AssertionError(
                f"La consulta no depende solo de lo que declara:\n{sql} {parametros}\n{de_verdad} {suyos}"
            )

    def _armar(self, forma: tuple[Any, ...], valores: dict[str, Any]) -> _Armada | None:
        if len(self._armadas) >= MAS_FORMAS:
            self._armadas.clear()
        cuenta, huecos, marcas = iter(range(10**6)), {}, {}  # type: ignore[var-annotated]
        for nombre, tipo in self.tipos.items():
            huecos[nombre] = _hueco(tipo, valores[nombre], partial(next, cuenta), marcas, nombre)
        consulta = self.hacer(**huecos)
        compilador = _compilador(consulta)
        try:
            sql, parametros = compilador.as_sql()
        except EmptyResultSet:
            armada = None
        else:
            armada = self._con_huecos(consulta, compilador, sql, parametros, marcas)
        self._armadas[forma] = armada
        return armada

    def _con_huecos(
        self, consulta: QuerySet[Any], compilador: Any, sql: str, parametros: Any, marcas: dict[Any, Any]
    ) -> _Armada:
        if sql.count("%s") != len(parametros):
            raise ValueError("La consulta escribe un texto que parece el lugar de un valor.")
        hallados = [(k, cual) for k, valor in enumerate(parametros) if (cual := _hallado(valor, marcas)) is not None]
        usados = {uno for _, cual in hallados for uno in (cual if isinstance(cual, list) else [cual])}
        if not {cual for cual, obligado in marcas.values() if obligado} <= usados:
            raise ValueError("La consulta no usa todos los valores que declara.")
        cortes = tuple((k, cual) for k, cual in hallados if isinstance(cual, str))
        columnas = [columna[0] for columna in compilador.select[: compilador.col_count]]
        conversiones = compilador.get_converters(columnas)
        clases = compilador.klass_info if issubclass(consulta._iterable_class, ModelIterable) else None
        propias = clases["select_fields"] if clases else []
        tramo = slice(propias[0], propias[-1] + 1) if propias else slice(0)
        return _Armada(
            base=consulta.db,
            trozos=_cortado(sql, [k for k, _ in cortes]),
            cortes=cortes,
            fijos=tuple(parametros),
            huecos=tuple((k, cual) for k, cual in hallados if not isinstance(cual, str)),
            convertir=tuple((puesto, hechas, columna) for puesto, (hechas, columna) in conversiones.items()),
            modelo=consulta.model,
            campos=[columna[0].target.attname for columna in compilador.select[tramo]],
            tramo=tramo,
            relacionados=_relacionados(clases, compilador.select, consulta.db) if clases else [],
            anotaciones=tuple((compilador.annotation_col_map or {}).items()) if clases else (),
        )


# --- Shapes --------------------------------------------------------------------------------------------------------
# Each says the shape of a value and leaves its numbers, in order, among those of the call.
def _medir_uno(valor: Any, puestos: list[Any]) -> bool:
    puestos.append(valor)
    return valor is None


def _medir_texto(valor: str | None, puestos: list[Any]) -> bool:
    puestos.append(valor if valor is None else Texto(valor))
    return valor is None


def _medir_ids(valor: tuple[int, ...], puestos: list[Any]) -> int:
    puestos.extend(valor)
    return len(valor)


def _medir_alcance(valor: Alcance, puestos: list[Any]) -> tuple[Any, ...]:
    puestos += (valor.persona_id, valor.membresia_id, valor.entidad_id, valor.token)
    listas = (valor.dependencias, valor.jefaturas, valor.solo_dependencias, valor.solo_temas)
    for lista in listas:
        puestos.extend(lista)
    return (
        valor.rol,
        valor.nivel,
        valor.persona_id is None,
        valor.membresia_id is None,
        valor.entidad_id is None,
        not valor.token,
        *map(len, listas),
    )


_MEDIDAS: dict[type, Callable[[Any, list[Any]], Any]] = {
    **dict.fromkeys(_HUECOS, _medir_uno),
    Texto: _medir_texto,
    tuple: _medir_ids,
    Alcance: _medir_alcance,
    Forma: lambda valor, puestos: valor,
    QuerySet: lambda valor, puestos: None,
}


def _hueco(tipo: type, valor: Any, siguiente: Callable[[], int], marcas: dict[Any, Any], nombre: str) -> Any:
    """What is put in the place of a value of that shape; `marcas` remembers which is which and whether it must be
    used: (kind, mark) → (place among the values or name of the subquery, obligatory)."""

    def marcar(clase: type, uno: Any, *, obligado: bool) -> Any:
        k = siguiente()  # also the place of what has no mark
        if uno is None or (clase is str and uno == "" and not obligado):
            return uno
        marca = _HUECOS[clase](k)
        marcas[type(marca), marca] = (k, obligado)
        return marca

    if tipo is Forma:
        return valor
    if tipo is QuerySet:
        marca = 9_100_000_000_000_000_000 + len(marcas)
        marcas[int, marca] = (nombre, True)
        return [marca]
    if tipo is tuple:
        return tuple(marcar(int, uno, obligado=False) for uno in valor)
    if tipo is Alcance:
        sueltos = {
            campo: marcar(str if campo == "token" else int, getattr(valor, campo), obligado=False)
            for campo in ("persona_id", "membresia_id", "entidad_id", "token")
        }
        listas = {campo: tuple(marcar(int, uno, obligado=False) for uno in getattr(valor, campo)) for campo in _LISTAS}
        return replace(valor, **sueltos, **listas, motivo="")
    return marcar(tipo, valor, obligado=True)


def _hallado(valor: Any, marcas: dict[Any, Any]) -> Any:
    """The place of the value that a parameter stands for (a list of them when it is a list), or None."""
    if isinstance(valor, (list, tuple)):
        dentro = [_hallado(uno, marcas) for uno in valor]
        if None in dentro and any(uno is not None for uno in dentro):
            raise ValueError("Una lista de la consulta mezcla valores declarados y fijos.")
        return dentro if dentro and None not in dentro else None
    try:
        cual, _ = marcas[type(valor), valor]
    except (KeyError, TypeError):  # a fixed one, or one that cannot be a key
        return None
    return cual


def _compilador(consulta: QuerySet[Any]) -> Any:
    """An aggregate answers also where no row can match."""
    elide = not getattr(consulta.query, "siempre_responde", False)
    return consulta.query.get_compiler(using=consulta.db, elide_empty=elide)


def _cortado(sql: str, puestos: list[int]) -> tuple[str, ...]:
    """The SQL without the place marks that come in those places, cut there."""
    partes, trozos = sql.split("%s"), [""]
    for k, parte in enumerate(partes):
        trozos[-1] += parte
        if k in puestos:
            trozos.append("")
        elif k < len(partes) - 1:
            trozos[-1] += "%s"
    return tuple(trozos)


def _relacionados(clases: Any, columnas: Any, base: str) -> list[Any]:
    return list(get_related_populators(clases, columnas, base))  # type: ignore[call-arg]  # the stubs are of a later one


def _convertida(fila: tuple[Any, ...], convertir: Any, conexion: Any) -> tuple[Any, ...]:
    valores = list(fila)
    for puesto, hechas, columna in convertir:
        for conversion in hechas:
            valores[puesto] = conversion(valores[puesto], columna, conexion)
    return tuple(valores)


def _objetos(filas: list[tuple[Any, ...]], armada: _Armada) -> Iterator[Any]:
    for fila in filas:
        objeto = armada.modelo.from_db(armada.base, armada.campos, fila[armada.tramo])
        for relacionado in armada.relacionados:
            relacionado.populate(fila, objeto)
        for nombre, puesto in armada.anotaciones:
            setattr(objeto, nombre, fila[puesto])
        yield objeto
