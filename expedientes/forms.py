from uuid import uuid4

from django import forms


class CopiaForm(forms.Form):
    destinatario = forms.CharField(
        label="¿Para quién es?", max_length=200, help_text="Por ejemplo, Contraloría de Bogotá, oficio 2026-123.",
        error_messages={"required": "Escriba para quién es."},
    )  # fmt: skip
    motivo = forms.CharField(
        label="¿Por qué se entrega?", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Queda en la historia, con su nombre.",
        error_messages={"required": "Escriba por qué se entrega."},
    )  # fmt: skip
    clave = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class HuellaForm(forms.Form):
    huella = forms.RegexField(
        r"^\s*[0-9a-fA-F]{64}\s*$",
        label="Huella SHA-256 del archivo ZIP",
        max_length=80,
        help_text="La imprime verificar.py, o la orden sha256sum. Son 64 cifras y letras.",
        error_messages={"invalid": "Escriba las 64 cifras y letras de la huella, sin espacios en medio"},
    )

    def clean_huella(self) -> str:
        return str(self.cleaned_data["huella"]).strip().lower()
