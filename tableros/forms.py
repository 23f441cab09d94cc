"""Filters of the board. They live in the address, by GET and with a button."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from direcciones.models import Dependencia
from sdfi_portal.formularios import Eleccion
from solicitudes.forms.filtros import nombrada, ofrecidas
from tableros.periodos import OPCIONES, Periodo, periodo_de


class MesInput(forms.TextInput):
    """«2026-11»; browsers that know months offer them."""

    input_type = "month"

    def __init__(self) -> None:
        super().__init__({"pattern": r"\d{4}-\d{2}", "placeholder": "AAAA-MM"})


class CampoMes(forms.Field):
    """The first day of the month."""

    widget = MesInput

    def to_python(self, value: Any) -> date | None:
        if not value:
            return None
        mes = _mes(str(value))
        if mes is None:
            raise ValidationError("Escriba el mes como 2026-01, del 2000 en adelante.")
        return mes


class FiltrosTablero(forms.Form):
    """A value nobody offered is told beside its field and counts for nothing, so an old address still opens.

    Whoever writes a month looks at months, whatever the option says; the first one alone reaches this month, and the
    last one alone ends the twelve that it ends.
    """

    muestra_errores = True
    periodo = forms.ChoiceField(label="Período", required=False, choices=list(OPCIONES.items()))
    desde_mes = CampoMes(label="Desde el mes", required=False)
    hasta_mes = CampoMes(label="Hasta el mes", required=False)
    direccion = Eleccion("Dirección, con sus subdirecciones", "Todas")
    dependencia = Eleccion("Dependencia", "Todas")
    sector = Eleccion("Sector", "Todos")

    def __init__(
        self, datos: Any, *, hoy: date, dependencias: Sequence[Dependencia], sectores: Iterable[tuple[int, str]]
    ) -> None:
        if any(_mes(str(datos.get(campo, ""))) for campo in ("desde_mes", "hasta_mes")):
            datos = {**dict(datos.items()), "periodo": "meses"}
        super().__init__(datos, auto_id="filtro_%s")
        self.hoy, self.dependencias = hoy, dependencias
        self.fields["dependencia"].ofrecer((d.codigo, nombrada(d)) for d in ofrecidas(dependencias))
        self.fields["direccion"].ofrecer((d.codigo, d.nombre) for d in self._direcciones())
        self.fields["sector"].ofrecer((str(pk), nombre) for pk, nombre in sectores)
        for campo in ("direccion", "dependencia"):
            if len(self.fields[campo].choices) <= 2:
                del self.fields[campo]
        self.full_clean()

    def clean(self) -> None:
        sin_meses = not any(self[campo].data for campo in ("desde_mes", "hasta_mes"))
        if self.cleaned_data.get("periodo") == "meses" and sin_meses:
            self.add_error("desde_mes", "Escriba desde qué mes, como 2026-01.")

    def _direcciones(self) -> list[Dependencia]:
        padres = {d.padre.pk: d.padre for d in self.dependencias if d.padre_id and Dependencia.padre.is_cached(d)}
        con_hijas = [p for p in padres.values() if p.tipo == Dependencia.Tipo.DIRECCION]
        return sorted(con_hijas, key=lambda d: d.nombre)

    def valor(self, campo: str) -> str:
        return str(self.cleaned_data.get(campo) or "")

    @property
    def periodo_elegido(self) -> Periodo:
        meses = (self.cleaned_data.get(campo) for campo in ("desde_mes", "hasta_mes"))
        return periodo_de(self.valor("periodo") or "doce", self.hoy, *meses)

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
        mes = date.fromisoformat(f"{texto.strip()}-01")
    except ValueError:
        return None
    return mes if 2000 <= mes.year < 2100 else None
