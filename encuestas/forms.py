"""The five questions (R32, R36, R98)."""

from django import forms

from encuestas.models import Encuesta, Escala


def _escala(etiqueta: str, ayuda: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=etiqueta,
        help_text=ayuda,
        choices=[(str(e.value), e.label) for e in Escala],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": f"Elija una opción en «{etiqueta}»."},
    )


class RespuestaForm(forms.Form):
    oportunidad = _escala("Oportunidad", "¿Llegó la respuesta cuando la necesitaba?")
    pertinencia = _escala("Pertinencia", "¿Respondió con claridad lo que preguntó?")
    calidad = _escala("Calidad", "¿Cómo califica el contenido y el trato?")
    resolvio = forms.ChoiceField(
        label="¿Resolvió su necesidad?",
        choices=Encuesta.Resolvio.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Elija si resolvió su necesidad."},
    )
    aplicara = forms.ChoiceField(
        label="¿Puede aplicar en su trabajo lo que recibió?",
        choices=Encuesta.Resolvio.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Elija si puede aplicarlo."},
    )
    mejoraria = forms.CharField(
        label="¿Qué mejoraría?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
