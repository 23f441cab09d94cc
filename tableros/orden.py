"""The list behind the figures of the order of arrival: each start, or those that went before an older one (R20)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms

from alcance import Alcance
from direcciones.models import Entidad
from plazos.reloj import comienzo
from solicitudes.forms.atencion import DiaInput
from solicitudes.forms.filtros import DIAS_POSIBLES
from solicitudes.models import ExcepcionOrden, Parte
from tableros.models import Inicio, Inversion
from tableros.peticion import Pedido

TODAS = "todas"
CUALES = {
    "": "Fuera de orden",
    "con_motivo": "Fuera de orden, con motivo",
    "sin_motivo": "Fuera de orden, sin motivo",
    TODAS: "Todas las asignadas o empezadas",
}
MAS_RECIENTES = ("-en", "-movimiento_id")


class FiltrosOrden(forms.Form):
    cuales = forms.ChoiceField(label="Cuáles", required=False, choices=list(CUALES.items()))
    desde = forms.DateField(label="Desde", required=False, widget=DiaInput, validators=DIAS_POSIBLES)
    hasta = forms.DateField(label="Hasta", required=False, widget=DiaInput, validators=DIAS_POSIBLES)

    def __init__(self, datos: Any, **kwargs: Any) -> None:
        super().__init__(datos, auto_id="orden_%s", **kwargs)
        self.is_valid()


def inversiones_de(alcance: Alcance, pedido: Pedido, filtros: FiltrosOrden) -> Any:
    """Rows of the list, with the filters of the board and its own; both ends of the period included."""
    corte, valores = pedido.corte, filtros.cleaned_data
    cuales = valores.get("cuales")
    filas: Any = (Inicio if cuales == TODAS else Inversion).objects.visibles_para(alcance)
    if corte.dependencias is not None:
        filas = filas.filter(dependencia_id__in=corte.dependencias)
    if corte.sector is not None:
        filas = filas.filter(entidad_id__in=Entidad.objects.filter(sector=corte.sector).values("pk"))
    if cuales and cuales != TODAS:
        filas = filas.filter(con_motivo=cuales == "con_motivo")
    if valores.get("desde"):
        filas = filas.filter(en__gte=comienzo(valores["desde"]))
    if valores.get("hasta"):
        filas = filas.filter(en__lt=comienzo(valores["hasta"] + timedelta(days=1)))
    return filas


@dataclass(frozen=True, slots=True)
class Adelanto:
    """`parte` None: it went to a place this person does not see; the fact is still theirs to answer for. `inversion`
    None: it was its turn."""

    fila: Inversion | Inicio
    dependencia: str
    entidad: str
    parte: Parte | None
    motivo: ExcepcionOrden | None
    inversion: Inversion | None


def vestir(alcance: Alcance, filas: list[Any], nombres: dict[int, str]) -> list[Adelanto]:
    """What the list shows, in three or four queries however many rows."""
    claves = [fila.parte_id for fila in filas]
    partes = Parte.objects.visibles_para(alcance).filter(pk__in=claves).select_related("solicitud", "asesor")
    por_pk = {parte.pk: parte for parte in partes.order_by("pk")}
    motivos = ExcepcionOrden.objects.visibles_para(alcance).filter(parte__in=claves).select_related("persona")
    por_momento = {(motivo.parte_id, motivo.en): motivo for motivo in motivos.order_by("pk")}
    entidades = dict(Entidad.objects.filter(pk__in=[f.entidad_id for f in filas]).values_list("pk", "nombre"))
    invertidas = {fila.pk: fila for fila in filas if isinstance(fila, Inversion)}
    if en_su_turno_o_no := [fila.pk for fila in filas if isinstance(fila, Inicio)]:
        suyas = Inversion.objects.visibles_para(alcance).filter(pk__in=en_su_turno_o_no)
        invertidas |= {fila.pk: fila for fila in suyas.order_by("pk")}
    return [
        Adelanto(
            fila,
            nombres.get(fila.dependencia_id, ""),
            entidades.get(fila.entidad_id, ""),
            por_pk.get(fila.parte_id),
            por_momento.get((fila.parte_id, fila.en)),
            invertidas.get(fila.pk),
        )
        for fila in filas
    ]
