"""Filters of the board. They live in the address, by GET and with a button."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from direcciones.models import Dependencia
from sdfi_portal.formularios import Eleccion
from solicitudes.forms.filtros import nombrada, ofrecidas
from tableros.periodos import OPCIONES, Periodo, periodo_de


class MesInput(forms.TextInput):
    """«2026-11»; browsers that know months offer them."""

    input_type = "month"

    def __init__(self) -> None:
        super().__init__({"pattern": r"\d{4}-\d{2}", "placeholder": "AAAA-MM"})


class FiltrosTablero(forms.Form):
    """A value nobody offered is ignored, so an old address still opens."""

    periodo = forms.ChoiceField(label="Período", required=False, choices=list(OPCIONES.items()))
    desde_mes = forms.CharField(label="Desde el mes", required=False, widget=MesInput)
    hasta_mes = forms.CharField(label="Hasta el mes", required=False, widget=MesInput)
    direccion = Eleccion("Dirección, con sus subdirecciones", "Todas")
    dependencia = Eleccion("Dependencia", "Todas")
    sector = Eleccion("Sector", "Todos")

    def __init__(
        self, datos: Any, *, hoy: date, dependencias: Sequence[Dependencia], sectores: Iterable[tuple[int, str]]
    ) -> None:
        super().__init__(datos, auto_id="filtro_%s")
        self.hoy, self.dependencias = hoy, dependencias
        self.fields["dependencia"].ofrecer((d.codigo, nombrada(d)) for d in ofrecidas(dependencias))
        self.fields["direccion"].ofrecer((d.codigo, d.nombre) for d in self._direcciones())
        self.fields["sector"].ofrecer((str(pk), nombre) for pk, nombre in sectores)
        for campo in ("direccion", "dependencia"):
            if len(self.fields[campo].choices) <= 2:
                del self.fields[campo]
        self.full_clean()

    def _direcciones(self) -> list[Dependencia]:
        padres = {d.padre.pk: d.padre for d in self.dependencias if d.padre_id and Dependencia.padre.is_cached(d)}
        con_hijas = [p for p in padres.values() if p.tipo == Dependencia.Tipo.DIRECCION]
        return sorted(con_hijas, key=lambda d: d.nombre)

    def valor(self, campo: str) -> str:
        return str(self.cleaned_data.get(campo) or "")

    @property
    def periodo_elegido(self) -> Periodo:
        primero, ultimo = _mes(self.valor("desde_mes")), _mes(self.valor("hasta_mes"))
        return periodo_de(
            self.valor("periodo") or ("meses" if primero or ultimo else "doce"), self.hoy, primero, ultimo
        )

    @property
    def elegidas(self) -> list[Dependencia]:
        """The dependencias that the filters leave."""
        direccion, dependencia = self.valor("direccion"), self.valor("dependencia")
        return [
            d
            for d in self.dependencias
            if (not dependencia or d.codigo == dependencia)
            and (not direccion or direccion in {d.codigo, d.padre.codigo if d.padre else ""})
        ]

    @property
    def hay(self) -> bool:
        return any(self.valor(campo) for campo in self.fields)


def _mes(texto: str) -> date | None:
    """The first day of «2026-11»; None for what is not a month of these times."""
    try:
        mes = date.fromisoformat(f"{texto}-01")
    except ValueError:
        return None
    return mes if 2000 <= mes.year < 2100 else None
