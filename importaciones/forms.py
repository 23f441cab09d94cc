"""The file, and which column is what."""

from typing import Any

from django import forms

from importaciones.campos import CAMPOS
from importaciones.estados import CON_ACUSE, Tipo
from importaciones.lectura import ACEPTA, LIMITE, Hoja
from importaciones.models import Importacion
from importaciones.services.siga import REEMPLAZAR


class SubirForm(forms.Form):
    archivo = forms.FileField(
        label="Archivo",
        help_text=f"XLSX, ODS o CSV, con los títulos en una fila. Hasta {LIMITE} filas y 20 MB.",
        widget=forms.FileInput(attrs={"accept": ACEPTA}),
    )


class ColumnasForm(forms.Form):
    """One select per field, with the headings of the file."""

    MARCAS = ("con_acuse", "reemplaza")

    def __init__(self, *args: Any, importacion: Importacion, hoja: Hoja, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for campo in CAMPOS[importacion.tipo]:
            self.fields[campo.clave] = forms.ChoiceField(
                label=campo.titulo,
                required=campo.obligatorio,
                choices=[("", "Ninguna"), *((titulo, titulo) for titulo in hoja.titulos)],
                help_text=campo.ayuda,
                error_messages={"required": f"Elija qué columna trae «{campo.titulo}»."},
            )
        if importacion.tipo in CON_ACUSE:
            self.fields["con_acuse"] = forms.BooleanField(
                label="Enviar a cada entidad el acuse con el radicado nuevo",
                required=False,
                help_text="Sin marcarla, la entidad no recibe nada por esta importación.",
            )
        if importacion.tipo == Tipo.SIGA:
            self.fields["reemplaza"] = forms.BooleanField(
                label=REEMPLAZAR,
                required=False,
                help_text="Sin marcarla, la fila que trae otro número queda por corregir y nada cambia. El ensayo "
                "muestra cada número de antes y el de después.",
            )

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        vistos: dict[str, str] = {}
        for clave, titulo in list(datos.items()):
            if clave in self.MARCAS or not titulo:
                continue
            if titulo in vistos:
                self.add_error(clave, f"La columna «{titulo}» ya se usa para «{self.fields[vistos[titulo]].label}».")
            vistos.setdefault(titulo, clave)
        return datos

    def mapa(self) -> dict[str, str]:
        return {c: t for c, t in self.cleaned_data.items() if t and c not in self.MARCAS}

    def marcas(self) -> dict[str, bool]:
        return {marca: bool(self.cleaned_data.get(marca)) for marca in self.MARCAS}
