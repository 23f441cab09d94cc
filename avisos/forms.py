from typing import Any

from django import forms

from avisos.models.libro import ESTADOS
from sdfi_portal.formularios import EntradaFecha

_FECHA = {"invalid": "Escriba la fecha como 23/11/2026"}


class LibroForm(forms.Form):
    """What the ledger is searched by."""

    radicado = forms.CharField(label="Radicado", max_length=20, required=False)
    correo = forms.CharField(
        label="Correo", max_length=254, required=False, widget=forms.TextInput(attrs={"placeholder": "La dirección"})
    )
    estado = forms.ChoiceField(
        label="Estado",
        required=False,
        choices=[("", "Todos"), *((clave, texto) for clave, (texto, _) in ESTADOS.items())],
    )
    desde = forms.DateField(label="Desde", required=False, widget=EntradaFecha, error_messages=_FECHA)
    hasta = forms.DateField(label="Hasta", required=False, widget=EntradaFecha, error_messages=_FECHA)

    def criterios(self) -> dict[str, Any]:
        """What was asked and understood."""
        self.is_valid()
        return {campo: valor for campo, valor in self.cleaned_data.items() if valor}
