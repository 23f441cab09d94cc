"""What the steps of the wizard share: a form that reads and gives back the raw text of a draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from django import forms
from django.http import QueryDict
from django.utils import timezone

from direcciones.models import Entidad
from plazos.fechas import fecha_corrida, hora
from solicitudes.eleccion import Eleccion
from solicitudes.models import Borrador

Datos = Mapping[str, Any]


class FormaDePaso(forms.Form):
    """One step of a draft. Unbound it shows what is kept; bound to a POST it validates what was typed.

    The names of its fields are the keys of `Borrador.datos`; it never reads a name of the POST that is not a field.
    """

    paso: ClassVar[str]
    multiples: ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self, datos: QueryDict | None = None, *, borrador: Borrador, eleccion: Eleccion, **kwargs: Any
    ) -> None:
        self.borrador, self.eleccion = borrador, eleccion
        super().__init__(datos, initial=self.iniciales(), **kwargs)
        self.crudos = a_querydict(borrador.datos) if datos is None else datos
        self.preparar(self.crudos)

    def iniciales(self) -> dict[str, Any]:
        """What an unbound form shows: the draft, over what the portal already knows."""
        return {**self.conocidos(), **self.borrador.datos}

    def conocidos(self) -> dict[str, Any]:
        """Values the portal knows and does not ask twice (WCAG 3.3.7)."""
        return {}

    def preparar(self, datos: QueryDict) -> None:
        """Adapt the fields to what was chosen before."""

    def para_validar(self) -> QueryDict:
        """What is kept (the form is unbound), to be judged as if it had just been sent."""
        return self.crudos

    def ligada(self) -> Self:
        """This same form, until now unbound, with what is kept as if it had just been sent."""
        self.data, self.is_bound = self.para_validar(), True
        return self

    def cuenta(self, nombre: str) -> bool:
        """Whether that field says something, with what was chosen in the others."""
        return True

    @property
    def entidad(self) -> Entidad:
        return self.borrador.entidad

    def crudo(self, enviado: QueryDict) -> dict[str, str | list[str]]:
        """What was typed in this step, as it came. An unchecked box is empty, not absent."""
        return {
            nombre: enviado.getlist(nombre) if nombre in self.multiples else enviado.get(nombre, "")
            for nombre, campo in self.fields.items()
            if not isinstance(campo, forms.FileField)
        }

    def valores_de(self, guardados: Datos) -> list[dict[str, str]]:
        """Label and kept value of some fields: what the other window saved, for a person to compare."""
        return [
            {"nombre": str(self.fields[nombre].label or nombre), "valor": self._en_palabras(nombre, valor)}
            for nombre, valor in guardados.items()
            if nombre in self.fields
        ]

    def _en_palabras(self, nombre: str, valor: Any) -> str:
        campo = self.fields[nombre]
        if isinstance(campo, forms.BooleanField):
            return "Sí" if valor not in ("", "False", None, False) else "No"
        if isinstance(campo, forms.DateTimeField | forms.DateField):
            return _fecha_en_palabras(campo, valor)
        opciones = {str(clave): str(texto) for clave, texto in _opciones(self.fields[nombre])}
        valores = valor if isinstance(valor, list) else [valor or ""]
        return ", ".join(opciones.get(str(uno), str(uno)) for uno in valores) or "vacío"


def _fecha_en_palabras(campo: forms.Field, valor: Any) -> str:
    try:
        fecha = campo.to_python(valor)
    except forms.ValidationError:
        return str(valor)
    if isinstance(fecha, datetime):
        local = timezone.localtime(fecha)
        return f"{fecha_corrida(local.date())}, {hora(local)}"
    return fecha_corrida(fecha) if fecha else "vacío"


def _opciones(campo: forms.Field) -> list[tuple[Any, Any]]:
    planas: list[tuple[Any, Any]] = []
    for clave, texto in getattr(campo, "choices", ()):
        planas += list(texto) if isinstance(texto, list | tuple) else [(clave, texto)]
    return planas


def a_querydict(datos: Datos) -> QueryDict:
    """The raw text of a draft as if it had just been sent, to validate it again before filing."""
    consulta = QueryDict(mutable=True)
    for nombre, valor in datos.items():
        if isinstance(valor, list):
            consulta.setlist(nombre, [str(uno) for uno in valor])
        elif valor not in (None, ""):
            consulta[nombre] = str(valor)
    return consulta
