"""The five questions (R32, R36, R98), and the filters of their results."""

from typing import Any

from django import forms

from alcance import Alcance
from direcciones.models import Dependencia, Entidad, Sector
from encuestas.consultas import Lapso, entre, escoger, partir
from encuestas.llevadas import Cuales
from encuestas.models import Encuesta, Escala
from plazos.reloj import hoy
from solicitudes.forms.atencion import DiaInput
from solicitudes.forms.filtros import DIAS_POSIBLES, nombrada, ofrecidas


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

    The board links here. A survey is about the whole of a solicitud and counts where the parte that leads it is.
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
    dependencia = forms.ChoiceField(label="Dependencia que lidera", required=False)
    direccion = forms.ChoiceField(label="Dirección, con sus subdirecciones", required=False)
    desde = forms.DateField(label="Enviadas desde", required=False, widget=DiaInput, validators=DIAS_POSIBLES)
    hasta = forms.DateField(label="Enviadas hasta", required=False, widget=DiaInput, validators=DIAS_POSIBLES)
    reservada = forms.ChoiceField(required=False, choices=[("", ""), ("no", "no")], widget=forms.HiddenInput)

    def __init__(self, datos: Any, *, dependencias: list[Dependencia], **kwargs: Any) -> None:
        super().__init__(datos, auto_id="filtro_%s", **kwargs)
        self.dependencias = dependencias
        se_ofrecen = ofrecidas(dependencias)
        padres = {d.padre.codigo: d.padre.nombre for d in se_ofrecen if d.padre}
        self.fields["dependencia"].choices = [("", "Todas"), *((d.codigo, nombrada(d)) for d in se_ofrecen)]
        self.fields["direccion"].choices = [("", "Todas"), *sorted(padres.items(), key=lambda par: par[1])]
        self.is_valid()

    @property
    def valores(self) -> dict[str, Any]:
        return {campo: valor for campo, valor in self.cleaned_data.items() if valor not in (None, "")}

    @property
    def hay(self) -> bool:
        return bool(self.valores.keys() - {"reservada"})

    def pedidas(self, alcance: Alcance) -> Cuales:
        """What is looked at, whenever: each where it is led. Reserved ones are for the heads of there and the
        auditor."""
        valores = self.valores
        lugar = [valores[campo] for campo in ("dependencia", "direccion") if campo in valores]
        elegidas = tuple(d.pk for d in self.dependencias if all(c in _codigos(d) for c in lugar))
        todas = alcance.nivel in {"auditor", "sistema"}
        return Cuales(
            dependencias=elegidas if lugar or not alcance.nivel else None,
            reservadas=() if "reservada" in valores else None if todas else tuple(alcance.jefaturas),
            entidad=valores["entidad"].pk if "entidad" in valores else None,
            sector=valores["sector"].pk if "sector" in valores else None,
        )

    def lapsos(self) -> tuple[list[Lapso], list[Lapso]]:
        """The days asked for: whole months, and those that are not."""
        hasta = self.valores.get("hasta")
        return partir(self.valores.get("desde"), None if hasta is None or hasta >= hoy() else hasta)

    def aplicar(self, encuestas: Any, alcance: Alcance) -> Any:
        encuestas = entre(
            escoger(encuestas, self.pedidas(alcance)), self.valores.get("desde"), self.valores.get("hasta")
        )
        return encuestas.respondidas() if "cuales" in self.valores else encuestas


def _codigos(dependencia: Dependencia) -> set[str]:
    return {dependencia.codigo, dependencia.padre.codigo if dependencia.padre else ""}
