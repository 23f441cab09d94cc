"""The step more of whoever registers what came by mail, phone, counter or SIGA (R22)."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from direcciones.models import Entidad
from plazos.calendario import ErrorDePlazo
from plazos.reloj import ahora
from sdfi_portal.formularios import EntradaFechaHora
from solicitudes.forms.base import FormaDePaso
from solicitudes.models import Solicitud
from solicitudes.services.plazo import plazo_de_solicitud
from solicitudes.services.siga import NumeroRepetido, leer_numero, radicado_con_siga

Canal = Solicitud.Canal
LARGO_EVIDENCIA = Solicitud._meta.get_field("evidencia").max_length or 0
# Field → how the evidence says it.
DE_LA_LLAMADA = {
    "llamada_contesto": "Contestó",
    "llamada_numero": "Llamaron del",
    "llamada_registro": "Queda en",
}
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
        help_text="La fecha y hora en que la recibió la Secretaría General, no la de ahora. Fija su turno en la cola.",
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
        help_text="El asunto y la hora del correo, o quién vino y qué trajo. "
        "Basta el número SIGA, quién contestó la llamada, o el archivo que suba abajo.",
    )
    llamada_contesto = forms.CharField(label="Quién contestó la llamada", max_length=100, required=False)
    llamada_numero = forms.CharField(
        label="Número desde el que llamaron",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    llamada_registro = forms.CharField(
        label="Dónde queda el registro de la llamada",
        max_length=100,
        required=False,
        help_text="Por ejemplo: planilla de llamadas, folio 12, o la grabación 2026-03-25 10:00.",
    )
    # The dirección whose temas come open in the next step: that of the one before, or one's own.
    direccion = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
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

    def conocidos(self) -> dict[str, Any]:
        """Whoever registers a call answered it, almost always."""
        return {"llamada_contesto": self.borrador.persona.nombre}

    def cuenta(self, nombre: str) -> bool:
        return nombre not in DE_LA_LLAMADA or self.data.get("canal") == Canal.TELEFONO

    def preparar(self, datos: QueryDict) -> None:
        self.fields["recibido_en"].widget.attrs["max"] = f"{timezone.localtime(ahora()):%Y-%m-%dT%H:%M}"
        for nombre in ("siga_entrada", "evidencia", "llamada_contesto"):
            self.fields[nombre].se_pide_despues = True  # type: ignore[attr-defined]  # one or the other
        campo = self.fields["entidad"]
        campo.queryset = Entidad.objects.vigentes().select_related("sector")  # type: ignore[attr-defined]
        campo.choices = [("", "Elija la entidad"), *_por_sector(campo.queryset)]  # type: ignore[attr-defined]

    def clean_recibido_en(self) -> Any:
        instante = self.cleaned_data["recibido_en"]
        if instante > ahora():
            raise forms.ValidationError("Esa fecha y hora aún no llega. Escriba cuándo la recibió la Secretaría.")
        try:
            plazo_de_solicitud(instante)
        except ErrorDePlazo as error:
            raise forms.ValidationError(str(error)) from None
        return instante

    def clean_siga_entrada(self) -> str:
        numero = leer_numero(self.cleaned_data["siga_entrada"])
        if suya := radicado_con_siga(numero):
            raise NumeroRepetido(numero, suya)
        return numero

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        trae_siga = datos.get("siga_entrada") or "siga_entrada" in self.errors
        if datos.get("canal") == Canal.SIGA and not trae_siga:
            self.add_error("siga_entrada", "Escriba el número SIGA: así llegó.")
        tiene_evidencia = evidencia_escrita(datos) or trae_siga or self.con_evidencia_subida
        if not tiene_evidencia and "evidencia" not in self.errors:
            falta = "llamada_contesto" if datos.get("canal") == Canal.TELEFONO else "evidencia"
            self.add_error(falta, "Diga qué evidencia queda de la recepción, o suba el archivo.")
        return datos


def evidencia_escrita(datos: Mapping[str, Any]) -> str:
    """What was typed, in one line; of a call, also who answered it, from where it came and where it is kept."""
    partes = [str(datos.get("evidencia") or "").strip().rstrip(".")]
    if datos.get("canal") == Canal.TELEFONO:
        dichos = {nombre: str(datos.get(nombre) or "").strip() for nombre in DE_LA_LLAMADA}
        partes += [f"{texto} {dichos[nombre]}" for nombre, texto in DE_LA_LLAMADA.items() if dichos[nombre]]
    return ". ".join(filter(None, partes))[:LARGO_EVIDENCIA]


def _por_sector(entidades: Any) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    filas = sorted(entidades, key=lambda entidad: (entidad.sector.nombre, entidad.nombre))
    for sector, grupo in groupby(filas, key=lambda entidad: entidad.sector.nombre):
        yield sector, [(entidad.pk, str(entidad)) for entidad in grupo]
