"""What an export takes: the register as its page shows it to that person, and how satisfied was who asked."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, DecimalField, F, QuerySet, When
from django.db.models.functions import Cast, Round
from django.forms import CharField
from django.http import QueryDict

from alcance import Alcance
from direcciones.roles import VEN_ENCUESTAS
from solicitudes import columnas as del_registro
from solicitudes.columnas import Columna
from solicitudes.forms.filtros import FiltrosRegistro
from solicitudes.models import Parte
from solicitudes.registro import MAS_RECIENTES, registro_de


def _satisfaccion() -> Case:
    """Average of the three grades of the survey of the whole solicitud; empty until somebody answers."""
    suma = F("solicitud__encuesta__oportunidad") + F("solicitud__encuesta__pertinencia")
    decimal = DecimalField(max_digits=4, decimal_places=2)
    promedio = Round(Cast(suma + F("solicitud__encuesta__calidad"), decimal) / 3, 2)
    return Case(When(solicitud__encuesta__respondida_en__isnull=False, then=promedio), output_field=decimal)


SATISFACCION = Columna("satisfaccion", "Satisfacción (1 a 5)", "numero", _satisfaccion)

ALGUNAS = 1_000


@dataclass(frozen=True, slots=True)
class Consulta:
    """`datos` is what is kept of the address: the filters that count, in one order."""

    filtros: FiltrosRegistro
    datos: str
    columnas: tuple[Columna, ...]
    partes: QuerySet[Parte]

    def filas(self) -> Any:
        """Rows in the order of the page, in one statement."""
        return del_registro.valores(self.partes.order_by(*MAS_RECIENTES), self.columnas)

    def en_dos(self) -> "tuple[Consulta, ...]":
        """The same rows in the same order, cut about the middle: at the instant of the one in the middle of some,
        taken at regular distances. To walk half of them only to cut would be a tenth of what copying takes."""
        claves = self.partes.values_list("pk", flat=True)
        primera, ultima = claves.order_by("pk")[0], claves.order_by("-pk")[0]
        algunas = range(primera, ultima + 1, (ultima - primera) // ALGUNAS | 1)
        instantes = self.partes.filter(pk__in=algunas).values_list("recibido_en", flat=True).order_by("recibido_en")
        corte = instantes[len(instantes) // 2]
        antes, despues = self.partes.filter(recibido_en__gte=corte), self.partes.filter(recibido_en__lt=corte)
        return replace(self, partes=antes), replace(self, partes=despues)

    def para_la_bitacora(self) -> dict[str, Any]:
        """Filters by id and choice; of what somebody typed, that there was something and not the words."""
        escritos = {campo.name for campo in self.filtros if type(campo.field) is CharField}
        return {campo: True if campo in escritos else valor for campo, valor in self.filtros.valores.items()}


def consultar(alcance: Alcance, direccion: str, claves: Iterable[str]) -> Consulta:
    """The register of whoever acts, filtered as its address says. What nobody offered is ignored, as in its page."""
    crudos = QueryDict(direccion)
    registro = registro_de(alcance, crudos)
    datos = QueryDict(mutable=True)
    for campo in sorted(registro.filtros.valores):
        datos.setlist(campo, crudos.getlist(campo))
    return Consulta(registro.filtros, datos.urlencode(), columnas_de(alcance, claves), registro.consulta)


def ofrecidas(alcance: Alcance) -> tuple[Columna, ...]:
    """Who does not read the surveys does not take them out either (R98)."""
    return (*del_registro.COLUMNAS, SATISFACCION) if alcance.rol in VEN_ENCUESTAS else del_registro.COLUMNAS


def columnas_de(alcance: Alcance, claves: Iterable[str]) -> tuple[Columna, ...]:
    pedidas = set(claves)
    tambien = [SATISFACCION] if SATISFACCION.clave in pedidas and SATISFACCION in ofrecidas(alcance) else []
    return (*del_registro.elegidas(pedidas), *tambien)
