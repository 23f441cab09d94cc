"""Form of a saved view of the register."""

from typing import Any

from django import forms

from direcciones.models import Dependencia
from solicitudes.models import Vista


class VistaForm(forms.Form):
    nombre = forms.CharField(
        label="Nombre de la vista", max_length=60, help_text="Por ejemplo «Vencidas del sector Salud»."
    )
    dependencia = forms.ModelChoiceField(
        label="Compartirla con",
        queryset=Dependencia.objects.none(),
        required=False,
        empty_label="Nadie: solo la veo yo",
        help_text="La ven las personas de esa dependencia, y no las de otras debajo. Solo usted puede cambiarla.",
    )
    predeterminada = forms.BooleanField(label="Abrirla al entrar al registro", required=False)

    def __init__(self, *args: Any, vista: Vista, jefaturas: tuple[int, ...], **kwargs: Any) -> None:
        iniciales = {
            "nombre": vista.nombre,
            "dependencia": vista.dependencia_id,
            "predeterminada": vista.predeterminada,
        }
        super().__init__(*args, initial=iniciales, **kwargs)
        if jefaturas:
            self.fields["dependencia"].queryset = Dependencia.objects.filter(pk__in=jefaturas).order_by("nombre")
        else:
            del self.fields["dependencia"]
