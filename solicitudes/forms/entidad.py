"""What the entity sends once the solicitud is filed."""

from typing import Any
from uuid import UUID, uuid4

from django import forms

from archivos.tipos import ATRIBUTO_ACCEPT
from archivos.validacion import texto_limites, validar_varios
from solicitudes.services.archivos import POR_MENSAJE


class EntradaArchivos(forms.ClearableFileInput):
    allow_multiple_selected = True


class CampoArchivos(forms.FileField):
    """Several files, each judged by its content; every reason at once."""

    widget = EntradaArchivos

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        subidos = [uno for uno in (data if isinstance(data, list | tuple) else [data]) if uno]
        if len(subidos) > POR_MENSAJE:
            raise forms.ValidationError(f"Puede enviar hasta {POR_MENSAJE} archivos a la vez.")
        validar_varios(subidos)
        return subidos


SU_RESPUESTA = "Su respuesta"


class MensajeForm(forms.Form):
    """A message or the answer to what was asked. `clave` makes a double click one message."""

    texto = forms.CharField(
        label="Mensaje",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": "Escriba el mensaje.",
            "max_length": "El mensaje pasa de 4.000 caracteres. Acórtelo o súbalo como archivo.",
        },
    )
    archivos = CampoArchivos(
        label="Archivos",
        required=False,
        widget=EntradaArchivos(attrs={"accept": ATRIBUTO_ACCEPT}),
    )
    clave = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rotulo: str = "Mensaje", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["texto"].label = rotulo
        if rotulo == SU_RESPUESTA:
            self.fields["texto"].error_messages["required"] = "Escriba su respuesta."
        self.fields["archivos"].help_text = texto_limites(POR_MENSAJE)
        self.fields["clave"].initial = uuid4

    @property
    def clave_enviada(self) -> UUID:
        return UUID(str(self.cleaned_data["clave"]))


class RetirarForm(forms.Form):
    motivo = forms.CharField(
        label="¿Por qué la retira?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Queda en la historia de la solicitud.",
        error_messages={"required": "Escriba por qué la retira: queda en la historia."},
    )


class BuscarForm(forms.Form):
    """Search in the list of the entity, by GET."""

    q = forms.CharField(label="Radicado, número SIGA o palabras del asunto", max_length=100, required=False)
