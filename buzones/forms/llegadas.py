"""What narrows the list of what the mailboxes brought."""

from typing import Any

from django import forms

from buzones.estados import EstadoLlegada
from buzones.models import Casilla


class LlegadasForm(forms.Form):
    estado = forms.ChoiceField(label="Estado", required=False, choices=[("", "Todos"), *EstadoLlegada.choices])
    casilla = forms.ModelChoiceField(
        Casilla.objects.order_by("nombre"),
        label="Casilla",
        to_field_name="nombre",
        required=False,
        empty_label="Todas",
    )

    def criterios(self) -> dict[str, Any]:
        """What was asked and understood."""
        self.is_valid()
        return {campo: valor for campo, valor in self.cleaned_data.items() if valor}
