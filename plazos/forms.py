"""What the public calculator asks. Its errors say how to mend them, and what was typed is never lost."""

import re
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from plazos.calendario import FueraDeCalendario
from plazos.fechas import BOGOTA
from plazos.nombres import nombrar
from plazos.services import Reglas
from plazos.terminos import Plazo, SinHorario, calcular_plazo

DIAS_USUALES = (5, 10, 15, 30)
DIAS_MAXIMOS = 365
# What a browser sends, whatever its language: `fromisoformat` alone would also take weeks and time zones.
FECHA = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# What a person of Bogotá writes where the browser gives no calendar.
DIA_MES_ANIO = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
HORA = re.compile(r"\d{1,2}:\d{2}(:\d{2})?", re.ASCII)


def _fecha(texto: str) -> date:
    """Raises ValueError when there is no such day."""
    if partes := DIA_MES_ANIO.fullmatch(texto):
        dia, mes, anio = map(int, partes.groups())
        return date(anio, mes, dia)
    return date.fromisoformat(texto if FECHA.fullmatch(texto) else "")


class CalculadoraForm(forms.Form):
    """By GET: the address holds the whole question, so it can be shared."""

    fecha = forms.CharField(
        label="Fecha en que se recibió",
        error_messages={"required": "Escriba la fecha en que se recibió, por ejemplo 25/03/2026"},
        widget=forms.TextInput,
    )
    hora = forms.CharField(
        label="Hora en que se recibió",
        help_text="Hora de Bogotá. Lo que llega después del cierre cuenta desde el siguiente día hábil.",
        error_messages={"required": "Escriba la hora en que se recibió, por ejemplo 10:00 o 16:31"},
        widget=forms.TextInput,
    )
    dias = forms.CharField(
        label="Días hábiles del plazo",
        help_text=f"De 1 a {DIAS_MAXIMOS}.",
        error_messages={"required": f"Escriba cuántos días hábiles tiene el plazo, de 1 a {DIAS_MAXIMOS}"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    horario = forms.ChoiceField(
        label="Horario de atención",
        required=False,
        help_text="Solo aparecen las dependencias que tienen un horario propio.",
        error_messages={"invalid_choice": "Elija un horario de la lista: ese no existe"},
    )

    def __init__(self, reglas: Reglas, *args: Any, **opciones: Any) -> None:
        super().__init__(*args, **opciones)
        self.reglas = reglas
        self.plazo: Plazo | None = None
        propios = nombrar({horario.dependencia_codigo for horario in reglas.horarios} - {""})
        self.fields["horario"].choices = [("", "General"), *propios]  # type: ignore[attr-defined]
        if not propios and not self.data.get("horario"):
            del self.fields["horario"]

    def clean_fecha(self) -> date:
        texto = self.cleaned_data["fecha"]
        try:
            fecha = _fecha(texto)
        except ValueError:
            raise ValidationError("Esa fecha no existe. Escríbala como día/mes/año, por ejemplo 25/03/2026") from None
        datos = self.data.copy()  # type: ignore[attr-defined]
        datos["fecha"] = fecha.isoformat()  # the only form that a date control can draw
        self.data = datos
        calendario = self.reglas.calendario
        if not calendario.desde_anio <= fecha.year <= calendario.hasta_anio:
            raise ValidationError(
                f"Escriba una fecha entre {calendario.desde_anio} y {calendario.hasta_anio}, los años del calendario"
            )
        return fecha

    def clean_hora(self) -> time:
        texto = self.cleaned_data["hora"]
        try:
            return time.fromisoformat(texto.zfill(len("00:00")) if HORA.fullmatch(texto) else "")
        except ValueError:
            raise ValidationError("Esa hora no existe. Escríbala de 0:00 a 23:59, por ejemplo 16:31") from None

    def clean_dias(self) -> int:
        texto = self.cleaned_data["dias"]
        dias = int(texto) if re.fullmatch(r"\d{1,4}", texto, re.ASCII) else 0
        if not 1 <= dias <= DIAS_MAXIMOS:
            raise ValidationError(f"Escriba un número entero de días hábiles, de 1 a {DIAS_MAXIMOS}")
        return dias

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        if not self.errors:
            try:
                self.plazo = calcular_plazo(
                    datetime.combine(datos["fecha"], datos["hora"], BOGOTA),
                    datos["dias"],
                    self.reglas.calendario,
                    self.reglas.horarios,
                    dependencia_codigo=datos.get("horario", ""),
                )
            except FueraDeCalendario:
                self.add_error(
                    "dias",
                    f"El plazo termina después de {self.reglas.calendario.hasta_anio}, el último año del calendario. "
                    "Escriba menos días o una fecha anterior",
                )
            except SinHorario:
                self.add_error("fecha", "Ningún horario de atención rige en esas fechas. Escriba una fecha posterior")
        return datos

    def dibujar(self) -> None:
        """Choose the control of date and hour: a browser would empty one that it can't read, and it would be lost."""
        for nombre, tipo in (("fecha", "date"), ("hora", "time")):
            if nombre not in self.errors:
                self.fields[nombre].widget.input_type = tipo
