"""The register that a person reaches, as an address asks for it: which partes, in which order, with which columns.

The page, the exports and the API come through here, so the same address is the same rows everywhere.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from alcance import Alcance
from alcance.compiladas import Compilada, Forma
from direcciones.models import Dependencia
from direcciones.roles import Rol
from solicitudes.columnas import POR_CLAVE, Columna, elegidas
from solicitudes.forms.filtros import FiltrosRegistro
from solicitudes.models import Parte
from solicitudes.services.asignacion import asesores_de

# The most recent first, unique taken together: what keyset pages and exports follow.
MAS_RECIENTES = ("-recibido_en", "-solicitud_id", "-id")
# The same order, read where a search finds its rows: the first 26 of thousands are known before anything is joined.
_EN_EL_INDICE = {"recibido_en": "solicitud__indice__recibido_en", "solicitud_id": "solicitud__indice__solicitud_id"}


@dataclass(frozen=True, slots=True)
class Registro:
    dependencias: list[Dependencia]
    filtros: FiltrosRegistro
    columnas: tuple[Columna, ...]
    consulta: QuerySet[Parte]  # filtered, without order

    @property
    def en(self) -> dict[str, str]:
        """For `paginar`: where the order is read."""
        return _EN_EL_INDICE if "buscar" in self.filtros.valores else {}


def registro_de(alcance: Alcance, datos: QueryDict, dependencias: list[Dependencia] | None = None) -> Registro:
    """`datos` is a query string of the page `atencion:registro`; `dependencias`, those the person reaches, if read."""
    if dependencias is None:
        dependencias = dependencias_al_alcance(alcance)
    asesores = asesores_de(*dependencias) if dependencias else []
    filtros = FiltrosRegistro(datos, dependencias=dependencias, asesores=asesores)
    consulta = Parte.objects.visibles_para(alcance).order_by()
    if alcance.rol != Rol.VENTANILLA and not alcance.nivel:
        consulta = consulta.filter(dependencia__in=[d.pk for d in dependencias])
    return Registro(
        dependencias=dependencias,
        filtros=filtros,
        columnas=elegidas(datos.getlist("columna")),
        consulta=filtros.aplicar(consulta),
    )


def dependencias_al_alcance(alcance: Alcance) -> list[Dependencia]:
    """Dependencias with a queue that this person reaches, by name; all of them for those with oversight."""
    suyas = () if alcance.nivel else alcance.dependencias
    return _DEPENDENCIAS(dia=timezone.localdate(), suyas=suyas, todas=bool(alcance.nivel))


def _que_atienden(dia: date, suyas: tuple[int, ...], *, todas: bool) -> Any:
    que_atienden: Any = Dependencia.objects.vigentes(dia).que_atienden().select_related("padre").order_by("nombre")
    return que_atienden if todas else que_atienden.filter(pk__in=suyas)


_DEPENDENCIAS = Compilada(_que_atienden, dia=date, suyas=tuple, todas=Forma)


def consulta_limpia(datos: QueryDict) -> str:
    """The query string that says the same and nothing else: known filters and columns, no page and no empty value."""
    limpia = QueryDict(mutable=True)
    for nombre in FiltrosRegistro.base_fields:
        if valor := datos.get(nombre, "").strip():
            limpia[nombre] = valor
    limpia.setlist("columna", [c for c in datos.getlist("columna") if c in POR_CLAVE])
    return limpia.urlencode()
