"""The step more of whoever registers what came by mail, phone, counter or SIGA (R22)."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict

from direcciones.models import Entidad
from plazos.reloj import ahora
from sdfi_portal.formularios import EntradaFechaHora
from solicitudes.forms.base import FormaDePaso
from solicitudes.models import Solicitud

Canal = Solicitud.Canal
CANALES = [(canal.value, canal.label) for canal in Canal if canal != Canal.PORTAL]


class RecepcionForm(FormaDePaso):
    """How and when it came, and who asks. The instant rules the place in the queue: it is the true one, not now."""

    paso = "recepcion"

    canal = forms.ChoiceField(
        label="¿Por dónde llegó?",
        choices=CANALES,
        widget=forms.RadioSelect,
        error_messages={"required": "Elija por dónde llegó.", "invalid_choice": "Elija por dónde llegó."},
    )
    recibido_en = forms.DateTimeField(
        label="¿Cuándo llegó?",
        widget=EntradaFechaHora,
        help_text="La fecha y hora en que la recibió la Secretaría General. Fija su turno en la cola.",
        error_messages={
            "required": "Escriba la fecha y la hora en que llegó.",
            "invalid": "Escriba la fecha y la hora, por ejemplo 20/11/2026 15:40.",
        },
    )
    siga_entrada = forms.CharField(
        label="Número SIGA de entrada, si lo tiene",
        max_length=40,
        required=False,
        help_text="Por ejemplo 1-2026-34567.",
    )
    peticion = forms.ChoiceField(
        label="¿Es una petición de la Ley 1755 de 2015?",
        choices=[("", "No, o no se sabe"), *Solicitud.Peticion.choices],
        required=False,
        help_text="Si lo es, tiene además su término legal. Se puede decir después.",
    )
    evidencia = forms.CharField(
        label="Evidencia de la recepción",
        max_length=300,
        required=False,
        help_text="El asunto y la hora del correo, quién llamó y a qué número, o quién vino. "
        "Basta el número SIGA, o el archivo que suba abajo.",
    )
    entidad = forms.ModelChoiceField(
        None,
        label="Entidad que pide la asistencia",
        empty_label="Elija la entidad",
        error_messages={
            "required": "Elija la entidad que pide la asistencia.",
            "invalid_choice": "Esa entidad no está vigente. Elija otra o pida que la agreguen a los catálogos.",
        },
    )
    remitente_nombre = forms.CharField(
        label="Nombre de quien la pide",
        max_length=150,
        error_messages={"required": "Escriba el nombre de quien pide la asistencia."},
    )
    remitente_cargo = forms.CharField(label="Cargo de quien la pide", max_length=150, required=False)
    remitente_correo = forms.EmailField(
        label="Correo de quien la pide",
        required=False,
        help_text="A este correo va el acuse. Si es el de un enlace de la entidad, la verá en sus solicitudes.",
        error_messages={"invalid": "Escriba el correo con @, por ejemplo nombre@entidad.gov.co."},
    )
    remitente_telefono = forms.CharField(label="Teléfono de quien la pide", max_length=40, required=False)

    def __init__(self, *args: Any, con_evidencia_subida: bool = False, **kwargs: Any) -> None:
        self.con_evidencia_subida = con_evidencia_subida
        super().__init__(*args, **kwargs)

    @property
    def entidad_del_borrador(self) -> Entidad | None:
        return self.borrador.entidad if self.borrador.entidad_id else None

    def preparar(self, datos: QueryDict) -> None:
        for nombre in ("siga_entrada", "evidencia"):
            self.fields[nombre].se_pide_despues = True  # type: ignore[attr-defined]  # one or the other
        campo = self.fields["entidad"]
        campo.queryset = Entidad.objects.vigentes().select_related("sector")  # type: ignore[attr-defined]
        campo.choices = [("", "Elija la entidad"), *_por_sector(campo.queryset)]  # type: ignore[attr-defined]

    def clean_recibido_en(self) -> Any:
        instante = self.cleaned_data["recibido_en"]
        if instante > ahora():
            raise forms.ValidationError("Esa fecha y hora aún no llega. Escriba cuándo la recibió la entidad.")
        return instante

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        if datos.get("canal") == Canal.SIGA and not datos.get("siga_entrada"):
            self.add_error("siga_entrada", "Escriba el número SIGA: así llegó.")
        tiene_evidencia = datos.get("evidencia") or datos.get("siga_entrada") or self.con_evidencia_subida
        if not tiene_evidencia and "evidencia" not in self.errors:
            self.add_error("evidencia", "Diga qué evidencia queda de la recepción, o suba el archivo.")
        return datos


def _por_sector(entidades: Any) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    filas = sorted(entidades, key=lambda entidad: (entidad.sector.nombre, entidad.nombre))
    for sector, grupo in groupby(filas, key=lambda entidad: entidad.sector.nombre):
        yield sector, [(entidad.pk, str(entidad)) for entidad in grupo]
