"""How every form of the portal is drawn: label, help, error, then the control (interface.md §0, GOV.UK patterns).

A form needs nothing special: `{{ form }}` or `{{ form.campo.as_field_group }}` come out right. What a field may add:

- `widget.attrs["data-contador"]` is set by itself on a textarea with `max_length` (the server still refuses more);
- `OpcionesConAyuda(ayudas={valor: texto})` explains each option of a radio group.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class CampoDibujado(BoundField):
    """A field that knows where its error link points and which texts describe it."""

    @property
    def ancla(self) -> str:
        """Id of the first control that can take the focus, for the links of the error summary."""
        if not self.use_fieldset:
            return self.id_for_label or self.auto_id
        if isinstance(self.field.widget, forms.MultiWidget | forms.SelectDateWidget):
            return next(iter(_ids_de_subwidgets(self)), self.auto_id)
        return f"{self.auto_id}_0"

    @property
    def es_casilla(self) -> bool:
        """A single checkbox: its label goes after the control."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def es_opcional(self) -> bool:
        """Whether its label says «(opcional)»: not of a box to tick, nor of what is asked for later."""
        return not self.field.required and not self.es_casilla and not getattr(self.field, "se_pide_despues", False)

    @property
    def lleva_contador(self) -> int:
        """Longest text of a textarea, or 0 when it has no limit."""
        if isinstance(self.field.widget, forms.Textarea):
            return getattr(self.field, "max_length", None) or 0
        return 0

    @property
    def aria_describedby(self) -> str | None:
        descripcion = super().aria_describedby
        if descripcion is not None and self.lleva_contador and self.auto_id:
            return f"{descripcion} {self.auto_id}_contador".strip()
        return descripcion

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        finales = super().build_widget_attrs(attrs, widget)
        if self.lleva_contador:
            # A silent cut would lose what was pasted: count, and let the server say it is too long.
            finales |= {"data-contador": self.lleva_contador, "maxlength": False}
        return finales


def _ids_de_subwidgets(campo: BoundField) -> list[str]:
    contexto = campo.field.widget.get_context(campo.html_name, campo.value(), {"id": campo.auto_id})
    return [sub["attrs"].get("id", "") for sub in contexto["widget"].get("subwidgets", [])]


class Renderer(TemplatesSetting):
    """Draws forms with the project's own templates (`templates/django/forms/`)."""

    bound_field_class = CampoDibujado

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == forms.Select.template_name:
            return _select(context["widget"])
        return super().render(template_name, context, request)


class SelectDeFilas(forms.Select):
    """`<select>` of many rows that hardly change: its options are written once for each list and each chosen one."""

    filas: tuple[tuple[str, str], ...] = ()

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        opciones = _opciones(self.filas, "" if value is None else str(value))
        finales = _atributos(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}\n</select>', name, finales, opciones)


