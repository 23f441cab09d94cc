"""What a person asks to look at: the filters of the address, inside what their role reaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from alcance import Alcance
from alcance.compiladas import Compilada
from direcciones.models import Dependencia, Sector
from direcciones.roles import JEFES, Rol
from plazos.calendario import Calendario
from plazos.reloj import hoy
from plazos.services import calendario_vigente
from solicitudes.forms.filtros import ofrecidas
from solicitudes.registro import Dependencias, dependencias_al_alcance
from tableros.cifras import Corte
from tableros.forms import FiltrosTablero
from tableros.lectura import Crudas
from tableros.tablero import Sitio, Tablero, armar, leer

VEN_EL_TABLERO = frozenset({*JEFES, Rol.SUBSECRETARIO, Rol.ADMINISTRADOR, Rol.AUDITOR})


@dataclass(frozen=True, slots=True)
class Pedido:
    filtros: FiltrosTablero
    corte: Corte
    dependencias: Sequence[Dependencia]

    def tablero(self) -> Tablero:
        return armar(*self.lo_leido())

    def lo_leido(self) -> tuple[Crudas, Corte, tuple[Sitio, ...], Calendario]:
        """All that decides what the board says."""
        sitios = tuple(Sitio(d.pk, d.codigo, d.nombre) for d in self.filtros.elegidas)
        return leer(self.corte), self.corte, sitios, calendario_vigente()

    @property
    def donde(self) -> str:
        """«Todas las dependencias», or the ones it is about."""
        elegidas = ofrecidas(self.filtros.elegidas)
        if self.corte.dependencias is None:
            return "Todas las dependencias"
        return ", ".join(d.nombre for d in elegidas) or "Ninguna dependencia"

    @property
    def sector(self) -> str:
        return dict(self.filtros.fields["sector"].choices).get(str(self.corte.sector or ""), "Todos")


def pedir(alcance: Alcance, datos: QueryDict | dict[str, Any]) -> Pedido:
    """`datos`: a query string of the board, or none."""
    dependencias = dependencias_al_alcance(alcance)
    consulta = datos.urlencode() if isinstance(datos, QueryDict) else urlencode(datos)
    filtros = _leidos(consulta, hoy(), Dependencias(dependencias), tuple(_SECTORES()))
    acotado = filtros.valor("direccion") or filtros.valor("dependencia") or not alcance.nivel
    sector = filtros.valor("sector")
    corte = Corte(
        periodo=filtros.periodo_elegido,
        hoy=hoy(),
        dependencias=tuple(d.pk for d in filtros.elegidas) if acotado else None,
        direccion=filtros.valor("direccion"),
        dependencia=filtros.valor("dependencia"),
        sector=int(sector) if sector else None,
        reservadas=alcance.nivel != "todas",
    )
    return Pedido(filtros, corte, dependencias)


_SECTORES = Compilada(lambda: Sector.objects.order_by("nombre").values_list("pk", "nombre"))


@lru_cache(maxsize=32)
def _leidos(
    consulta: str, dia: date, dependencias: Dependencias, sectores: tuple[tuple[int, str], ...]
) -> FiltrosTablero:
    """What an address asks of the board, understood once. Nobody changes it afterwards."""
    return FiltrosTablero(QueryDict(consulta), hoy=dia, dependencias=dependencias, sectores=sectores)
