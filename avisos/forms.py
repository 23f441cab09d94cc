from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.text import slugify

from avisos.eventos import Evento
from avisos.models import PoliticaAviso, PreferenciaAviso
from avisos.models.libro import ESTADOS
from avisos.models.politicas import EN_PALABRAS
from avisos.recordables import recordables
from avisos.services import grupos, preferencias
from sdfi_portal.formularios import EntradaFecha

_FECHA = {"invalid": "Escriba la fecha como 23/11/2026"}


class PreferenciasForm(forms.Form):
    """One question for each group of events."""

    def __init__(self, *args: Any, mios: Iterable[Evento], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        suyas, self.grupos = preferencias(), {}
        for grupo, eventos in grupos(mios).items():
            nombre = slugify(grupo).replace("-", "_")
            self.grupos[nombre] = grupo
            self.fields[nombre] = forms.ChoiceField(
                label=grupo,
                choices=PreferenciaAviso.Modo.choices,
                widget=forms.RadioSelect,
                initial=suyas.get(grupo, PreferenciaAviso.Modo.AL_MOMENTO),
                help_text=escape(". ".join(uno.titulo for uno in eventos)) + ".",
            )

    def modos(self) -> dict[str, str]:
        """What was chosen. Shape: group → mode."""
        return {grupo: self.cleaned_data[nombre] for nombre, grupo in self.grupos.items()}


class PoliticaForm(forms.Form):
    """A reminder that is added. What it is of is not changed afterwards: it is silenced, and another one added."""

    reloj = forms.ChoiceField(label="¿Con qué fecha se cuenta?", widget=forms.RadioSelect)
    cuando = forms.ChoiceField(
        label="¿Cuándo?",
        choices=[("antes", "Antes, o el mismo día"), ("despues", "Después")],
        widget=forms.RadioSelect,
    )
    dias = forms.IntegerField(
        label="¿Cuántos días hábiles?",
        min_value=0,
        max_value=30,
        help_text="0 es el mismo día.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Escriba cuántos días hábiles.",
            "min_value": "Escriba un número de 0 a 30.",
            "max_value": "Escriba un número de 0 a 30.",
            "invalid": "Escriba un número de 0 a 30.",
        },
    )
    a_quien = forms.ChoiceField(label="¿A quién?", choices=PoliticaAviso.Destino.choices, widget=forms.RadioSelect)
    canal = forms.ChoiceField(
        label="¿Por dónde?", choices=PoliticaAviso.Canal.choices, widget=forms.RadioSelect, initial="correo"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relojes = recordables()
        self.fields["reloj"].choices = [(r.value, dicho.fecha) for r, dicho in EN_PALABRAS.items() if r in relojes]

    def clean(self) -> dict[str, Any]:
        limpio = super().clean() or {}
        if limpio.get("cuando") == "despues" and limpio.get("dias") == 0:
            self.add_error("dias", "Después es 1 día hábil o más.")
        return limpio

    def politica(self) -> dict[str, Any]:
        limpio = self.cleaned_data
        signo = 1 if limpio["cuando"] == "despues" else -1
        return {"dias": signo * limpio["dias"], **{c: limpio[c] for c in ("reloj", "a_quien", "canal")}}


class CambiarPoliticaForm(forms.Form):
    activa = forms.BooleanField(label="Enviar este recordatorio", required=False)
    canal = forms.ChoiceField(label="¿Por dónde?", choices=PoliticaAviso.Canal.choices, widget=forms.RadioSelect)

    def cambios(self) -> dict[str, Any]:
        return {campo: self.cleaned_data[campo] for campo in ("canal", "activa")}


class CambiarCicloForm(CambiarPoliticaForm):
    """Also when it comes round."""

    cada = forms.ChoiceField(
        label="¿Cada cuándo?",
        choices=[
            ("anual", "Cada año, desde un día"),
            ("hasta", "Cada año, unos días hábiles antes de un día"),
            ("trimestral", "Cada trimestre, desde su primer día hábil"),
        ],
        widget=forms.RadioSelect,
    )
    dia = forms.CharField(
        label="¿Qué día del año?",
        required=False,
        help_text="Día y mes. Por ejemplo: 15/01. Si cae en un día no hábil, sale el hábil siguiente.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "6"}),
    )
    antes = forms.CharField(
        label="¿Cuántos días hábiles antes?",
        required=False,
        help_text="Solo si es antes de un día. Separe con comas: 30, 10, 0. El 0 es el mismo día.",
        widget=forms.TextInput(attrs={"size": "14"}),
    )

    def clean(self) -> dict[str, Any]:
        limpio = super().clean() or {}
        cada, dia, antes = limpio.get("cada"), str(limpio.get("dia", "")), str(limpio.get("antes", ""))
        self.ciclo = "trimestral"
        if cada in {"anual", "hasta"}:
            mes_y_dia = _mes_y_dia(dia)
            if not mes_y_dia:
                self.add_error("dia", "Escriba el día y el mes como 15/01")
            self.ciclo = f"{cada}:{mes_y_dia}"
        if cada == "hasta":
            numeros = [uno.strip() for uno in antes.split(",")]
            if not (0 < len(numeros) <= 5 and all(uno.isdecimal() and int(uno) <= 60 for uno in numeros)):
                self.add_error("antes", "Escriba de uno a cinco números de 0 a 60, separados por comas")
            else:
                dias = sorted({int(uno) for uno in numeros}, reverse=True)
                self.ciclo += ":" + ",".join(f"-{uno}" if uno else "0" for uno in dias)
        return limpio

    def cambios(self) -> dict[str, Any]:
        return {**super().cambios(), "ciclo": self.ciclo}

    @staticmethod
    def iniciales(regla: str) -> dict[str, str]:
        """The fields that say a rule."""
        cada, _, resto = regla.partition(":")
        mes_y_dia, _, antes = resto.partition(":")
        mes, _, dia = mes_y_dia.partition("-")
        dichos = ", ".join(uno.lstrip("-") for uno in antes.split(","))
        return {"cada": cada, "dia": f"{dia}/{mes}" if dia else "", "antes": dichos}


def _mes_y_dia(texto: str) -> str:
    """«15/1» → «01-15»; '' when it is no day of every year."""
    try:
        dia, mes = (int(uno) for uno in texto.strip().split("/"))
        return date(2023, mes, dia).strftime("%m-%d")
    except ValueError:
        return ""


class LibroForm(forms.Form):
    """What the ledger is searched by."""

    radicado = forms.CharField(label="Radicado", max_length=20, required=False)
    correo = forms.CharField(
        label="Correo", max_length=254, required=False, widget=forms.TextInput(attrs={"placeholder": "La dirección"})
    )
    estado = forms.ChoiceField(
        label="Estado",
        required=False,
        choices=[("", "Todos"), *((clave, texto) for clave, (texto, _) in ESTADOS.items())],
    )
    desde = forms.DateField(label="Desde", required=False, widget=EntradaFecha, error_messages=_FECHA)
    hasta = forms.DateField(label="Hasta", required=False, widget=EntradaFecha, error_messages=_FECHA)

    def clean_radicado(self) -> str:
        return str(self.cleaned_data["radicado"]).upper()

    def clean_correo(self) -> str:
        return str(self.cleaned_data["correo"]).lower()

    def criterios(self) -> dict[str, Any]:
        """What was asked and understood."""
        self.is_valid()
        return {campo: valor for campo, valor in self.cleaned_data.items() if valor}


class DireccionForm(forms.Form):
    motivo = forms.CharField(
        label="¿Cómo supo que ya recibe?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Queda en la bitácora. Por ejemplo: «La entidad confirmó por teléfono que amplió el buzón».",
        error_messages={
            "required": "Escriba cómo supo que la dirección ya recibe",
            "max_length": "Escriba el motivo en 300 caracteres o menos",
        },
    )
