from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.text import slugify

from avisos.models import PreferenciaAviso
from avisos.models.libro import ESTADOS
from avisos.services import grupos, preferencias
from sdfi_portal.formularios import EntradaFecha

_FECHA = {"invalid": "Escriba la fecha como 23/11/2026"}


class PreferenciasForm(forms.Form):
    """One question for each group of events."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actuales = preferencias()
        self.grupos = {slugify(grupo).replace("-", "_"): grupo for grupo in grupos()}
        for nombre, grupo in self.grupos.items():
            self.fields[nombre] = forms.ChoiceField(
                label=grupo,
                choices=PreferenciaAviso.Modo.choices,
                widget=forms.RadioSelect,
                initial=actuales[grupo],
                help_text=escape(". ".join(uno.titulo for uno in grupos()[grupo])) + ".",
            )

    def modos(self) -> dict[str, str]:
        """What was chosen. Shape: group → mode."""
        return {grupo: self.cleaned_data[nombre] for nombre, grupo in self.grupos.items()}


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
