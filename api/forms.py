"""The forms that make a token and an integration with another system."""

from typing import Any

from django import forms

from api.models import Evento
from api.permisos import permisos_de
from direcciones.models import Dependencia

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


class IntegracionForm(forms.Form):
    nombre = forms.CharField(
        label="¿Qué sistema es?",
        max_length=80,
        help_text="Por ejemplo, SIGA.",
        error_messages={"required": "Escriba qué sistema es.", "max_length": "Acórtelo a 80 caracteres."},
    )
    url = forms.CharField(
        label="¿A qué dirección web se le avisa?",
        max_length=500,
        widget=forms.URLInput,
        help_text="Empieza por https:// y es pública. El portal no sigue redirecciones ni llama a su propia red.",
        error_messages={"required": "Escriba la dirección.", "max_length": "Acórtela a 500 caracteres."},
    )
    eventos = forms.MultipleChoiceField(
        label="¿Qué se le avisa?",
        choices=Evento.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Nunca lo interno ni lo reservado.",
        error_messages={"required": "Elija al menos un aviso.", "invalid_choice": "Elija avisos de la lista."},
    )
    dependencias = forms.TypedMultipleChoiceField(
        label="¿De qué dependencias?",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sin ninguna marcada, de todas.",
        error_messages={"invalid_choice": "Elija dependencias de la lista."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        que_atienden = Dependencia.objects.filter(atiende=True).order_by("nombre").values_list("pk", "nombre")
        self.fields["dependencias"].choices = list(que_atienden)  # type: ignore[attr-defined]
