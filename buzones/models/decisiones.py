"""What was decided of each message, by the rules or by a person. Written once."""

from typing import Self

from django.db import models
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from buzones.estados import Clase
from buzones.models.correos import Correo
from direcciones.models import Persona


class ConsultaDecision(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Work of the SDFI: whoever sees the message, but nobody of an entity."""
        return self.none() if alcance.entidad_id else self.filter(correo__in=Correo.objects.visibles_para(alcance))


class Decision(ModeloInquilino):
    """`antes` is what the rules guessed and `acertada` whether the person agreed: from them the classifier learns."""

    correo = models.ForeignKey(Correo, models.PROTECT, related_name="decisiones")
    clase = models.CharField(max_length=20, choices=Clase)
    antes = models.CharField(max_length=20, choices=Clase, blank=True)
    datos = models.JSONField(default=dict, blank=True)
    persona = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")
    motivo = models.CharField(max_length=300, blank=True)
    acertada = models.BooleanField(null=True, blank=True)
    en = models.DateTimeField(default=timezone.now)

    objects = gestor(ConsultaDecision)

    class Meta:
        ordering = ["correo", "en", "id"]
        verbose_name = "decisión sobre un correo"
        verbose_name_plural = "decisiones sobre correos"
