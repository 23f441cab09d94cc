"""The form that makes a token."""

from typing import Any

from django import forms

from api.permisos import permisos_de

DURACIONES = {30: "30 días", 90: "90 días", 180: "6 meses", 365: "Un año"}


class TokenForm(forms.Form):
    nombre = forms.CharField(
        label="¿Para qué es?",
        max_length=120,
        help_text="El programa que lo usará, por ejemplo «Tablero de la Oficina de Planeación».",
        error_messages={
            "required": "Escriba para qué es: así sabrá cuál revocar.",
            "max_length": "Acórtelo a 120 caracteres.",
        },
    )
    permisos = forms.MultipleChoiceField(
        label="¿Qué puede hacer?",
        widget=forms.CheckboxSelectMultiple,
        help_text="Dé solo los que el programa necesita.",
        error_messages={
            "required": "Elija al menos un permiso.",
            "invalid_choice": "Elija permisos de los que su rol puede dar.",
        },
    )
    dias = forms.TypedChoiceField(
        label="¿Cuánto dura?",
        coerce=int,
        choices=list(DURACIONES.items()),
        initial=90,
        widget=forms.RadioSelect,
        error_messages={"required": "Elija cuánto dura.", "invalid_choice": "Elija una de las duraciones."},
    )

    def __init__(self, *args: Any, rol: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["permisos"].choices = [(p.value, p.label) for p in permisos_de(rol)]  # type: ignore[attr-defined]
