"""Keyset pages: no OFFSET and no COUNT, so the page after a thousand costs what the first one does.

The cursor is the key of the row at the edge, `d:` to go on after it, `a:` to go back before it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet

from alcance.compiladas import Compilada, Forma

TAMANO = 25
Mostrar = Callable[[QuerySet[Any]], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Pagina:
    filas: list[Any] = field(default_factory=list)
    anterior: str = ""
    siguiente: str = ""

    def __iter__(self) -> Any:
        return iter(self.filas)

    def __len__(self) -> int:
        return len(self.filas)


def paginar(
    consulta: QuerySet[Any],
    orden: tuple[str, ...],
    cursor: str = "",
    tamano: int = TAMANO,
    en: Mapping[str, str] = MappingProxyType({}),
    mostrar: Mostrar | None = None,
) -> Pagina:
    """One page of `consulta` by `orden` (fields of the model, `-` for descending, unique taken together).

    A cursor nobody made answers the first page: it came from an address somebody typed. `en` says in which column of
    another table the same value is (field → path), when the rows are found by it. `mostrar` adds what a row shows
    (joins, annotations) to the rows of the page and to no other: otherwise the database makes it for the whole list
    before it sorts. It adds the same for everybody, and is written only once.
    """

    def leer(sentido: tuple[str, ...], borde: list[Any] | None) -> list[Any]:
        pagina = tramo(consulta, sentido, borde, tamano, en)
        return list(pagina) if mostrar is None else _compilada(consulta.model, mostrar, sentido)(pagina=pagina)

    return paginar_leyendo(consulta.model, orden, cursor, leer, tamano)


def paginar_leyendo(
    modelo: Any,
    orden: tuple[str, ...],
    cursor: str,
    leer: Callable[[tuple[str, ...], list[Any] | None], list[Any]],
    tamano: int = TAMANO,
) -> Pagina:
    """The same, of what `leer(order of this page, edge)` brings: the rows of `tramo`."""
    borde = _leer_cursor(modelo, orden, cursor)
    hacia_atras = borde is not None and cursor.startswith("a:")
    filas = leer(_invertido(orden) if hacia_atras else orden, borde)
    return _cortada(filas, orden, tamano, hay_borde=borde is not None, hacia_atras=hacia_atras)


def tramo(
    consulta: QuerySet[Any],
    sentido: tuple[str, ...],
    borde: list[Any] | None,
    tamano: int = TAMANO,
    en: Mapping[str, str] = MappingProxyType({}),
) -> QuerySet[Any]:
    """The rows of a page and one more, which says whether others follow."""
    return despues(consulta, sentido, borde, en)[: tamano + 1]


def despues(
    consulta: QuerySet[Any],
    sentido: tuple[str, ...],
    borde: list[Any] | None,
    en: Mapping[str, str] = MappingProxyType({}),
) -> QuerySet[Any]:
    """In order, those that come after the edge."""
    caminos = _caminos(sentido, en)
    if borde is not None:
        consulta = consulta.filter(_despues_de(caminos, borde))
    return consulta.order_by(*caminos)


class Lista:
    """Pages of a list that is always asked the same way: `hacer(**valores)` filters it, and the query is written once
    for each shape of its values (`Compilada`). A row is a `fila` of `columnas`, and among them what `anotar` adds."""

    def __init__(
        self,
        modelo: Any,
        hacer: Callable[..., QuerySet[Any] | tuple[QuerySet[Any], ...]],
        fila: Any,
        columnas: tuple[str, ...],
        bordes: dict[str, type],
        anotar: Mostrar = lambda consulta: consulta,
        **tipos: type,
    ) -> None:
        """`fila`: a NamedTuple of what is read. `bordes`: the fields of its orders, with their type. `hacer` may give
        several queries that share no row: each is asked for a page and the first rows of all are taken."""
        self.modelo, self.hacer, self.anotar = modelo, hacer, anotar
        self.fila, self.columnas = fila, columnas
        self.bordes = tuple(bordes)
        con_borde = {f"borde_{campo}": tipo for campo, tipo in bordes.items()}
        self._fija = Compilada(self._escribir, sentido=Forma, **con_borde, **tipos)
        self._suelta = Compilada(self._mostrar, pagina=QuerySet, sentido=Forma)

    def con_un_plan(self) -> Self:
        """One plan serves all the values of each shape (`Compilada`)."""
        self._fija.con_un_plan()
        return self

    def pagina(self, orden: tuple[str, ...], cursor: str, **valores: Any) -> Pagina:
        """One page, as `paginar` cuts them."""
        borde, sentido = self._leer(orden, cursor)
        leidos = dict(zip((campo.lstrip("-") for campo in orden), borde or (), strict=False))
        bordes = {f"borde_{campo}": leidos.get(campo) for campo in self.bordes}
        return self._cortada(self._fija(sentido=sentido, **bordes, **valores), orden, cursor, borde)

    def pagina_de(self, consulta: QuerySet[Any], orden: tuple[str, ...], cursor: str) -> Pagina:
        """The same of rows that were found in another way (a search)."""
        borde, sentido = self._leer(orden, cursor)
        if borde is not None:
            consulta = consulta.filter(_despues_de(sentido, borde))
        pagina = consulta.order_by(*sentido)[: TAMANO + 1]
        return self._cortada(self._suelta(pagina=pagina, sentido=sentido), orden, cursor, borde)

    def _leer(self, orden: tuple[str, ...], cursor: str) -> tuple[list[Any] | None, tuple[str, ...]]:
        borde = _leer_cursor(self.modelo, orden, cursor)
        return borde, _invertido(orden) if borde is not None and cursor.startswith("a:") else orden

    def _escribir(self, *, sentido: tuple[str, ...], **valores: Any) -> QuerySet[Any]:
        bordes = {campo: valores.pop(f"borde_{campo}") for campo in self.bordes}
        hecha, campos = self.hacer(**valores), [campo.lstrip("-") for campo in sentido]
        ramas = hecha if isinstance(hecha, tuple) else (hecha,)
        if bordes[campos[0]] is not None:
            despues = _despues_de(sentido, [bordes[campo] for campo in campos])
            ramas = tuple(rama.filter(despues) for rama in ramas)
        primera, *otras = [rama.order_by(*sentido)[: TAMANO + 1] for rama in ramas]
        if not otras:
            return self._mostrar(primera, sentido)
        juntas = primera.values("pk").union(*[otra.values("pk") for otra in otras], all=True)
        return self._mostrar(juntas, sentido)[: TAMANO + 1]

    def _mostrar(self, pagina: Any, sentido: tuple[str, ...]) -> QuerySet[Any]:
        filas = self.anotar(self.modelo.objects.filter(pk__in=pagina))
        return filas.order_by(*sentido).values_list(*self.columnas)

    def _cortada(self, filas: list[Any], orden: tuple[str, ...], cursor: str, borde: list[Any] | None) -> Pagina:
        hacia_atras = borde is not None and cursor.startswith("a:")
        hechas = [self.fila._make(fila) for fila in filas]
        return _cortada(hechas, orden, TAMANO, hay_borde=borde is not None, hacia_atras=hacia_atras)


def _cortada(
    filas: list[Any],
    orden: tuple[str, ...],
    tamano: int,
    *,
    hay_borde: bool,
    hacia_atras: bool,
) -> Pagina:
    """The page of the rows that were found, one more than fit."""
    quedan, filas = len(filas) > tamano, filas[:tamano]
    if hacia_atras:
        filas.reverse()
    if not filas:
        return Pagina()
    antes, despues = (quedan, True) if hacia_atras else (hay_borde, quedan)
    return Pagina(
        filas,
        anterior=_cursor("a", filas[0], orden) if antes else "",
        siguiente=_cursor("d", filas[-1], orden) if despues else "",
    )


@cache
def _invertido(orden: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_invertir(campo) for campo in orden)


def por_sus_llaves(pagina: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows, found one by one. As an array, the keys are read before anything else: with IN, the planner may
    prefer to read every row that can be seen and look for each among the keys."""
    return de_estas_llaves(pagina.model, ArraySubquery(pagina.values("pk")))


