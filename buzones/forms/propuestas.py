"""Who is named as liaison, and what the entity says."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from buzones.criterio.partes import DatosDeEnlace
from direcciones.models import Entidad, Membresia
from plazos.reloj import hoy
from sdfi_portal.formularios import OpcionesConAyuda

CONFIRMAR, RECHAZAR = "confirmar", "rechazar"


class ProponerForm(forms.Form):
    entidad = forms.ModelChoiceField(
        Entidad.objects.none(), label="¿De qué entidad sería enlace?", empty_label="Elija la entidad"
    )
    nombre = forms.CharField(label="Nombre completo", max_length=150)
    correo = forms.EmailField(
        label="Correo institucional",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    cargo = forms.CharField(max_length=150, required=False)
    telefono = forms.CharField(label="Teléfono", max_length=40, required=False)
    reemplaza = forms.CharField(
        label="¿A quién reemplaza?",
        max_length=254,
        required=False,
        help_text="Su nombre completo o su correo, si el mensaje lo dice. La entidad lo confirma.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entidad"].queryset = Entidad.objects.vigentes(hoy()).order_by("nombre")

    def datos(self) -> DatosDeEnlace:
        dicho = {c: self.cleaned_data[c] for c in ("nombre", "cargo", "correo", "telefono", "reemplaza")}
        return DatosDeEnlace(**dicho)


class _Enlaces(forms.ModelChoiceField):
    def label_from_instance(self, fila: Membresia) -> str:
        return f"{fila.persona.nombre} ({fila.persona.correo})"


class DecidirPropuestaForm(forms.Form):
    """`con_evidencia`: who runs the portal decides for the entity, and writes how they know."""

    decision = forms.ChoiceField(
        label="¿Es enlace de la entidad?",
        choices=[(CONFIRMAR, "Sí, invitar a esa persona"), (RECHAZAR, "No, dejar todo como está")],
        widget=OpcionesConAyuda(
            ayudas={
                CONFIRMAR: "Le enviamos una invitación que sirve 72 horas. Entra cuando la acepte.",
                RECHAZAR: "Nadie recibe usuario ni lo pierde.",
            }
        ),
    )
    reemplaza = _Enlaces(
        None,
        label="¿A quién reemplaza?",
        required=False,
        empty_label="A nadie: se suma a los enlaces",
        help_text="Si elige a alguien, pierde el acceso en cuanto usted confirme. No se puede deshacer.",
    )
    motivo = forms.CharField(
        label="Por qué no",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Solo si dice que no. Lo lee quien la propuso.",
    )
    evidencia = forms.CharField(
        label="Cómo lo dijo la entidad",
        max_length=300,
        help_text="Oficio, llamada o correo; de quién y cuándo.",
    )

    def __init__(self, *args: Any, enlaces: QuerySet[Membresia], con_evidencia: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reemplaza"].queryset = enlaces
        if not con_evidencia:
            del self.fields["evidencia"]
