"""Who will be away, until when and who covers them. The cause is not asked: a medical leave is health data."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from alcance import Alcance
from direcciones.ausencias import pueden_cubrir_a
from direcciones.models import Dependencia, Membresia, Persona
from direcciones.roles import DE_DEPENDENCIA, Rol
from plazos.reloj import hoy
from solicitudes.forms.atencion import DiaInput


def del_equipo(alcance: Alcance) -> QuerySet[Persona]:
    """Whose absence this person registers: the administrador, anybody's; a head, that of their people."""
    suyas = Membresia.objects.activas().filter(rol__in=sorted(DE_DEPENDENCIA))
    if alcance.rol != Rol.ADMINISTRADOR:
        suyas = suyas.filter(Q(dependencia__in=alcance.jefaturas) | Q(persona=alcance.persona_id))
    return Persona.objects.filter(pk__in=suyas.order_by().values("persona")).order_by("nombre")


def pueden_cubrir(alcance: Alcance, *, propia: bool) -> QuerySet[Persona]:
    """Whoever serves for who asks; for somebody not chosen yet, who works in the same places or above them: the
    service looks whether they serve for that person."""
    if propia:
        return Persona.objects.filter(pk__in=pueden_cubrir_a(alcance.persona_id or 0)).order_by("nombre")
    gente = Membresia.objects.activas().filter(rol__in=sorted(DE_DEPENDENCIA))
    if alcance.rol != Rol.ADMINISTRADOR:
        suyas = Dependencia.objects.filter(pk__in=alcance.dependencias)
        gente = gente.filter(Q(dependencia__in=alcance.dependencias) | Q(dependencia__in=suyas.values("padre")))
    return Persona.objects.filter(pk__in=gente.order_by().values("persona")).order_by("nombre")


class AusenciaForm(forms.Form):
    persona = forms.ModelChoiceField(label="Quién", queryset=Persona.objects.none(), empty_label="Elija a la persona")
    desde = forms.DateField(label="Primer día", widget=DiaInput)
    hasta = forms.DateField(label="Último día", widget=DiaInput)
    suplente = forms.ModelChoiceField(
        label="Quién la cubre",
        queryset=Persona.objects.none(),
        required=False,
        empty_label="Nadie: responde la jefatura",
        help_text="Recibe lo nuevo y los avisos, y puede actuar en lo que la persona tiene a su cargo.",
    )
    acto = forms.CharField(
        label="Acto del encargo",
        max_length=200,
        required=False,
        help_text="Solo si dirige la dependencia: número y fecha del acto. Con él, quien la cubre puede firmar.",
    )

    def __init__(self, *args: Any, alcance: Alcance, propia: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["desde"].initial = hoy
        self.fields["suplente"].queryset = pueden_cubrir(alcance, propia=propia)
        if propia:
            del self.fields["persona"]
            self.fields["suplente"].label = "Quién responde por lo suyo"
            self.fields["suplente"].help_text = "Recibe lo nuevo y los avisos, y puede actuar en lo que usted tiene."
            if not alcance.jefaturas:
                del self.fields["acto"]
        else:
            self.fields["persona"].queryset = del_equipo(alcance)