def de_estas_llaves(modelo: Any, llaves: ArraySubquery) -> QuerySet[Any]:
    es_suya = Func(F("pk"), llaves, template="%(expressions)s)", arg_joiner=" = any(",
                   output_field=BooleanField())  # fmt: skip
    return modelo.objects.filter(es_suya)


@cache
def _compilada(modelo: Any, mostrar: Mostrar, sentido: tuple[str, ...]) -> Compilada:
    return Compilada(lambda pagina: mostrar(modelo.objects.filter(pk__in=pagina)).order_by(*sentido), pagina=QuerySet)


def _caminos(orden: tuple[str, ...], en: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(campo[: -len(nombre)] + en.get(nombre, nombre) for campo in orden if (nombre := campo.lstrip("-")))


def es_cursor(consulta: QuerySet[Any], orden: tuple[str, ...], cursor: str) -> bool:
    """Whether this page would go on from there: for a program, that must be told instead of starting again."""
    return _leer_cursor(consulta.model, orden, cursor) is not None


def _invertir(campo: str) -> str:
    return campo[1:] if campo.startswith("-") else f"-{campo}"


def _despues_de(orden: tuple[str, ...], borde: list[Any]) -> Q:
    """(a, b) > (x, y) as the indexes like it: a ≥ x and (a > x or (a = x and b > y))."""
    condicion, iguales = Q(), Q()
    for campo, valor in zip(orden, borde, strict=True):
        nombre = campo.lstrip("-")
        condicion |= iguales & Q(**{f"{nombre}__{'lt' if campo.startswith('-') else 'gt'}": valor})
        iguales &= Q(**{nombre: valor})
    primero = orden[0].lstrip("-")
    return Q(**{f"{primero}__{'lte' if orden[0].startswith('-') else 'gte'}": borde[0]}) & condicion


def _cursor(sentido: str, fila: Any, orden: tuple[str, ...]) -> str:
    valores = [getattr(fila, campo.lstrip("-")) for campo in orden]
    return f"{sentido}:" + "_".join(v.isoformat() if isinstance(v, date) else str(v) for v in valores)


def _leer_cursor(modelo: type[Model], orden: tuple[str, ...], cursor: str) -> list[Any] | None:
    if cursor[:2] not in {"a:", "d:"}:
        return None
    textos = cursor[2:].split("_")
    if len(textos) != len(orden):
        return None
    try:
        return [_leer(modelo, campo.lstrip("-"), texto) for campo, texto in zip(orden, textos, strict=True)]
    except ValueError:
        return None


def _leer(modelo: type[Model], campo: str, texto: str) -> Any:
    tipo = modelo._meta.get_field(campo).get_internal_type()
    if tipo == "DateTimeField":
        instante = datetime.fromisoformat(texto)
        if instante.tzinfo is None:
            raise ValueError("sin zona horaria")
        return instante
    if tipo == "DateField":
        return date.fromisoformat(texto)
    numero = int(texto)
    if not 0 <= numero < 2**63:
        raise ValueError("fuera de rango")
    return numero
