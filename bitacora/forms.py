from typing import Any

from django import forms

from sdfi_portal.formularios import EntradaFecha

_FECHA = {"invalid": "Escriba la fecha como 23/11/2026"}


class BusquedaForm(forms.Form):
    radicado = forms.CharField(label="Radicado", max_length=120, required=False)
    quien = forms.CharField(
        label="Quién", max_length=120, required=False, widget=forms.TextInput(attrs={"placeholder": "Nombre o correo"})
    )
    accion = forms.RegexField(
        r"^[\w.]*$", label="Acción", max_length=60, required=False,
        widget=forms.TextInput(attrs={"placeholder": "Por ejemplo, concepto.firmar"}),
        error_messages={"invalid": "Escriba el comienzo de la acción, por ejemplo «solicitud.»"},
    )  # fmt: skip
    desde = forms.DateField(label="Desde", required=False, widget=EntradaFecha, error_messages=_FECHA)
    hasta = forms.DateField(label="Hasta", required=False, widget=EntradaFecha, error_messages=_FECHA)

    def criterios(self) -> dict[str, Any]:
        """What was asked and understood. Shape: arguments of `ConsultaSuceso.buscar`."""
        self.is_valid()
        dados = self.cleaned_data
        nombres = {"texto": "radicado", "quien": "quien", "accion": "accion", "desde": "desde", "hasta": "hasta"}
        return {criterio: dados[campo] for criterio, campo in nombres.items() if dados.get(campo)}
