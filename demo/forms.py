"""What a visitor of the demonstration sends to an official mailbox."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from buzones.models import Casilla

MAXIMO = 5 * 1024 * 1024


class RecibirForm(forms.Form):
    """A message written here, or a file: one of the two."""

    archivo = forms.FileField(
        label="Un mensaje guardado",
        required=False,
        help_text="Un archivo .eml de hasta 5 MB. Déjelo vacío para escribir el mensaje.",
    )
    de = forms.EmailField(
        label="De",
        required=False,
        help_text="Una dirección de una entidad registrada, como carmen.pardo@subredsur.example, o cualquiera.",
    )
    casilla = forms.ModelChoiceField(label="Para", queryset=Casilla.objects.none(), empty_label=None)
    asunto = forms.CharField(label="Asunto", max_length=200, required=False)
    texto = forms.CharField(label="Mensaje", max_length=8000, required=False, widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        casillas = Casilla.objects.vigentes().filter(activa=True).select_related("buzon")
        self.fields["casilla"].queryset = casillas
        self.fields["casilla"].label_from_instance = lambda una: una.buzon.correo

    def clean_archivo(self) -> UploadedFile | None:
        archivo: UploadedFile | None = self.cleaned_data["archivo"]
        if archivo is not None and (archivo.size or 0) > MAXIMO:
            raise forms.ValidationError("Pesa más de 5 MB. Elija uno más pequeño.")
        return archivo

    def clean(self) -> dict[str, Any]:
        datos: dict[str, Any] = super().clean() or {}
        if not datos.get("archivo"):
            for campo, falta in (("de", "Escriba de quién es."), ("texto", "Escriba el mensaje.")):
                if not datos.get(campo) and campo not in self.errors:
                    self.add_error(campo, falta)
        return datos
