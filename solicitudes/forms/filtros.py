"""Filters of the lists of those who attend. They live in the address: the URL is the view."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from direcciones.models import Dependencia, Entidad, Modalidad, Persona, Sector, Tema
from solicitudes.estados import EstadoParte
from solicitudes.forms.atencion import DiaInput
from solicitudes.models import Actuacion, Parte, Solicitud


class Filtros(forms.Form):
    """GET form. A value nobody offered is ignored, so an old address still opens."""

    buscar = forms.CharField(
        label="Buscar",
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Radicado, SIGA o texto", "data-atajo": "buscar"}
        ),
    )
    entidad = forms.ModelChoiceField(
        label="Entidad", required=False, queryset=Entidad.objects.none(), empty_label="Todas"
    )
    modalidad = forms.ModelChoiceField(
        label="Modalidad", required=False, queryset=Modalidad.objects.none(), empty_label="Todas"
    )
    tema = forms.ModelChoiceField(label="Tema", required=False, queryset=Tema.objects.none(), empty_label="Todos")

    CAMPOS = {"entidad": "entidad", "modalidad": "modalidad", "tema": "tema"}

    def __init__(self, datos: Any, *, dependencias: list[Dependencia], **kwargs: Any) -> None:
        # Names of their own in the page: beside them another form may ask for an asesor too.
        super().__init__(datos, auto_id="filtro_%s", **kwargs)
        self.fields["entidad"].queryset = Entidad.objects.order_by("nombre")
        self.fields["modalidad"].queryset = Modalidad.objects.order_by("orden", "nombre")
        self.fields["tema"].queryset = Tema.objects.filter(dependencia__in=dependencias).order_by("nombre")
        self.is_valid()

    @property
    def valores(self) -> dict[str, Any]:
        """What is really filtered by: the fields that were understood and are not empty."""
        return {campo: valor for campo, valor in self.cleaned_data.items() if valor not in (None, "")}

    def aplicar(self, consulta: QuerySet[Parte]) -> QuerySet[Parte]:
        valores = self.valores
        for campo, columna in self.CAMPOS.items():
            if campo in valores:
                consulta = consulta.filter(**{columna: valores[campo]})
        return buscar(consulta, valores["buscar"]) if "buscar" in valores else consulta


def buscar(consulta: QuerySet[Parte], texto: str) -> QuerySet[Parte]:
    """By radicado (whole or its last digits), SIGA number, words of the subject or name of the entidad."""
    palabra = texto.strip()
    condicion = Q(solicitud__asunto__icontains=palabra) | Q(solicitud__necesidad__icontains=palabra)
    condicion |= Q(entidad__nombre__icontains=palabra) | Q(entidad__sigla__iexact=palabra)
    condicion |= Q(solicitud__siga_entrada__iexact=palabra) | Q(solicitud__siga_salida__iexact=palabra)
    if any(letra.isdigit() for letra in palabra):
        condicion |= Q(solicitud__radicado__iendswith=palabra)
    return consulta.filter(condicion)


class FiltrosRegistro(Filtros):
    """The register's: everything one may want to count."""

    dependencia = forms.ModelChoiceField(
        label="Dependencia",
        required=False,
        queryset=Dependencia.objects.none(),
        to_field_name="codigo",
        empty_label="Todas",
    )
    sector = forms.ModelChoiceField(
        label="Sector", required=False, queryset=Sector.objects.none(), empty_label="Todos"
    )
    estado = forms.ChoiceField(
        label="Estado",
        required=False,
        choices=[("", "Todos"), ("abierta", "Todas las abiertas"), *EstadoParte.choices],
    )
    cumplimiento = forms.ChoiceField(
        label="Cumplimiento",
        required=False,
        choices=[("", "Todos"), ("a_tiempo", "Entregadas a tiempo"), ("tarde", "Entregadas tarde"),
                 ("vencida", "Abiertas y vencidas")],
    )  # fmt: skip
    canal = forms.ChoiceField(label="Canal", required=False, choices=[("", "Todos"), *Solicitud.Canal.choices])
    medio = forms.ChoiceField(label="Medio", required=False, choices=[("", "Todos"), *Actuacion.Medio.choices])
    asesor = forms.ModelChoiceField(
        label="Asesor", required=False, queryset=Persona.objects.none(), empty_label="Todos"
    )
    desde = forms.DateField(label="Recibidas desde", required=False, widget=DiaInput)
    hasta = forms.DateField(label="Recibidas hasta", required=False, widget=DiaInput)

    field_order = ["buscar", "dependencia", "sector", "entidad", "tema", "modalidad", "estado", "cumplimiento",
                   "asesor", "canal", "medio", "desde", "hasta"]  # fmt: skip
    CAMPOS = Filtros.CAMPOS | {
        "dependencia": "dependencia",
        "sector": "entidad__sector",
        "canal": "solicitud__canal",
        "asesor": "asesor",
        "desde": "recibido_en__date__gte",
        "hasta": "recibido_en__date__lte",
    }

    def __init__(self, datos: Any, *, dependencias: list[Dependencia], asesores: list[Persona], **kwargs: Any) -> None:
        super().__init__(datos, dependencias=dependencias, **kwargs)
        # The options are already read: no query to draw them.
        self.fields["dependencia"].queryset = Dependencia.objects.filter(pk__in=[d.pk for d in dependencias])
        self.fields["dependencia"].choices = [("", "Todas"), *((d.codigo, str(d)) for d in dependencias)]
        self.fields["sector"].queryset = Sector.objects.order_by("nombre")
        self.fields["asesor"].queryset = Persona.objects.filter(pk__in=[a.pk for a in asesores])
        self.fields["asesor"].choices = [("", "Todos"), *((a.pk, a.nombre) for a in asesores)]
        self.full_clean()

    def aplicar(self, consulta: QuerySet[Parte]) -> QuerySet[Parte]:
        consulta, valores = super().aplicar(consulta), self.valores
        if "estado" in valores:
            abierta = valores["estado"] == "abierta"
            consulta = consulta.abiertas() if abierta else consulta.filter(estado=valores["estado"])
        if "cumplimiento" in valores:
            consulta = consulta.por_cumplimiento(valores["cumplimiento"])
        if "medio" in valores:
            con_medio = Actuacion.objects.filter(medio=valores["medio"]).exclude(estado="cancelada")
            consulta = consulta.filter(pk__in=con_medio.values("parte"))
        return consulta
