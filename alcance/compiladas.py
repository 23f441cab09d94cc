"""A query that the ORM builds once per process: afterwards only its values change.

    sesiones = Compilada(lambda clave: Sesion.objects.filter(session_key=clave), clave=str)
    sesiones(clave="…")

A value of type `QuerySet` goes in `pk__in`, and each time it may be another one of the same model: who sees what is
written there, anew for each request.

What every page asks costs more to write than to answer. Its shape may depend on nothing but the values declared here:
never build inside one what depends on who asks (`visibles_para`), which row-level security still decides.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators

from alcance.contexto import exigir
from alcance.modelos import ModeloInquilino

# A value that nobody has, by its kind, to find afterwards where it was put.
_HUECOS: dict[type, Callable[[int], Any]] = {
    int: lambda k: 9_200_000_000_000_000_000 + k,
    str: lambda k: f"\x01hueco {k}\x01",
    date: lambda k: date(9000, 1, 1 + k),
    datetime: lambda k: datetime(9000, 1, 1 + k, tzinfo=UTC),
    QuerySet: lambda k: [9_200_000_000_000_000_000 + k],
}


@dataclass(frozen=True, slots=True)
class _Armada:
    base: str
    trozos: tuple[str, ...]  # the SQL, cut where a subquery goes
    cortes: tuple[tuple[int, str], ...]  # (place among the parameters, name) of each cut
    fijos: tuple[Any, ...]
    huecos: tuple[tuple[int, str], ...]  # (place among the parameters, name)
    convertir: tuple[tuple[int, Any, Any], ...]
    modelo: Any
    campos: list[str]
    tramo: slice
    relacionados: list[Any]
    anotaciones: tuple[tuple[str, int], ...]


class Compilada:
    """Rows of `hacer(**valores)`: instances of its model, or tuples when it asks for values."""

    def __init__(self, hacer: Callable[..., QuerySet[Any]], **tipos: type) -> None:
        self.hacer, self.tipos = hacer, tipos
        self._armada: _Armada | None = None

    def __call__(self, **valores: Any) -> list[Any]:
        armada = self._armada
        if armada is None:
            armada = self._armada = self._armar()
        if issubclass(armada.modelo, ModeloInquilino):
            exigir()
        parametros = list(armada.fijos)
        for puesto, nombre in armada.huecos:
            parametros[puesto] = valores[nombre]
        sql, corridos = armada.trozos[0], 0
        try:
            for (puesto, nombre), trozo in zip(armada.cortes, armada.trozos[1:], strict=True):
                dentro, suyos = valores[nombre].values("pk").query.sql_with_params()
                sql = f"{sql}{dentro}{trozo}"
                parametros[puesto + corridos : puesto + corridos + 1] = suyos
                corridos += len(suyos) - 1
        except EmptyResultSet:
            return []
        conexion = connections[armada.base]
        with conexion.cursor() as cursor:
            cursor.execute(sql, parametros)
            filas = cursor.fetchall()
        if armada.convertir:
            filas = [_convertida(fila, armada.convertir, conexion) for fila in filas]
        return list(_objetos(filas, armada)) if armada.campos else filas

    def _armar(self) -> _Armada:
        huecos = {nombre: _HUECOS[tipo](k) for k, (nombre, tipo) in enumerate(self.tipos.items())}
        consulta = self.hacer(**huecos)
        compilador = consulta.query.get_compiler(using=consulta.db)
        sql, parametros = compilador.as_sql()
        marcas = {nombre: hueco[0] if isinstance(hueco, list) else hueco for nombre, hueco in huecos.items()}
        puestos = tuple(
            (k, nombre)
            for k, valor in enumerate(parametros)
            for nombre, marca in marcas.items()
            if type(valor) is type(marca) and valor == marca
        )
        if {nombre for _, nombre in puestos} != set(huecos):
            raise ValueError("La consulta no usa todos los valores que declara.")
        if sql.count("%s") != len(parametros):
            raise ValueError("La consulta escribe un texto que parece el lugar de un valor.")
        cortes = tuple((k, nombre) for k, nombre in puestos if self.tipos[nombre] is QuerySet)
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
            huecos=tuple(uno for uno in puestos if uno not in cortes),
            convertir=tuple((puesto, hechas, columna) for puesto, (hechas, columna) in conversiones.items()),
            modelo=consulta.model,
            campos=[columna[0].target.attname for columna in compilador.select[tramo]],
            tramo=tramo,
            relacionados=_relacionados(clases, compilador.select, consulta.db) if clases else [],
            anotaciones=tuple((compilador.annotation_col_map or {}).items()) if clases else (),
        )


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
