"""What a decision asks before: each form begins with what was read in the message."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from buzones.criterio.preguntas import DE_CADA_FORMULARIO, NECESIDAD, TEMA
from buzones.forms.propuestas import ProponerForm
from buzones.models import Correo
from buzones.services.actos import solicitud_para_agregar
from buzones.services.propuestas import Propuestas
from direcciones.models import Entidad, Modalidad, Tema
from plazos.reloj import hoy
from solicitudes.eleccion import modalidades_para_pedir, temas_para_pedir

OTROS_TEMAS = 2  # besides the one that leads: a mail to three direcciones has three


class DecisionForm(forms.Form):
    """`version`: what the page showed. `siguiente`: the message of the tray that follows, when it comes from there."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    siguiente = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    boton = "Guardar"
    titulo = ""
    se_hace_sola = False  # as it was proposed, without asking anything

    def __init__(self, *args: Any, correo: Correo, propuestas: Propuestas, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.correo, self.propuestas = correo, propuestas
        self.preparar()

    @classmethod
    def trae_algo(cls, datos: Mapping[str, Any]) -> bool:
        """Whether the form is to be looked at: what was sent has a field of it, and not only what any button sends, or
        without it nobody knows what to do."""
        propios = [campo for campo in cls.base_fields if campo not in DecisionForm.base_fields]
        return not cls.se_hace_sola or any(campo in datos for campo in propios)

    def preparar(self) -> None:
        """Fill in what was read."""

    def datos(self) -> dict[str, Any]:
        """What the service takes."""
        return {}


class RadicarForm(DecisionForm):
    titulo, boton = "Radicar como solicitud", "Radicar solicitud"
    se_hace_sola = True

    entidad = forms.ModelChoiceField(
        Entidad.objects.none(),
        label="Entidad que pide la asistencia",
        empty_label="Elija la entidad",
        error_messages={"required": "Elija la entidad que pide la asistencia."},
    )
    tema = forms.ChoiceField(
        label="Tema", help_text="Decide qué dependencia la atiende.", error_messages={"required": "Elija el tema."}
    )
    otro_1 = forms.ChoiceField(label="Otro tema, si pide algo más", required=False)
    otro_2 = forms.ChoiceField(label="Un tercer tema", required=False)
    modalidad = forms.ModelChoiceField(
        Modalidad.objects.none(), label="Modalidad", required=False, empty_label="La normal de ese tema"
    )

    def preparar(self) -> None:
        self.fields["entidad"].queryset = Entidad.objects.vigentes(hoy()).order_by("nombre")  # type: ignore[attr-defined]
        self.fields["modalidad"].queryset = modalidades_para_pedir()  # type: ignore[attr-defined]
        opciones = _por_dependencia(temas_para_pedir())
        propuestos = [*self.propuestas.temas, *[""] * (OTROS_TEMAS + 1)]
        for nombre, vacia, propuesto in zip(
            ("tema", "otro_1", "otro_2"), ("Elija el tema", "Ninguno", "Ninguno"), propuestos, strict=False
        ):
            self.fields[nombre].choices = [("", vacia), *opciones]  # type: ignore[attr-defined]
            self.fields[nombre].initial = propuesto
        self.fields["entidad"].initial = self.propuestas.entidad
        self.fields["modalidad"].initial = self.propuestas.modalidad

    def datos(self) -> dict[str, Any]:
        elegidos = (self.cleaned_data[nombre] for nombre in ("tema", "otro_1", "otro_2"))
        modalidad = self.cleaned_data["modalidad"]
        return {
            "entidad_id": self.cleaned_data["entidad"].pk,
            "temas": list(dict.fromkeys(int(tema) for tema in elegidos if tema)),
            "modalidad_id": modalidad.pk if modalidad else None,
        }


def _por_dependencia(temas: Sequence[Tema]) -> list[tuple[str, list[tuple[str, str]]]]:
    grupos: dict[str, list[tuple[str, str]]] = {}
    for tema in temas:
        grupos.setdefault(tema.dependencia.nombre, []).append((str(tema.pk), tema.nombre))
    return sorted(grupos.items())


class AgregarForm(DecisionForm):
    """As a message of who wrote it, with its files."""

    titulo, boton = "Agregar a una solicitud", "Agregar a la solicitud"
    se_hace_sola = True

    radicado = forms.CharField(
        label="Radicado de la solicitud",
        max_length=20,
        help_text="Por ejemplo AT-2026-000123.",
        error_messages={"required": "Escriba el radicado."},
    )
    complementa = forms.BooleanField(label="Trae lo que se le pidió a la entidad: el plazo sigue", required=False)

    def preparar(self) -> None:
        self.fields["radicado"].initial = self.propuestas.radicado

    def clean_radicado(self) -> str:
        radicado = str(self.cleaned_data["radicado"]).strip().upper()
        hallada = solicitud_para_agregar(radicado)
        if hallada is None:
            raise forms.ValidationError(f"No encontramos {radicado}. Escríbalo completo, por ejemplo AT-2026-000123.")
        self.solicitud = hallada
        return radicado

    def datos(self) -> dict[str, Any]:
        return {"solicitud_id": self.solicitud.pk, "complementa": self.cleaned_data["complementa"]}


class NotaForm(AgregarForm):
    titulo, boton = "Dejar como nota interna", "Guardar nota interna"
    se_hace_sola = False

    complementa = None  # type: ignore[assignment]

    def datos(self) -> dict[str, Any]:
        return {"solicitud_id": self.solicitud.pk}


class PreguntarForm(DecisionForm):
    titulo, boton = "Preguntar lo que falta", "Enviar la pregunta"

    faltan = forms.MultipleChoiceField(
        label="¿Qué le falta?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Se le escribe a quien envió el correo. Su turno no cambia: cuenta desde que llegó.",
    )
    otra = forms.CharField(label="Otra cosa que falta", max_length=300, required=False)

    def preparar(self) -> None:
        suyas = DE_CADA_FORMULARIO.get(self.propuestas.formulario, {}).values()
        self.fields["faltan"].choices = [(frase, frase) for frase in (NECESIDAD, TEMA, *suyas)]  # type: ignore[attr-defined]
        self.fields["faltan"].se_pide_despues = True  # type: ignore[attr-defined]  # that, or «otra»
        self.fields["faltan"].initial = [NECESIDAD] if self.propuestas.temas else [NECESIDAD, TEMA]

    def clean(self) -> dict[str, Any]:
        datos: dict[str, Any] = super().clean() or {}
        if not self.errors and not (datos.get("faltan") or datos.get("otra")):
            self.add_error("faltan", "Elija o escriba qué falta.")
        return datos

    def datos(self) -> dict[str, Any]:
        otra = self.cleaned_data["otra"].strip()
        return {"faltan": [*self.cleaned_data["faltan"], *([otra] if otra else [])]}


class EnlaceForm(DecisionForm, ProponerForm):
    titulo, boton = "Proponer un enlace", "Pedir que la entidad lo confirme"

    def preparar(self) -> None:
        self.fields["entidad"].initial = self.propuestas.entidad
        for campo, valor in self.propuestas.enlace.items():
            self.fields[campo].initial = valor

    def datos(self) -> dict[str, Any]:
        return {"entidad_id": self.cleaned_data["entidad"].pk, "enlace": ProponerForm.datos(self)}


FORMAS: dict[str, type[DecisionForm]] = {
    "radicar": RadicarForm,
    "agregar": AgregarForm,
    "nota": NotaForm,
    "preguntar": PreguntarForm,
    "proponer_enlace": EnlaceForm,
}
