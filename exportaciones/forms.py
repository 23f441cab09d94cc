"""What one chooses when asking for an export. The filters come in the address, from the register."""

from typing import Any

from django import forms

from exportaciones.estados import Formato
from sdfi_portal.formularios import OpcionesConAyuda

PARA_SIGA = "siga"
LO_DE_SIGA = (PARA_SIGA, "Para SIGA: sus números, el radicado y el estado de las que usted puede abrir")
AYUDAS = {
    Formato.CSV: "Texto separado por punto y coma. La más rápida, y para otros programas.",
    Formato.XLSX: "Con fechas y números que se pueden ordenar y sumar. Si no cabe en una hoja, sigue en otra.",
    Formato.ODS: "Lo mismo, para LibreOffice.",
}


class ExportarForm(forms.Form):
    formato = forms.ChoiceField(label="Formato", choices=Formato.choices, widget=OpcionesConAyuda(ayudas=AYUDAS))
    columnas = forms.ChoiceField(label="Columnas", widget=forms.RadioSelect)

    def __init__(self, *args: Any, elegidas: int, todas: int, para_siga: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columnas"].choices = [
            ("elegidas", f"Las {elegidas} que muestra el registro"),
            ("todas", f"Todas: {todas}"),
            *([LO_DE_SIGA] if para_siga else []),
        ]
        self.initial = {"formato": Formato.XLSX, "columnas": "elegidas"} | self.initial