class Eleccion(forms.Field):
    """One of the rows offered, by its value as text; what nobody offered is not understood. The options are texts that
    were read already: neither making the field nor drawing it goes over them again."""

    widget = SelectDeFilas
    default_error_messages = {"invalid_choice": "Elija una opción de la lista"}

    def __init__(self, label: str, vacia: str, filas: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(label=label, required=False)
        self.vacia = vacia
        self.ofrecer(filas)

    def ofrecer(self, filas: Iterable[tuple[str, str]]) -> None:
        self.widget.filas = (("", self.vacia), *filas)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        filas: tuple[tuple[str, str], ...] = self.widget.filas
        return filas

    def to_python(self, value: Any) -> str:
        elegido = "" if value is None else str(value)
        if elegido not in _valores_de(self.choices):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return elegido


@lru_cache(maxsize=256)
def _valores_de(filas: tuple[tuple[str, str], ...]) -> frozenset[str]:
    return frozenset(valor for valor, _ in filas)


@lru_cache(maxsize=256)
def _opciones(filas: tuple[tuple[str, str], ...], elegida: str) -> SafeString:
    dibujadas = ((valor, _atributos({"selected": valor == elegida}), texto) for valor, texto in filas)
    return format_html_join("", '\n  <option value="{}"{}>{}</option>', dibujadas)


def _select(widget: Mapping[str, Any]) -> SafeString:
    """`<select>` as Django's templates draw it, without a template for each option and another for its attributes:
    the filters of a queue have two hundred options, and were half of what its page cost."""
    grupos = []
    for nombre, opciones, _ in widget["optgroups"]:
        # Its value as text: an id with thousand separators would be another.
        filas = ((str(opcion["value"]), _atributos(opcion["attrs"]), opcion["label"]) for opcion in opciones)
        lista = format_html_join("", '\n  <option value="{}"{}>{}</option>', filas)
        grupos.append(format_html('\n  <optgroup label="{}">{}\n  </optgroup>', nombre, lista) if nombre else lista)
    dentro = format_html_join("", "{}", ((grupo,) for grupo in grupos))
    return format_html('<select name="{}"{}>{}\n</select>', widget["name"], _atributos(widget["attrs"]), dentro)


def _atributos(atributos: Mapping[str, Any]) -> SafeString:
    solos = [(nombre,) for nombre, valor in atributos.items() if valor is True]
    con_valor = [(n, str(valor)) for n, valor in atributos.items() if valor is not True and valor is not False]
    return format_html_join("", ' {}="{}"', con_valor) + format_html_join("", " {}", solos)


class OpcionesConAyuda(forms.RadioSelect):
    """Radio buttons where each option may carry a line that explains it.

    `ayudas` maps the option's value, as text, to its explanation.
    """

    option_template_name = "django/forms/widgets/opcion_con_ayuda.html"

    def __init__(self, *args: Any, ayudas: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ayudas = dict(ayudas or {})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        opcion = super().create_option(name, value, *args, **kwargs)
        opcion["ayuda"] = self.ayudas.get(str(value), "")
        if opcion["ayuda"] and opcion["attrs"].get("id"):
            opcion["attrs"]["aria-describedby"] = f"{opcion['attrs']['id']}_ayuda"
        return opcion


class EntradaFecha(forms.DateInput):
    """The browser's own date control, with the value it demands (ISO)."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class EntradaFechaHora(forms.DateTimeInput):
    """The browser's own date and time control."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


# What Django says by itself, said the way of interface.md §5.7: how to mend it. (class of field, code) → text.
MENSAJES: dict[tuple[type[forms.Field], str], str] = {
    (forms.Field, "required"): "Complete este dato",
    (forms.IntegerField, "invalid"): "Escriba un número entero, por ejemplo 12",
    (forms.DecimalField, "invalid"): "Escriba un número, por ejemplo 12,5",
    (forms.DateField, "invalid"): "Escriba la fecha con día, mes y año, por ejemplo 23/11/2026",
    (forms.DateTimeField, "invalid"): "Escriba la fecha y la hora, por ejemplo 23/11/2026 10:42",
    (forms.TimeField, "invalid"): "Escriba la hora, por ejemplo 14:30",
    (forms.ChoiceField, "invalid_choice"): "Elija una opción de la lista",
    (forms.ModelChoiceField, "invalid_choice"): "Elija una opción de la lista",
    (forms.MultipleChoiceField, "invalid_choice"): "Elija opciones de la lista",
    (forms.ModelMultipleChoiceField, "invalid_choice"): "Elija opciones de la lista",
    (forms.FileField, "invalid"): "El archivo no llegó. Elíjalo de nuevo",
    (forms.FileField, "missing"): "El archivo no llegó. Elíjalo de nuevo",
    (forms.FileField, "empty"): "El archivo está vacío. Elija otro",
}
CORREO = "Escriba el correo con @, por ejemplo nombre@entidad.gov.co"
MINIMO = "Escriba %(limit_value)s o más"
MAXIMO = "Escriba %(limit_value)s o menos"
SITIO = "Escriba la dirección completa, por ejemplo https://entidad.gov.co"


def hablar_claro() -> None:
    """Give Django's own errors our words, once, at start. A field with its own `error_messages` keeps them."""
    validators.MinValueValidator.message = MINIMO
    validators.MaxValueValidator.message = MAXIMO
    for (clase, codigo), texto in MENSAJES.items():
        clase.default_error_messages = {**clase.default_error_messages, codigo: texto}
    validators.EmailValidator.message = CORREO
    validators.validate_email.message = CORREO
    validators.URLValidator.message = SITIO


def mensaje_con_nombre(campo: BoundField, error: ValidationError) -> str:
    """The error as the summary says it: a general one is told with the name of its field."""
    texto = " ".join(error.messages)
    if texto not in set(MENSAJES.values()) or not campo.label:
        return texto
    return f"{str(campo.label).rstrip('?').lstrip('¿')}: {texto[0].lower()}{texto[1:]}"
