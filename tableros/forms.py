"""Filters of the board. They live in the address, by GET and with a button."""

from datetime import date
from typing import Any

from django import forms

from direcciones.models import Dependencia, Sector
from tableros.periodos import OPCIONES, Periodo, mas_meses, nombre_del_mes, periodo_de

MESES_QUE_SE_OFRECEN = 60


def _opcion(etiqueta: str, vacia: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=etiqueta, required=False, choices=[("", vacia)])


class FiltrosTablero(forms.Form):
    """A value nobody offered is ignored, so an old address still opens."""

    periodo = forms.ChoiceField(label="Período", required=False, choices=list(OPCIONES.items()))
    desde_mes = _opcion("Desde el mes", "El que elija al lado")
    hasta_mes = _opcion("Hasta el mes", "El que elija al lado")
    direccion = _opcion("Dirección, con sus subdirecciones", "Todas")
    dependencia = _opcion("Dependencia", "Todas")
    sector = forms.ChoiceField(label="Sector", required=False)

    def __init__(
        self, datos: Any, *, hoy: date, dependencias: list[Dependencia], sectores: list[Sector], **kwargs: Any
    ) -> None:
        super().__init__(datos, auto_id="filtro_%s", **kwargs)
        self.hoy, self.dependencias = hoy, dependencias
        meses = [mas_meses(hoy, -n) for n in range(MESES_QUE_SE_OFRECEN)]
        for campo in ("desde_mes", "hasta_mes"):
            self.fields[campo].choices += [(f"{mes:%Y-%m}", nombre_del_mes(mes)) for mes in meses]
        self.fields["dependencia"].choices += [(d.codigo, d.nombre) for d in dependencias]
        self.fields["direccion"].choices += [(d.codigo, d.nombre) for d in self._direcciones()]
        self.fields["sector"].choices = [("", "Todos"), *((str(s.pk), s.nombre) for s in sectores)]
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
        opcion = self.valor("periodo") or ("meses" if self.valor("desde_mes") or self.valor("hasta_mes") else "doce")
        return periodo_de(opcion, self.hoy, _mes(self.valor("desde_mes")), _mes(self.valor("hasta_mes")))

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
    return date.fromisoformat(f"{texto}-01") if texto else None
