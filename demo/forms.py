"""What a visitor of the demonstration sends to an official mailbox."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from buzones.models import Casilla

MAXIMO = 5 * 1024 * 1024
DEL_EJEMPLO = "registrodistrital"  # where what the form begins with is of


class RecibirForm(forms.Form):
    """A message written here, or a file: one of the two."""

    de = forms.EmailField(
        label="De",
        required=False,
        initial="gloria.cano@sdm.example",
        help_text="Lo que termina en @sdm.example es de la Secretaría de Movilidad. Pruebe también con otra.",
    )
    casilla = forms.ModelChoiceField(label="Para", queryset=Casilla.objects.none(), empty_label=None)
    asunto = forms.CharField(
        label="Asunto", max_length=200, required=False, initial="Publicación en el Registro Distrital"
    )
    texto = forms.CharField(
        label="Mensaje",
        max_length=8000,
        required=False,
        widget=forms.Textarea,
        initial="Solicitamos publicar en el Registro Distrital la Resolución 145 de 2026, que adopta el plan de "
        "movilidad. El acto administrativo ya está firmado y numerado; enviamos la publicación con su constancia.",
    )
    archivo = forms.FileField(
        label="O un mensaje guardado",
        required=False,
        help_text="Un archivo .eml de hasta 5 MB. Entra en lugar de lo escrito arriba.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        casillas = Casilla.objects.vigentes().filter(activa=True).select_related("buzon")
        self.fields["casilla"].queryset = casillas
        self.fields["casilla"].label_from_instance = lambda una: una.buzon.correo
        self.fields["casilla"].initial = casillas.filter(nombre=DEL_EJEMPLO).first()
        for campo in ("de", "texto"):  # unless a file comes instead
            self.fields[campo].se_pide_despues = True  # type: ignore[attr-defined]

    def clean_archivo(self) -> UploadedFile | None:
        archivo: UploadedFile | None = self.cleaned_data["archivo"]
        if archivo is not None and (archivo.size or 0) > MAXIMO:
            raise forms.ValidationError("Pesa más de 5 MB. Elija uno más pequeño.")
        return archivo

    def clean(self) -> dict[str, Any]:
        datos: dict[str, Any] = super().clean() or {}
        if not datos.get("archivo"):
            for campo, falta in (
                ("de", "Escriba de quién es el mensaje, por ejemplo gloria.cano@sdm.example."),
                ("texto", "Escriba el mensaje, o elija un archivo."),
            ):
                if not datos.get(campo) and campo not in self.errors:
                    self.add_error(campo, falta)
        return datos
