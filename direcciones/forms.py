"""One form per catalogue, made from its ficha."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db import models
from django.forms.models import model_to_dict
from django.utils import timezone

from direcciones.fichas import Ficha
from direcciones.models import Dependencia, Membresia, Persona
from direcciones.models.vigencia import Vigente
from direcciones.roles import ATIENDEN
from sdfi_portal.formularios import EntradaFecha

AYUDAS = {
    "desde": "Desde qué día cuenta.",
    "dominios_correo": "Separados por comas: entidad.gov.co. Si los escribe, solo se invita a esos dominios.",
    "palabras_clave": "Con ellas la gente encuentra el tema. Sepárelas por comas.",
    "seccion_lineamiento": "Numeral del lineamiento, por ejemplo 7.1.1.",
    "orden": "Las de número menor salen primero.",
}


def formulario(ficha: Ficha, fila: Any = None) -> type[forms.ModelForm]:
    """The class of form that adds a row, or changes `fila`."""
    campos = [c for c in ficha.campos if fila is None or c not in ficha.fijos]
    return forms.modelform_factory(ficha.modelo, form=FilaForm, fields=campos, formfield_callback=_campo)


def como_esta(ficha: Ficha, fila: Any) -> dict[str, Any]:
    """What the form that changes a row begins with: its values; of what rules by days, from the first that can be."""
    valores = model_to_dict(fila)
    if ficha.por_vigencias:
        hoy = timezone.localdate()
        valores["desde"] = fila.desde if fila.desde > hoy else hoy + timedelta(days=fila.desde == hoy)
    return valores


class FilaForm(forms.ModelForm):
    """Only rows in force can be chosen, besides the one the row already has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nombre, campo in self.fields.items():
            if isinstance(campo, forms.ModelChoiceField):
                campo.queryset = _elegibles(campo.queryset.model, self.initial.get(nombre))

    def _get_validation_exclusions(self) -> set[str]:
        """Rules of the whole row are said once, by the service."""
        return {campo.name for campo in self._meta.model._meta.get_fields()}

    def validate_constraints(self) -> None:
        """See above."""


def _elegibles(modelo: type[models.Model], actual: int | None) -> models.QuerySet[Any]:
    if modelo is Persona:
        personal = Membresia.objects.activas().filter(
            dependencia__isnull=False, rol__in=sorted({*ATIENDEN, "revisor"})
        )
        return Persona.objects.filter(models.Q(pk__in=personal.values("persona")) | models.Q(pk=actual)).order_by(
            "nombre"
        )
    filas = modelo._default_manager.all()
    if issubclass(modelo, Vigente):
        filas = filas.filter(pk__in=modelo.objects.vigentes().values("pk")) | filas.filter(pk=actual)
    return filas.order_by(*modelo._meta.ordering)


def _campo(campo: models.Field, **kwargs: Any) -> forms.Field | None:
    """Django's field, with our date control and help."""
    if isinstance(campo, models.DateField):
        kwargs["widget"] = EntradaFecha
    if isinstance(campo, models.TextField):
        kwargs["widget"] = forms.Textarea(attrs={"rows": 4})
    if isinstance(campo, models.TimeField):
        kwargs["widget"] = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    if isinstance(campo, models.URLField):
        kwargs["assume_scheme"] = "https"
    if campo.name == "dependencia_codigo":
        return _dependencia_por_codigo()
    if campo.name in AYUDAS:
        kwargs["help_text"] = AYUDAS[campo.name]
    if isinstance(campo, models.ForeignKey):
        cualquiera = "Cualquiera" if "cualquiera" in campo.help_text else "Ninguna"
        kwargs["empty_label"] = cualquiera if campo.blank else "Elija una opción"
    dibujado = campo.formfield(**kwargs)
    if dibujado is not None and campo.choices and campo.blank:
        dibujado.choices = [("", "No aplica"), *campo.choices]
    return dibujado


def _dependencia_por_codigo() -> forms.Field:
    def opciones() -> list[tuple[str, str]]:
        propias = Dependencia.objects.vigentes().order_by("codigo").values_list("codigo", "nombre")
        return [("", "Todas las dependencias"), *propias]

    return forms.ChoiceField(label="Para", choices=opciones, required=False)


class TerminarFilaForm(forms.Form):
    """The last day of a row in force."""

    hasta = forms.DateField(label="Último día vigente", widget=EntradaFecha)
    motivo = forms.CharField(label="Motivo", max_length=300, help_text="Queda en la historia.")


class RetirarFilaForm(forms.Form):
    """A day of the calendar goes with its reason."""

    motivo = forms.CharField(
        label="Motivo del retiro", max_length=200, help_text="Queda en la historia del calendario."
    )
