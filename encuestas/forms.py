"""The five questions (R32, R36, R98), and the filters of their results."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import OuterRef, Q, Subquery

from alcance import Alcance
from direcciones.models import Dependencia, Entidad, Sector
from encuestas.llevadas import Cuales
from encuestas.models import Encuesta, Escala
from plazos.fechas import mas_meses
from plazos.reloj import comienzo, hoy
from solicitudes.forms.atencion import DiaInput
from solicitudes.forms.filtros import DIAS_POSIBLES
from solicitudes.models import Parte

Lapso = tuple[date | None, date | None]


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
        padres = {d.padre.codigo: d.padre.nombre for d in dependencias if d.padre}
        self.fields["dependencia"].choices = [("", "Todas"), *((d.codigo, d.nombre) for d in dependencias)]
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


def partir(desde: date | None, hasta: date | None) -> tuple[list[Lapso], list[Lapso]]:
    """(whole months, loose days) that make from `desde` to `hasta`; None is without end."""
    if desde and hasta and desde > hasta:
        return [], []
    primero = desde and (desde if desde.day == 1 else mas_meses(desde, 1))
    ultimo = hasta and mas_meses(hasta, 1) - timedelta(days=1)
    if ultimo and ultimo != hasta:
        ultimo = mas_meses(ultimo, 0) - timedelta(days=1)
    if primero and ultimo and primero > ultimo:
        return [], [(desde, hasta)]
    sueltos: list[Lapso] = [(desde, primero - timedelta(days=1))] if primero and primero != desde else []
    return [(primero, ultimo)], sueltos + ([(ultimo + timedelta(days=1), hasta)] if ultimo and ultimo != hasta else [])


def entre(encuestas: Any, desde: date | None, hasta: date | None) -> Any:
    """Those sent on these days, both included. Nobody answers one before it is sent: an index ends there."""
    if desde:
        encuestas = encuestas.filter(creada_en__gte=comienzo(desde))
    if hasta:
        encuestas = encuestas.filter(creada_en__lt=comienzo(hasta + timedelta(days=1)))
    return encuestas


def escoger(encuestas: Any, cuales: Cuales) -> Any:
    """The rows that make the sums of `cuales`, whenever. What is asked of other tables is a value of each row and not
    something to join: the last ones are found walking their index, whatever is asked."""
    if cuales.entidad is not None:
        encuestas = encuestas.filter(entidad=cuales.entidad)
    if cuales.sector is not None:
        suyo = Entidad.objects.filter(pk=OuterRef("entidad")).values("sector")[:1]
        encuestas = encuestas.alias(de_sector=Subquery(suyo)).filter(de_sector=cuales.sector)
    lideres = Parte.objects.filter(solicitud=OuterRef("solicitud"), lidera=True)
    if cuales.dependencias is not None:
        lideres = lideres.filter(dependencia__in=cuales.dependencias)
    if cuales.reservadas is not None:
        lideres = lideres.filter(Q(reservada=False) | Q(dependencia__in=cuales.reservadas))
    return encuestas.alias(lider=Subquery(lideres.values("pk")[:1])).filter(lider__isnull=False)


def _codigos(dependencia: Dependencia) -> set[str]:
    return {dependencia.codigo, dependencia.padre.codigo if dependencia.padre else ""}
