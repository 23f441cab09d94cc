"""A casilla as the administrador writes it."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from buzones.models import Casilla
from direcciones.models import Buzon, Tema
from sdfi_portal.formularios import EntradaFechaHora

CAMPOS = ("nombre", "buzon", "conexion", "carpeta", "carpeta_leidos", "es_compartida", "desde_en",
          "servidor_autenticacion", "temas_por_defecto", "activa")  # fmt: skip


class CasillaForm(forms.Form):
    nombre = forms.SlugField(
        label="Nombre de la casilla",
        max_length=40,
        help_text="Corto y sin espacios: con él se nombra en los avisos y en las órdenes del servidor.",
        error_messages={
            "required": "Escriba un nombre corto, por ejemplo mipg.",
            "invalid": "Escriba solo letras sin tilde, números y guiones",
        },
    )
    buzon = forms.ModelChoiceField(
        Buzon.objects.none(),
        label="Buzón al que pertenece",
        empty_label="Elija un buzón",
        help_text="El que conocen las entidades. Si no está, agréguelo antes en el catálogo de buzones.",
        error_messages={"required": "Elija el buzón."},
    )
    conexion = forms.ChoiceField(
        label="Conexión",
        required=False,
        help_text="Con qué cuenta se lee. La dirección del servidor y su clave están en el servidor del portal, nunca "
        "en esta página.",
    )
    carpeta = forms.CharField(
        label="Carpeta que se lee",
        max_length=200,
        initial="INBOX",
        help_text="INBOX es la bandeja de entrada. De un buzón compartido, la carpeta de este servicio.",
    )
    carpeta_leidos = forms.CharField(
        label="Carpeta a la que pasa lo ya guardado",
        max_length=200,
        initial="Portal leidos",
        help_text="Si no existe, se crea. El portal no borra ningún mensaje.",
    )
    es_compartida = forms.BooleanField(
        label="El buzón lo usan también otras oficinas",
        required=False,
        help_text="Entonces solo se lee su carpeta, nunca la bandeja de entrada.",
    )
    desde_en = forms.DateTimeField(
        label="Se atiende lo que llegue desde",
        widget=EntradaFechaHora,
        help_text="Lo anterior queda donde está y no se responde: ya se atendió de otra manera.",
    )
    servidor_autenticacion = forms.CharField(
        label="Servidor que comprueba al remitente",
        max_length=253,
        required=False,
        help_text="El nombre con que el servidor de correo firma «Authentication-Results». Vacío: no se le cree a "
        "ninguno.",
    )
    tema = forms.ModelChoiceField(
        Tema.objects.none(),
        label="Tema de lo que llega aquí",
        required=False,
        empty_label="El que diga cada mensaje",
        help_text="Solo si a este buzón se escribe siempre sobre lo mismo.",
    )
    activa = forms.BooleanField(label="Leerla", required=False, initial=True)

    def __init__(self, *args: Any, casilla: Casilla | None = None, **kwargs: Any) -> None:
        self.casilla = casilla
        actual = {campo: getattr(casilla, campo) for campo in CAMPOS} if casilla else {"desde_en": timezone.now()}
        temas = actual.pop("temas_por_defecto", [])
        kwargs["initial"] = {**actual, "tema": temas[0] if temas else None, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["buzon"].queryset = _en_uso(Buzon, casilla and casilla.buzon_id).order_by("correo")
        suyos = _en_uso(Tema, temas[0] if temas else None).select_related("dependencia")
        self.fields["tema"].queryset = suyos.order_by("dependencia__codigo", "nombre")
        self.fields["conexion"].choices = conexiones(casilla.conexion if casilla else "")

    def datos(self) -> dict[str, Any]:
        """The columns of the casilla."""
        limpio = dict(self.cleaned_data)
        tema = limpio.pop("tema")
        # The control says minutes: what nobody changed keeps its seconds.
        antes = self.casilla.desde_en if self.casilla else None
        if antes and antes.replace(second=0, microsecond=0) == limpio["desde_en"]:
            limpio["desde_en"] = antes
        return {**limpio, "temas_por_defecto": [tema.pk] if tema else []}


def conexiones(actual: str = "") -> list[tuple[str, str]]:
    """The accounts that the server has, by key; and the one that the casilla names, also when it is not there."""
    hay = [(clave, f"{clave}: {c.usuario}, en {c.servidor}") for clave, c in sorted(settings.BUZONES.items())]
    if actual and actual not in settings.BUZONES:
        hay.append((actual, f"{actual}: no está configurada en el servidor"))
    return [("", "Ninguna: no la lee el portal, le llega por otro medio"), *hay]


def _en_uso(modelo: type[Any], actual: int | None) -> Any:
    return modelo.objects.filter(pk__in=modelo.objects.vigentes().values("pk")) | modelo.objects.filter(pk=actual)
