from django import forms


class DescarteForm(forms.Form):
    motivo = forms.CharField(
        label="¿Por qué la descarta?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Queda en la bitácora. Por ejemplo: «El buzón ya no existe; avisamos por teléfono».",
        error_messages={
            "required": "Escriba por qué la descarta",
            "max_length": "Escriba el motivo en 300 caracteres o menos",
        },
    )
