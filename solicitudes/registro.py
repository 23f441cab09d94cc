"""The register that a person reaches, as an address asks for it: which partes, in which order, with which columns.

The page, the exports and the API come through here, so the same address is the same rows everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from alcance import Alcance
from alcance.compiladas import Compilada, Forma
from direcciones.models import Dependencia
from direcciones.roles import Rol
from solicitudes.columnas import POR_CLAVE, Columna, elegidas
from solicitudes.forms.filtros import Catalogo, FiltrosRegistro, catalogos, nombrada
from solicitudes.models import Parte
from solicitudes.services.asignacion import nombres_de_asesores

# The most recent first, unique taken together: what keyset pages and exports follow.
MAS_RECIENTES = ("-recibido_en", "-solicitud_id", "-id")
# The same order, read where a search finds its rows: the first 26 of thousands are known before anything is joined.
EN_EL_INDICE = {"recibido_en": "indice__recibido_en", "solicitud_id": "indice__solicitud_id"}


@dataclass(frozen=True, slots=True)
class Registro:
    alcance: Alcance
    dependencias: Sequence[Dependencia]
    filtros: FiltrosRegistro
    columnas: tuple[Columna, ...]

    @property
    def propias(self) -> tuple[int, ...]:
        return tuple(d.pk for d in self.dependencias)

    @property
    def consulta(self) -> QuerySet[Parte]:
        """Filtered, without order."""
        return self.filtros.aplicar(del_alcance(self.alcance, self.propias))

    @property
    def en(self) -> dict[str, str]:
        """For `paginar`: where the order is read."""
        return EN_EL_INDICE if "buscar" in self.filtros.valores else {}


def del_alcance(alcance: Alcance, propias: tuple[int, ...]) -> Any:
    """The partes of the register of whoever asks; `propias`, the dependencias they reach."""
    consulta = Parte.objects.visibles_para(alcance).order_by()
    return consulta if alcance.rol == Rol.VENTANILLA or alcance.nivel else consulta.filter(dependencia__in=propias)


def registro_de(alcance: Alcance, datos: QueryDict, dependencias: list[Dependencia] | None = None) -> Registro:
    """`datos` is a query string of the page `atencion:registro`; `dependencias`, those the person reaches, if read."""
    alcanzadas = Dependencias(dependencias_al_alcance(alcance) if dependencias is None else dependencias)
    asesores = nombres_de_asesores(*alcanzadas) if alcanzadas else ()
    return Registro(alcance, alcanzadas, _filtros(datos, alcanzadas, asesores), elegidas(datos.getlist("columna")))


class Dependencias(tuple[Dependencia, ...]):
    """Two are equal only when all that a form shows of them is: it can be the key of a memory."""

    __slots__ = ()

    @property
    def _vistas(self) -> tuple[Any, ...]:
        return tuple([(d.pk, d.codigo, d.atiende, nombrada(d), d.padre_id, _visto(d)) for d in self])

    def __eq__(self, otras: object) -> bool:
        return isinstance(otras, Dependencias) and self._vistas == otras._vistas

    def __hash__(self) -> int:
        return hash(self._vistas)


def _visto(dependencia: Dependencia) -> tuple[Any, ...]:
    """Of the one above, only when it was read: that decides what is offered too."""
    padre = dependencia.padre if Dependencia.padre.is_cached(dependencia) else None
    return (padre.codigo, padre.nombre, padre.tipo) if padre else ()


def _filtros(datos: QueryDict, dependencias: Dependencias, asesores: tuple[tuple[int, str], ...]) -> FiltrosRegistro:
    pedido = tuple([datos.get(campo) for campo in FiltrosRegistro.base_fields])
    leidos = tuple(catalogos(frozenset([d.pk for d in dependencias])).items())
    asesor = datos.get("asesor", "")
    if asesor and asesor not in {str(pk) for pk, _ in asesores}:  # somebody whose name was not read here
        return _leidos.__wrapped__(pedido, dependencias, asesores, leidos)
    return _leidos(pedido, dependencias, asesores, leidos)


@lru_cache(maxsize=32)
def _leidos(
    pedido: tuple[str | None, ...],
    dependencias: Dependencias,
    asesores: tuple[tuple[int, str], ...],
    leidos: tuple[tuple[str, Catalogo], ...],
) -> FiltrosRegistro:
    """What an address asks of the register, understood once while what it offers is the same. Nobody changes it."""
    datos = {campo: uno for campo, uno in zip(FiltrosRegistro.base_fields, pedido, strict=True) if uno is not None}
    return FiltrosRegistro(datos, dependencias=dependencias, asesores=asesores, leidos=dict(leidos))


def dependencias_al_alcance(alcance: Alcance) -> list[Dependencia]:
    """Dependencias that this person reaches, by name; all of them for those with oversight. Also those that ended or
    no longer attend: what they received stays in the register (R25)."""
    return _DEPENDENCIAS(suyas=() if alcance.nivel else alcance.dependencias, todas=bool(alcance.nivel))


def _alcanzadas(suyas: tuple[int, ...], *, todas: bool) -> Any:
    por_nombre: Any = Dependencia.objects.select_related("padre").order_by("nombre")
    return por_nombre if todas else por_nombre.filter(pk__in=suyas)


_DEPENDENCIAS = Compilada(_alcanzadas, suyas=tuple, todas=Forma)


def consulta_limpia(datos: QueryDict) -> str:
    """The query string that says the same and nothing else: known filters and columns, no page and no empty value."""
    limpia = QueryDict(mutable=True)
    for nombre in FiltrosRegistro.base_fields:
        if valor := datos.get(nombre, "").strip():
            limpia[nombre] = valor
    limpia.setlist("columna", [c for c in datos.getlist("columna") if c in POR_CLAVE])
    return limpia.urlencode()
