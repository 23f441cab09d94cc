"""The five questions (R32, R36, R98), and the filters of their results."""

from datetime import timedelta
from typing import Any

from django import forms

from direcciones.models import Dependencia, Entidad, Sector
from encuestas.models import Encuesta, Escala
from plazos.reloj import comienzo
from solicitudes.forms.atencion import DiaInput
from solicitudes.forms.filtros import DIAS_POSIBLES
from solicitudes.models import Parte


def _escala(etiqueta: str, ayuda: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=etiqueta,
        help_text=ayuda,
        choices=[(str(e.value), e.label) for e in Escala],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": f"Elija una opción en «{etiqueta}»."},
    )


class RespuestaForm(forms.Form):
    oportunidad = _escala("Oportunidad", "¿Llegó la respuesta cuando la necesitaba?")
    pertinencia = _escala("Pertinencia", "¿Respondió con claridad lo que preguntó?")
    calidad = _escala("Calidad", "¿Cómo califica el contenido y el trato?")
    resolvio = forms.ChoiceField(
        label="¿Resolvió su necesidad?",
        choices=Encuesta.Resolvio.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Elija si resolvió su necesidad."},
    )
    aplicara = forms.ChoiceField(
        label="¿Puede aplicar en su trabajo lo que recibió?",
        choices=Encuesta.Resolvio.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Elija si puede aplicarlo."},
    )
    mejoraria = forms.CharField(
        label="¿Qué mejoraría?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class FiltrosEncuestas(forms.Form):
    """Filters of the results, by GET. A value nobody offered is ignored, so an old address still opens.

    The board links here: with `lidera` a survey counts where the parte that leads its solicitud is.
    """

    cuales = forms.ChoiceField(
        label="Cuáles", required=False, choices=[("", "Todas las enviadas"), ("contestadas", "Contestadas")]
    )
    entidad = forms.ModelChoiceField(
        label="Entidad", required=False, queryset=Entidad.objects.order_by("nombre"), empty_label="Todas"
    )
    sector = forms.ModelChoiceField(
        label="Sector", required=False, queryset=Sector.objects.order_by("nombre"), empty_label="Todos"
    )
    dependencia = forms.ChoiceField(label="Dependencia que responde", required=False)
    direccion = forms.ChoiceField(label="Dirección, con sus subdirecciones", required=False)
    desde = forms.DateField(label="Enviadas desde", required=False, widget=DiaInput, validators=DIAS_POSIBLES)
    hasta = forms.DateField(label="Enviadas hasta", required=False, widget=DiaInput, validators=DIAS_POSIBLES)
    reservada = forms.ChoiceField(required=False, choices=[("", ""), ("no", "no")], widget=forms.HiddenInput)
    lidera = forms.ChoiceField(required=False, choices=[("", ""), ("si", "si")], widget=forms.HiddenInput)

    def __init__(self, datos: Any, *, dependencias: list[Dependencia], **kwargs: Any) -> None:
        super().__init__(datos, auto_id="filtro_%s", **kwargs)
        self.dependencias = dependencias
        padres = {d.padre.codigo: d.padre.nombre for d in dependencias if d.padre}
        self.fields["dependencia"].choices = [("", "Todas"), *((d.codigo, d.nombre) for d in dependencias)]
        self.fields["direccion"].choices = [("", "Todas"), *sorted(padres.items(), key=lambda par: par[1])]
        self.is_valid()

    @property
    def valores(self) -> dict[str, Any]:
        return {campo: valor for campo, valor in self.cleaned_data.items() if valor not in (None, "")}

    @property
    def hay(self) -> bool:
        return any(campo not in {"reservada", "lidera"} for campo in self.valores)

    def aplicar(self, encuestas: Any, *, todas: bool) -> Any:
        """`todas`: the person reaches every dependencia, whether or not it is in force."""
        valores = self.valores
        if valores.get("cuales"):
            encuestas = encuestas.respondidas()
        if "entidad" in valores:
            encuestas = encuestas.filter(entidad=valores["entidad"])
        if "sector" in valores:
            encuestas = encuestas.filter(entidad__sector=valores["sector"])
        if "desde" in valores:
            encuestas = encuestas.filter(creada_en__gte=comienzo(valores["desde"]))
        if "hasta" in valores:
            encuestas = encuestas.filter(creada_en__lt=comienzo(valores["hasta"] + timedelta(days=1)))
        return self._por_lugar(encuestas, valores, todas)

    def _por_lugar(self, encuestas: Any, valores: dict[str, Any], todas: bool) -> Any:
        lugar = [valores[campo] for campo in ("dependencia", "direccion") if campo in valores]
        if not lugar and "lidera" not in valores and "reservada" not in valores:
            return encuestas
        lideres = Parte.objects.filter(lidera=True)
        if lugar or not todas:
            elegidas = [d.pk for d in self.dependencias if all(c in _codigos(d) for c in lugar)]
            lideres = lideres.filter(dependencia__in=elegidas)
        if "reservada" in valores:
            lideres = lideres.filter(reservada=False)
        return encuestas.filter(solicitud__in=lideres.values("solicitud"))


def _codigos(dependencia: Dependencia) -> set[str]:
    return {dependencia.codigo, dependencia.padre.codigo if dependencia.padre else ""}
